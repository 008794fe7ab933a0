"""The actions process: rasa-sdk's server around actions that share one context."""

import asyncio
import hmac
import importlib
import logging
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from actions.assess import AssessAction
from actions.base import AttuneAction
from actions.context import ActionContext
from actions.dialogue import AskAffirmationAction, ConfirmIntentAction, FallbackAction, RepeatAction
from actions.escalate import EscalateAction
from actions.privacy import EmotionOffAction, WhatKnownAction
from actions.recommend import RecommendAction
from actions.settings import Settings
from actions.slates import SlateKeeper
from emotion import EngineOptions, Panel, StateOptions, load_register, open_panel
from privacy import Secrets
from recommender import Bandit, Following, OnnxEncoder, Recommender, load_rules
from store import Database, MediaStore
from vocabulary import CatalogueChanges

log = logging.getLogger(__name__)


class DomainPack(Protocol):
    """What a domain pack's module offers: its own actions, and words for "did you mean …?" by intent."""

    INTENT_PHRASES: Mapping[str, str]

    def pack_actions(self, context: ActionContext) -> Sequence[AttuneAction]:
        """The pack's own actions."""
        ...


def load_pack(name: str) -> DomainPack:
    """Import a domain pack by its module name.

    Raises: ModuleNotFoundError if there is no such module.
    """
    return cast(DomainPack, importlib.import_module(name))


def core_actions(context: ActionContext, phrases: Mapping[str, str]) -> list[AttuneAction]:
    """The actions of the product itself, without any domain."""
    return [
        AssessAction(context),
        EscalateAction(context),
        RecommendAction(context),
        EmotionOffAction(context),
        WhatKnownAction(context),
        RepeatAction(context),
        FallbackAction(context),
        AskAffirmationAction(context, dict(phrases)),
        ConfirmIntentAction(context),
    ]


async def open_context(settings: Settings) -> ActionContext:
    """Open the database and load every model once.

    Raises: RegisterError when a scorer's signal or a customer state is in no registered use case; RulesError for rules
    of suggestions that cannot be used; EncoderChangedError for an index of another encoder.
    """
    keyring = settings.keyring()
    db = Database(settings, keyring)
    encoder = OnnxEncoder(settings.catalogue_encoder_dir)
    options = EngineOptions(
        text_model=settings.text_emotion_model,
        face_weights=settings.face_weights,
        voice_model=settings.voice_emotion_model,
    )
    panel = open_panel(settings.models_dir, options=options)
    check_register(settings, panel)
    rules = load_rules(settings.suggestions_file)
    bandit = Bandit(rules.bandit)
    recommender = Recommender.open(settings.index_dir, encoder, rules=rules, bandit=bandit)
    following = Following(
        recommender,
        changes_of(db),
        learned_dir=settings.learned_dir,
        rules_file=settings.suggestions_file,
    )
    await following.catch_up()
    return ActionContext(
        settings=settings,
        db=db,
        media=MediaStore(settings.media_dir, keyring, settings.media_ttl_s),
        recommender=recommender,
        panel=panel,
        following=following,
        slates=SlateKeeper(db, bandit),
    )


def changes_of(db: Database) -> Callable[[int], Awaitable[CatalogueChanges]]:
    """How the recommender hears of changes in the catalogue."""

    async def read(since: int) -> CatalogueChanges:
        async with db.reading() as tx:
            return await tx.catalogue.changes(since)

    return read


def check_register(settings: Settings, panel: Panel) -> None:
    """Refuse to start with a signal or a state that nobody registered. Raises: RegisterError."""
    scored = [modality for modality in panel.modalities if panel.has(modality)]
    load_register(settings.use_cases_file).check(scored, StateOptions().names.states)


def token_check(token: str) -> Callable[[Request], Awaitable[HTTPResponse | None]]:
    """Middleware that lets only callers with the token through; anyone may ask for /health."""
    expected = f"Bearer {token}".encode()

    async def check(request: Request) -> HTTPResponse | None:
        given = str(request.headers.get("authorization", "")).encode("utf-8", "surrogatepass")
        if request.path == "/health" or hmac.compare_digest(given, expected):
            return None
        message = "The action server wants the header Authorization: Bearer <rasa_token of secrets.json>."
        return json_response({"error": message}, status=401)

    return check


def build_app(settings: Settings) -> Sanic:
    """The Sanic app; its context opens inside the server's own event loop. Raises: PrivacyError.

    Only Rasa may call an action: a call names the conversation and the slots that it acts on, and any program of the
    machine, or a page in a browser there, can reach a loopback port.
    """
    token = Secrets.load_or_create(settings.secrets_file).rasa_token
    settings.keyring()
    executor = ActionExecutor()
    with warnings.catch_warnings():
        # rasa-sdk sets its own filters for Sanic's deprecations when the app is created.
        warnings.simplefilter("ignore")
        app = create_app(executor, cors_origins=[])

    async def start(app: Sanic, _loop: Any) -> None:
        context = await open_context(settings)
        app.ctx.attune = context
        pack = load_pack(settings.domain_pack)
        for action in (*core_actions(context, pack.INTENT_PHRASES), *pack.pack_actions(context)):
            executor.register_function(action.name(), action.run)
        if context.slates is not None:
            app.ctx.keeping = asyncio.create_task(context.slates.run())
        log.info("actions ready", extra={"actions": len(executor.actions)})

    async def stop(app: Sanic, _loop: Any) -> None:
        keeping = getattr(app.ctx, "keeping", None)
        if keeping is not None:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        await app.ctx.attune.db.close()

    app.register_middleware(token_check(token), "request")
    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "after_server_stop")
    return cast(Sanic, app)
