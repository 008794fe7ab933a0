"""Rasa's HTTP interface, faked at the edge: an httpx transport that records what it is sent."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Answer = Callable[[dict[str, Any]], list[dict[str, Any]]]


def text_reply(text: str, **parts: Any) -> dict[str, Any]:
    """One reply as the channel gives it."""
    return {"text": text, "buttons": [], "custom": None, "image": None, **parts}


def echo(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """Say the message back."""
    return [text_reply(f"You said: {turn['text'] or turn['payload']}")]


class FakeRasa(httpx.AsyncBaseTransport):
    """Answers like our channel: a repeated message id gets its stored replies.

    state: up, down (connection refused), hanging (no answer), incomplete, busy, broken (500), refusing (422),
    or unauthorised.
    awaits: the slot that a form asks for. turns: every turn that ran, once. requests: every request to the channel,
    also the failed ones.
    """

    def __init__(self) -> None:
        self.state = "up"
        self.answer: Answer = echo
        self.awaits: str | None = None
        self.during_turn: Callable[[dict[str, Any]], Awaitable[object]] | None = None
        self.delay_s = 0.0
        self.turns: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.resumed: list[str] = []
        self.paused: set[str] = set()
        self.most_at_once = 0
        self.most_running: dict[str, int] = {}
        self._stored: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._running_by_sender: dict[str, int] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread() or b"null")
        path = request.url.path
        if path == "/webhooks/attune/webhook":
            self.requests.append(body)
        if self.state == "down":
            raise httpx.ConnectError("refused", request=request)
        if self.state == "hanging":
            await asyncio.sleep(60)
        if path == "/status":
            return httpx.Response(200, json={"model_file": "fake"})
        if path == "/webhooks/attune/resume" and self.state == "up":
            self.resumed.append(body["sender"])
            self.paused.discard(body["sender"])
            return httpx.Response(200, json={"sender": body["sender"], "resumed": True})
        return await self._turn(request, body)

    async def _turn(self, request: httpx.Request, body: dict[str, Any]) -> httpx.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer ") or self.state == "unauthorised":
            return _error(401, "unauthorised", retryable=False)
        refusals = {
            "incomplete": (503, "turn_incomplete", True),
            "busy": (503, "busy", True),
            "refusing": (422, "invalid_message", False),
        }
        if self.state in refusals:
            status, code, retryable = refusals[self.state]
            return _error(status, code, retryable=retryable)
        if self.state == "broken":
            return httpx.Response(500, text="Traceback")
        sender = body["sender"]
        key = (sender, body["message_id"])
        if sender in self.paused:
            return httpx.Response(
                200, json={"message_id": body["message_id"], "repeated": False, "paused": True, "replies": []}
            )
        if key not in self._stored:
            self._running_by_sender[sender] = self._running_by_sender.get(sender, 0) + 1
            self.most_running[sender] = max(self.most_running.get(sender, 0), self._running_by_sender[sender])
            try:
                self.most_at_once = max(self.most_at_once, sum(self._running_by_sender.values()))
                await asyncio.sleep(self.delay_s)
                if self.during_turn is not None:
                    await self.during_turn(body)
                self.turns.append(body)
                self._stored[key] = self.answer(body)
            finally:
                self._running_by_sender[sender] -= 1
        return httpx.Response(
            200,
            json={
                "message_id": body["message_id"],
                "repeated": False,
                "paused": False,
                "replies": self._stored[key],
                "awaits": self.awaits,
            },
        )


def _error(status: int, code: str, *, retryable: bool) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "no", "retryable": retryable}})


class FakeActions(httpx.AsyncBaseTransport):
    """The action server's health."""

    def __init__(self) -> None:
        self.up = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, json={"status": "ok"})
