"""What the web process works with, built once and handed to every part."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Self

import httpx

from privacy import Secrets
from service.accounts.building import AccountServices
from service.calls.calls import Calls
from service.calls.parts import CallParts
from service.calls.processes import VoiceProcesses
from service.catalogue.importing import Importer
from service.consenting import Consenting
from service.corrections import Corrections
from service.drain import Drain
from service.ears import Ears
from service.exchange import Exchange
from service.hub import Hub
from service.intake import Intake
from service.learning import Learner
from service.limits import RateLimiter
from service.metrics import Metrics, Spans, open_spans
from service.notices import NoticeBoard
from service.notify import Away, Notifier, Outbox, Senders
from service.outgoing import tls
from service.pictures import Pictures
from service.rasa import RasaClient
from service.rights import Keeper, Rights
from service.second_voice import SecondVoice
from service.settings import Settings
from service.sign_outs import SignOuts
from service.speaking import Speaker
from service.statistics import PrivateStatistics
from service.steps import Steps
from service.telephone import Telephone
from service.turns import Turns
from service.verdicts import Verdicts
from service.visits import Visits
from speech import Diarizer
from store import Database, Lessons, MediaStore, Retention, StoreError, TrackerFile

log = logging.getLogger(__name__)
# Clips expire within minutes; looking every half minute keeps that promise without effort.
_PURGE_EVERY_S = 30.0


@dataclass
class Services:
    """The parts of the web process. `build` makes them, `open` starts them, `close` stops them."""

    settings: Settings
    secrets: Secrets
    db: Database
    media: MediaStore
    hub: Hub
    sign_outs: SignOuts
    notices: NoticeBoard
    rasa: RasaClient
    actions: httpx.AsyncClient
    drain: Drain
    intake: Intake
    second_voice: SecondVoice
    corrections: Corrections
    turns: Turns
    verdicts: Verdicts
    statistics: PrivateStatistics
    steps: Steps
    pictures: Pictures
    consenting: Consenting
    ears: Ears
    speaker: Speaker
    message_limit: RateLimiter
    address_limit: RateLimiter
    conversation_limit: RateLimiter
    steps_limit: RateLimiter
    rights_limit: RateLimiter
    program_limit: RateLimiter
    search_limit: RateLimiter
    importer: Importer
    visits: Visits
    learner: Learner
    notifier: Notifier
    outbox: Outbox
    away: Away
    rights: Rights
    keeper: Keeper
    accounts: AccountServices
    calls: Calls
    telephone: Telephone
    metrics: Metrics
    spans: Spans
    _purging: asyncio.Task[None] | None = None

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        rasa_transport: httpx.AsyncBaseTransport | None = None,
        actions_transport: httpx.AsyncBaseTransport | None = None,
        ears: Ears | None = None,
        second_voice: SecondVoice | None = None,
    ) -> Self:
        """Wire the parts together. The transports and the ears are the edges that tests replace."""
        keyring = settings.keyring()
        secrets = Secrets.load_or_create(settings.secrets_file)
        db = Database(settings, keyring)
        media = MediaStore(settings.media_dir, keyring, settings.media_ttl_s)
        hub = Hub()
        notices = NoticeBoard(hub)
        rasa = RasaClient(
            settings.rasa_url, secrets.rasa_token, timeout_s=settings.rasa_timeout_s, transport=rasa_transport
        )
        actions = httpx.AsyncClient(
            base_url=settings.actions_url,
            verify=tls(),
            timeout=1.5,
            transport=actions_transport,
            trust_env=False,
        )

        async def actions_are_up() -> bool:
            return await _answers(actions, "/health")

        tracker = TrackerFile(settings.tracker_db, keyring)
        metrics = Metrics()
        spans = open_spans(settings.otlp_endpoint, "attune-web")
        exchange = Exchange(
            db,
            media,
            rasa,
            hub,
            notices,
            settings,
            actions_are_up=actions_are_up,
            tracker=tracker,
            metrics=metrics,
            spans=spans,
        )
        drain = Drain(db, exchange, notices, settings)
        notifier = Notifier(settings.site)
        sign_outs = SignOuts()
        learner = Learner(settings, db, learn_at=settings.learn_at)
        rights = Rights(settings, db, media, hub, drain, sign_outs, learner.unlearn)
        pictures = Pictures(db, media)
        consenting = Consenting(db, pictures, hub, Lessons(settings.bot_examples, keyring), tracker)
        second_voice = second_voice or SecondVoice(Diarizer(settings.diarization))
        intake = Intake(db, media, hub, drain, max_chars=settings.max_message_chars, second_voice=second_voice)
        message_limit = RateLimiter(burst=settings.message_burst, per_s=settings.messages_per_s)
        call_parts = CallParts(
            db=db,
            hub=hub,
            intake=intake,
            pictures=pictures,
            sign_outs=sign_outs,
            message_limit=message_limit,
            metrics=metrics,
            spans=spans,
            hold_every_s=settings.hold_every_s,
            longest_s=settings.call_seconds,
        )
        calls = Calls(
            call_parts,
            VoiceProcesses(settings, secrets.voice_token),
            secrets,
            ice_servers=settings.ice_servers,
            calls_of_address=settings.calls_of_address,
        )
        return cls(
            settings=settings,
            secrets=secrets,
            db=db,
            media=media,
            hub=hub,
            sign_outs=sign_outs,
            notices=notices,
            rasa=rasa,
            actions=actions,
            drain=drain,
            intake=intake,
            second_voice=second_voice,
            corrections=Corrections(db, hub, drain, max_chars=settings.max_message_chars),
            turns=Turns(db, hub, notices),
            verdicts=Verdicts(db, hub),
            statistics=PrivateStatistics(
                db, month_may_cost=settings.statistics_budget, minimum=settings.statistics_min_group
            ),
            steps=Steps(db),
            pictures=pictures,
            consenting=consenting,
            ears=ears
            or Ears(
                workers=settings.transcriber_workers,
                queue=settings.transcriber_queue,
                max_seconds=settings.max_audio_seconds,
                max_bytes=settings.max_audio_bytes,
                setup=settings.speech,
            ),
            speaker=Speaker(settings.voice),
            message_limit=message_limit,
            address_limit=RateLimiter(burst=settings.address_burst, per_s=settings.requests_per_s),
            conversation_limit=RateLimiter(burst=settings.conversation_burst, per_s=settings.conversations_per_s),
            steps_limit=RateLimiter(burst=settings.steps_burst, per_s=settings.steps_per_s),
            rights_limit=RateLimiter(burst=6, per_s=1 / 300),
            program_limit=RateLimiter(burst=settings.program_burst, per_s=settings.programs_per_s),
            search_limit=RateLimiter(burst=settings.search_burst, per_s=settings.searches_per_s),
            importer=Importer(db),
            learner=learner,
            visits=Visits(
                db,
                limit=RateLimiter(burst=settings.events_burst, per_s=settings.events_per_s),
                most_in_an_hour=settings.visit_events,
            ),
            notifier=notifier,
            outbox=Outbox(db, notifier, Senders.of(settings, secrets, db), hub),
            away=Away(db, hub, notifier),
            accounts=AccountServices.build(settings, db, keyring, notifier, sign_outs, consenting),
            rights=rights,
            calls=calls,
            telephone=Telephone(settings, db, calls, consenting, intake),
            metrics=metrics,
            spans=spans,
            keeper=Keeper(db, rights.eraser, Retention(settings, keyring, db, media), rights.close_erased),
        )

    async def open(self) -> None:
        """Bring the database up to date and take up unanswered messages."""
        await self.db.upgrade()
        # Before the first message, which would wait for it.
        await asyncio.to_thread(self.db.redactor.load)
        self._purging = asyncio.create_task(self._purge(), name="purge of expired media")
        self.outbox.start()
        self.away.start()
        self.keeper.start()
        self.learner.start()
        await self.calls.start()
        await self.drain.start()
        self.ears.warm()

    async def close(self) -> None:
        """Stop. Unanswered messages stay in the inbox."""
        await self.calls.close()
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.gather(self._purging, return_exceptions=True)
        await self.keeper.stop()
        await self.learner.stop()
        await self.away.stop()
        await self.outbox.stop()
        await self.drain.stop()
        self.ears.close()
        self.second_voice.close()
        await self.rasa.close()
        await self.actions.aclose()
        await self.db.close()
        await asyncio.to_thread(self.spans.close)

    @property
    def metrics_token(self) -> str:
        """What opens /metrics."""
        return self.settings.metrics_token.get_secret_value() or self.secrets.metrics_token

    async def actions_are_up(self) -> bool:
        """Whether the action server answers."""
        return await _answers(self.actions, "/health")

    async def _purge(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.media.purge_expired)
            except OSError as err:
                log.error("purge of expired media failed", extra={"errno": err.errno})
            try:
                async with self.db.transaction() as tx:
                    await tx.baselines.purge_expired()
                    await tx.behaviour.purge_expired()
                    await tx.frames.purge_expired()
            except StoreError as err:
                log.error("purge of voice profiles failed", extra={"code": err.code})
            await asyncio.sleep(_PURGE_EVERY_S)


async def _answers(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path)).status_code == 200
    except httpx.HTTPError:
        return False
