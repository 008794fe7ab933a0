"""One message's way to the assistant and back."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from service.conversation_shapes import ConsentOut
from service.hub import Hub
from service.metrics import Metrics, Spans, StageSpan
from service.notices import NoticeBoard
from service.owners import owner_frame
from service.rasa import AssistantPaused, AssistantRefused, AssistantUnavailable, RasaClient
from service.settings import Settings
from store import Conversation, Database, MediaStore, Message, Reply, StoreError, TrackerFile, Transaction
from vocabulary import Owner, Signal

log = logging.getLogger(__name__)

PERSON_PAYLOAD: Final = "/attune_talk_to_person"
APOLOGY: Final = "I am sorry, I could not process that message. Please put it in other words, or ask for a person."
NO_ANSWER: Final = "I am sorry, I have no answer to that. Please put it in other words, or ask for a person."
PERSON_COMES: Final = (
    "I am having trouble answering right now, so I am passing you on to a person. Everything you wrote is kept."
)
PASSED_ON: Final = "I am passing you on to a person. They see what you wrote, so you need not repeat anything."
_PERSON_REASON: Final = (
    "The customer asked for a person while the assistant could not be reached. Nothing was scored for this."
)
_PERSON_PRIORITY: Final = 60
_RESUMED: Final = "resume"


@dataclass(frozen=True)
class _Departure:
    """What was true when a message left. message: with its text at this moment, which a correction may have replaced.

    clip_id, frame_ids: only with consent to voice, and to the face, at this moment.
    """

    message: Message
    conversation: Conversation
    clip_id: str | None
    resume_key: str | None
    frame_ids: tuple[str, ...] = ()
    granted: frozenset[Signal] = frozenset()


class Exchange:
    """Sends one message and stores what comes back; every step may be repeated without doubling anything."""

    def __init__(
        self,
        db: Database,
        media: MediaStore,
        rasa: RasaClient,
        hub: Hub,
        notices: NoticeBoard,
        settings: Settings,
        *,
        actions_are_up: Callable[[], Awaitable[bool]],
        tracker: TrackerFile | None = None,
        metrics: Metrics | None = None,
        spans: Spans | None = None,
    ) -> None:
        """tracker: the assistant's memory, from which what it had read goes with a consent; None: not looked after.

        metrics, spans: where it is noted how long turns take; None: nowhere.
        """
        self._metrics = metrics
        self._spans = spans
        self._tracker = tracker
        self._db = db
        self._media = media
        self._rasa = rasa
        self._hub = hub
        self._notices = notices
        self._settings = settings
        self._actions_are_up = actions_are_up

    async def attempt(self, message: Message) -> None:
        """Answer one message, or leave it to the person who has the conversation.

        Raises: AssistantUnavailable when it has to be tried again.
        """
        started = time.monotonic()
        departure = await self._depart(message)
        if departure is None:
            await self._drop_media(message)
            self._hub.messages_changed(message.conversation_id)
            await self._say_who_answers(message.conversation_id)
            return
        self._hub.publish(message.conversation_id, {"type": "typing", "on": True})
        try:
            async with self._notices.if_late(message, self._settings.notice_after_s):
                if departure.resume_key:
                    await self._resume(message.conversation_id, departure.resume_key)
                replies = await self._send(departure)
        except AssistantRefused as err:
            await self._store(message, departure, [Reply(text=APOLOGY)], started, failed=err.code)
        else:
            await self._store(message, departure, replies, started)
        finally:
            self._hub.publish(message.conversation_id, {"type": "typing", "on": False})

    async def give_up(self, message: Message, error: AssistantUnavailable, incomplete: int) -> bool:
        """Whether the message was settled without the assistant.

        Someone who asks for a person gets one even while the assistant is down. A message that the assistant
        cannot take `give_up_after` times, though all its parts are up, is answered with an apology rather than
        blocking the conversation for ever.
        """
        if await self._wants_a_person(message):
            await self._call_a_person(message)
            return True
        if error.incomplete and incomplete >= self._settings.give_up_after and await self._actions_are_up():
            async with self._db.reading() as tx:
                conversation = await tx.conversations.get(message.conversation_id)
            if conversation is not None:
                departure = _Departure(message, conversation, None, None)
                await self._store(message, departure, [Reply(text=APOLOGY)], time.monotonic(), failed=error.code)
                return True
        return False

    async def _depart(self, message: Message) -> _Departure | None:
        """The last look at the owner before a message leaves; None if a person has the conversation."""
        async with self._db.transaction() as tx:
            conversation = await tx.conversations.get(message.conversation_id)
            if conversation is None:
                return None
            if conversation.owner is not Owner.BOT:
                escalation = await tx.escalations.of_conversation(message.conversation_id)
                # This message called the person, but its turn was lost with the words that say so.
                called = escalation is not None and escalation.message_id == message.id
                replies = [Reply(text=PASSED_ON)] if called else []
                await tx.inbox.answer(message.conversation_id, message.id, replies)
                return None
            await tx.inbox.mark_sent(message.conversation_id, message.id)
            attempt = await tx.inbox.count_attempt(message.conversation_id, message.id)
            leaving = await tx.inbox.get(message.conversation_id, message.id) or message
            await tx.events.add(
                "turn.sent",
                {"message_id": message.id, "attempt": attempt},
                conversation_id=message.conversation_id,
                customer_id=conversation.customer_id,
            )
            granted = await tx.consents.granted(conversation.customer_id)
            frame_ids: tuple[str, ...] = ()
            if Signal.FACE in granted:
                frame_ids = await tx.frames.of_message(message.conversation_id, message.id)
            resume_key = await _resume_key(tx, conversation)
        clip_id = message.clip_id if Signal.VOICE in granted else None
        if message.clip_id and clip_id is None:
            await asyncio.to_thread(self._media.delete, message.clip_id)
        return _Departure(leaving, conversation, clip_id, resume_key, frame_ids, granted)

    async def _send(self, departure: _Departure) -> list[Reply]:
        message, clip_id, frame_ids = departure.message, departure.clip_id, departure.frame_ids
        try:
            return await self._rasa.send(message, clip_id=clip_id, frame_ids=frame_ids)
        except AssistantPaused:
            # Our owner row counts: this message left because the assistant has the conversation.
            await self._hand_back(message.conversation_id)
            return await self._rasa.send(message, clip_id=clip_id, frame_ids=frame_ids)

    async def _hand_back(self, conversation_id: str) -> None:
        try:
            await self._rasa.hand_back(conversation_id)
        except AssistantRefused as err:
            # A refusal here is about the installation, never about the customer's message.
            raise AssistantUnavailable(err.code) from None

    async def _resume(self, conversation_id: str, key: str) -> None:
        await self._hand_back(conversation_id)
        async with self._db.transaction() as tx:
            await tx.receipts.put(conversation_id, key, _RESUMED, {"resumed": True})

    async def _store(
        self,
        message: Message,
        departure: _Departure,
        replies: Sequence[Reply],
        started: float,
        *,
        failed: str | None = None,
    ) -> None:
        duration_ms = round((time.monotonic() - started) * 1000)
        async with self._db.transaction() as tx:
            conversation = await tx.conversations.get(message.conversation_id)
            owner = conversation.owner if conversation else departure.conversation.owner
            if not replies and owner is Owner.BOT:
                log.warning("turn without replies", extra={"message_id": message.id})
                replies = [Reply(text=NO_ANSWER)]
            await tx.inbox.answer(message.conversation_id, message.id, replies)
            await tx.events.add(
                "turn.failed" if failed else "turn.answered",
                {"message_id": message.id, "duration_ms": duration_ms, **({"code": failed} if failed else {})},
                conversation_id=message.conversation_id,
                customer_id=(conversation or departure.conversation).customer_id,
            )
            frame = await owner_frame(tx, conversation) if conversation else None
            granted = await tx.consents.granted(conversation.customer_id) if conversation else departure.granted
        if departure.granted - granted:
            await self._forget_manner(message.conversation_id)
        await self._drop_media(message)
        self._notices.take_down(message)
        self._hub.messages_changed(message.conversation_id)
        if granted != departure.granted:
            # The customer has said it in their message: "switch it off", or "I'm 15".
            consent = ConsentOut.of(granted).model_dump()
            self._hub.publish(message.conversation_id, {"type": "consent", "consent": consent})
        if frame is not None and owner is not departure.conversation.owner:
            self._hub.publish(message.conversation_id, frame)
        self._measure(message, duration_ms / 1000, failed)
        log.info(
            "turn finished",
            extra={
                "conversation_id": message.conversation_id,
                "message_id": message.id,
                "duration_ms": duration_ms,
                "failed": failed,
            },
        )

    def _measure(self, message: Message, assistant_s: float, failed: str | None) -> None:
        """How long the customer waited, from the message's arrival on; the attempts before this one included."""
        kind, outcome = "spoken" if message.spoken else "typed", "failed" if failed else "answered"
        began_at = message.created_at.timestamp()
        waited_s = max(assistant_s, time.time() - began_at)
        if self._metrics is not None:
            self._metrics.turn(kind, outcome, waited_s)
        if self._spans is not None:
            stages = [
                StageSpan("inbox", 0.0, waited_s - assistant_s),
                StageSpan("assistant", waited_s - assistant_s, waited_s, {"attune.outcome": outcome}),
            ]
            self._spans.turn("turn", began_at, stages, {"attune.kind": kind, "attune.attempts": message.attempts + 1})

    async def _forget_manner(self, conversation_id: str) -> None:
        """A turn began with a consent that is gone: what the assistant has just stored still holds its reading."""
        if self._tracker is None:
            return
        try:
            await asyncio.to_thread(self._tracker.forget_manner, [conversation_id])
        except StoreError as err:
            log.error("the assistant still knows how it spoke", extra={"code": err.code})

    async def _say_who_answers(self, conversation_id: str) -> None:
        async with self._db.reading() as tx:
            conversation = await tx.conversations.get(conversation_id)
            frame = await owner_frame(tx, conversation) if conversation else None
        if frame is not None:
            self._hub.publish(conversation_id, frame)

    async def _wants_a_person(self, message: Message) -> bool:
        async with self._db.reading() as tx:
            later = await tx.inbox.history(message.conversation_id, after_seq=message.seq - 1)
        return any(one.payload == PERSON_PAYLOAD and one.answered_at is None for one in later)

    async def _call_a_person(self, message: Message) -> None:
        async with self._db.transaction() as tx:
            escalation = await tx.escalations.request(
                message.conversation_id, message.id, _PERSON_REASON, _PERSON_PRIORITY
            )
            await tx.events.add(
                "escalation.requested",
                {"escalation_id": escalation.id, "message_id": message.id},
                conversation_id=message.conversation_id,
            )
            await tx.inbox.answer(message.conversation_id, message.id, [Reply(text=PERSON_COMES)])
            conversation = await tx.conversations.get(message.conversation_id)
            frame = await owner_frame(tx, conversation) if conversation else None
        await self._drop_media(message)
        self._notices.take_down(message)
        self._hub.messages_changed(message.conversation_id)
        if frame is not None:
            self._hub.publish(message.conversation_id, frame)

    async def _drop_media(self, message: Message) -> None:
        """Delete the sound and the pictures of a message; without them nothing is done."""
        if message.clip_id:
            await asyncio.to_thread(self._media.delete, message.clip_id)
        async with self._db.reading() as tx:
            frame_ids = await tx.frames.of_message(message.conversation_id, message.id)
        if frame_ids:
            for frame_id in frame_ids:
                await asyncio.to_thread(self._media.delete, frame_id)
            async with self._db.transaction() as tx:
                await tx.frames.forget(frame_ids)


async def _resume_key(tx: Transaction, conversation: Conversation) -> str | None:
    """What names the hand-back that the assistant has not been told of yet; None if there is none."""
    if conversation.handed_back_at is None:
        return None
    key = f"handed_back_{conversation.handed_back_at.strftime('%Y%m%dT%H%M%S%f')}"
    told = await tx.receipts.get(conversation.id, key, _RESUMED)
    return None if told else key
