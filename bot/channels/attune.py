"""Attune's input channel: answers 200 only for a turn that really happened.

credentials.yml:
    bot.channels.attune.AttuneInput:
      token: ${AUTH_TOKEN}
      action_timeout_s: 5
      receipts: ["*"]
"""

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, Optional

import rasa.core.actions.action
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from .errors import ChannelError, RequestError
from .ledger import Ledger
from .request import parse, parse_sender, read_object
from .turns import TurnLimits, Turns

log = logging.getLogger(__name__)

MIN_TOKEN_CHARS = 16
DEFAULT_ACTION_TIMEOUT_S = 5.0


class AttuneInput(InputChannel):
    """POST /webhooks/attune/webhook runs one turn; POST /webhooks/attune/resume ends a person's part.

    Both want `Authorization: Bearer <token>`. Errors are {"error": {"code", "message", "retryable"}}.
    """

    def __init__(self, token: str, limits: Optional[TurnLimits] = None) -> None:
        """Raises: RasaException if the token is missing or too short to be a secret."""
        if len(token) < MIN_TOKEN_CHARS:
            raise RasaException(
                f"the channel's token has {len(token)} characters; expected at least {MIN_TOKEN_CHARS}. "
                "Set AUTH_TOKEN to a random value."
            )
        self._token = token.encode()
        self._turns = Turns(self.name(), limits or TurnLimits())

    @classmethod
    def name(cls) -> str:
        """Part of the address: /webhooks/attune."""
        return "attune"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "AttuneInput":
        """Build the channel from credentials.yml. Raises: RasaException on a missing or unknown setting."""
        settings = dict(credentials or {})
        token = str(settings.pop("token", ""))
        limit_action_time(float(settings.pop("action_timeout_s", DEFAULT_ACTION_TIMEOUT_S)))
        try:
            return cls(token, TurnLimits(**settings))
        except TypeError:
            allowed = ", ".join(["token", "action_timeout_s", *TurnLimits.__dataclass_fields__])
            raise RasaException(f"credentials of {cls.name()}: {sorted(settings)}; allowed: {allowed}.") from None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own handler is not used: it hides what went wrong."""
        blueprint = Blueprint("attune_webhook")

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def webhook(request: Request) -> HTTPResponse:
            return await self._answer(request, self._run_turn)

        @blueprint.route("/resume", methods=["POST"])
        async def resume(request: Request) -> HTTPResponse:
            return await self._answer(request, self._resume)

        @blueprint.listener("after_server_start")
        async def say_what_is_lost(app: Any, loop: Any) -> None:
            if not Ledger.of(app.ctx.agent).is_durable:
                log.warning("The tracker store is in memory: conversations end with this process.")

        return blueprint

    async def _answer(self, request: Request, work: Callable[[Request], Awaitable[Dict[str, Any]]]) -> HTTPResponse:
        try:
            self._check_token(request)
            return response.json(await work(request))
        except ChannelError as err:
            if err.status >= 500:
                log.warning("turn refused", extra={"code": err.code})
            return response.json(err.to_dict(), status=err.status)

    async def _run_turn(self, request: Request) -> Dict[str, Any]:
        turn = parse(request.body)
        result = await self._turns.run(request.app.ctx.agent, turn)
        return {
            "message_id": turn.message_id,
            "repeated": result.repeated,
            "paused": result.paused,
            "replies": result.replies,
            "awaits": result.awaits,
        }

    async def _resume(self, request: Request) -> Dict[str, Any]:
        sender = parse_sender(read_object(request.body))
        await self._turns.resume(request.app.ctx.agent, sender)
        return {"sender": sender, "resumed": True}

    def _check_token(self, request: Request) -> None:
        scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
        # Compares in constant time, so that the time of an answer tells nothing about the token.
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self._token):
            raise RequestError(401, "token_invalid", "Send the channel's token as Authorization: Bearer <token>.")


def limit_action_time(seconds: float) -> None:
    """The one place that bounds how long Rasa waits for the action server.

    Rasa 3.6 has no setting for it: `RemoteAction.run` passes the module's constant of 300 s with every request, and
    reads it at the call.
    """
    if not 0.1 <= seconds <= 300:
        raise RasaException(f"action_timeout_s is {seconds}; expected 0.1 to 300 seconds.")
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = seconds
