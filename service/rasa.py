"""The assistant behind its HTTP channel: one customer turn in, its replies out, nothing else."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import httpx
from pydantic import BaseModel, ValidationError

from service.outgoing import tls
from store import Button, Message, Reply
from vocabulary import Author, Suggestion

log = logging.getLogger(__name__)

# 401, 403, 404, 409: the installation is wrong or not ready, not the message; 408, 429: asked to wait.
_OUR_FAULT: Final = frozenset({401, 403, 404, 408, 409, 429})


class AssistantError(Exception):
    """Base of what can go wrong between this process and the assistant."""

    retryable = False

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AssistantUnavailable(AssistantError):  # noqa: N818 - reads as a sentence where it is caught
    """The turn did not happen, or not wholly; send it again.

    incomplete: the assistant itself answered, so the message may be the reason.
    """

    retryable = True

    def __init__(self, code: str, *, incomplete: bool = False) -> None:
        super().__init__(code)
        self.incomplete = incomplete


class AssistantRefused(AssistantError):  # noqa: N818
    """The assistant will never take this message."""


class AssistantPaused(AssistantUnavailable):
    """The assistant still believes that a person has the conversation."""


class _ButtonIn(BaseModel):
    title: str
    payload: str


class _ReplyIn(BaseModel):
    text: str | None = None
    buttons: list[_ButtonIn] = []
    custom: dict[str, Any] | None = None
    image: str | None = None


class _TurnIn(BaseModel):
    paused: bool = False
    replies: list[_ReplyIn]
    awaits: str | None = None


class RasaClient:
    """Speaks to Rasa. Takes customers' messages only: everything sent from here may reach a scorer."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._token = token
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(
            base_url=base_url,
            verify=tls(),
            timeout=httpx.Timeout(timeout_s, connect=1.0),
            limits=httpx.Limits(max_connections=64, keepalive_expiry=30),
            transport=transport,
            # Never by way of a proxy from the environment: the assistant is on this machine.
            trust_env=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(self, message: Message, *, clip_id: str | None, frame_ids: Sequence[str] = ()) -> list[Reply]:
        """Give one customer message to the assistant; its replies, in order.

        Raises: AssistantUnavailable (send it again), AssistantPaused (hand back, then again), AssistantRefused.
        """
        if message.author is not Author.CUSTOMER:
            raise ValueError(f"message {message.id} is by {message.author}; only a customer's may reach the assistant.")
        body: dict[str, Any] = {
            "sender": message.conversation_id,
            "message_id": message.id,
            "text": None if message.payload else message.text,
            "payload": message.payload,
            "metadata": {"clip_id": clip_id, "frame_ids": list(frame_ids)},
        }
        response = await self._request(
            "POST",
            "/webhooks/attune/webhook",
            json=body,
            headers=self._bearer,
        )
        try:
            turn = _TurnIn.model_validate_json(response.content)
        except ValidationError:
            raise AssistantUnavailable("unreadable_answer", incomplete=True) from None
        if turn.paused:
            raise AssistantPaused("paused")
        replies = _merge(_reply(reply) for reply in turn.replies)
        if replies and turn.awaits:
            replies[-1] = replace(replies[-1], awaits=turn.awaits)
        return replies

    async def hand_back(self, conversation_id: str) -> None:
        """Let the assistant speak again after a person had the conversation. Raises: AssistantError."""
        await self._request("POST", "/webhooks/attune/resume", json={"sender": conversation_id}, headers=self._bearer)

    async def is_ready(self) -> bool:
        """Whether Rasa answers with a loaded model."""
        try:
            response = await self._http.get("/status", params={"token": self._token}, timeout=1.5)
        except httpx.HTTPError:
            return False
        return response.status_code == 200

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            # httpx limits each step of the exchange; the whole of it is limited here.
            async with asyncio.timeout(self._timeout_s + 1):
                response = await self._http.request(method, path, **options)
        except (httpx.TimeoutException, TimeoutError):
            raise AssistantUnavailable("timeout") from None
        except httpx.HTTPError:
            raise AssistantUnavailable("unreachable") from None
        if response.status_code == 200:
            return response
        code = _error_code(response)
        if response.status_code >= 500:
            raise AssistantUnavailable(code, incomplete=code not in ("tracker_unavailable", "busy"))
        if response.status_code in _OUR_FAULT or response.status_code < 400:
            raise AssistantUnavailable(code)
        raise AssistantRefused(code)


def _error_code(response: httpx.Response) -> str:
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return f"http_{response.status_code}"
    return str(code)[:60]


def _reply(raw: _ReplyIn) -> Reply:
    return Reply(
        text=raw.text or "",
        buttons=tuple(Button(title=button.title, payload=button.payload) for button in raw.buttons),
        suggestions=_suggestions(raw.custom or {}),
        image=raw.image,
    )


def _merge(replies: Iterable[Reply]) -> list[Reply]:
    """Cards without a text of their own belong to the text just before them."""
    merged: list[Reply] = []
    for reply in replies:
        before = merged[-1] if merged else None
        if reply.suggestions and not reply.text and before is not None and before.text and not before.suggestions:
            merged[-1] = replace(before, suggestions=reply.suggestions, buttons=before.buttons + reply.buttons)
        elif reply.text or reply.buttons or reply.suggestions or reply.image:
            merged.append(reply)
    return merged


def _suggestions(custom: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    """The cards in a reply's custom part; a card that cannot be read is left out, and said so in the log."""
    raw = custom.get("attune_suggestions", custom.get("suggestions", []))
    cards: list[Suggestion] = []
    for card in raw if isinstance(raw, list) else []:
        try:
            cards.append(Suggestion.from_dict(card))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            log.warning("suggestion left out", extra={"code": "suggestion_unreadable"})
    return tuple(cards)
