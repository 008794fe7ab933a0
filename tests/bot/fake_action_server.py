"""A stand-in for the action server: answers like ours does, counts what it did, and fails on demand."""

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web


class FakeActionServer:
    """Speaks the SDK's protocol on a free port of this machine.

    broken: actions that answer without their receipt. crashing: actions that answer 500. escalating: message texts
    that need a person. unsure: texts to ask about. delay_s: how long every action takes.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.broken: set[str] = set()
        self.crashing: set[str] = set()
        self.escalating: set[str] = set()
        self.unsure: set[str] = set()
        self.delay_s = 0.0
        self._runner: Any = None
        self.url = ""

    async def start(self) -> "FakeActionServer":
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/webhook"
        return self

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        call = await request.json()
        name, tracker = call["next_action"], call["tracker"]
        self.calls[name] += 1
        await asyncio.sleep(self.delay_s)
        if name in self.crashing:
            return web.json_response({"error": "boom"}, status=500)
        if name in self.broken:
            return web.json_response({"events": [], "responses": []})
        message = tracker["latest_message"]
        message_id = (message["metadata"] or {}).get("message_id") or message["message_id"]
        events, responses = getattr(self, f"_{name}")(message_id, tracker)
        if events or not name.startswith("validate_"):
            events.append(_slot("attune_receipt", f"{message_id}:{name}"))
        return web.json_response({"events": events, "responses": responses})

    def _action_attune_assess(self, message_id: str, tracker: dict[str, Any]) -> Any:
        text = tracker["latest_message"]["text"]
        slots = {
            "attune_escalate": text in self.escalating,
            "attune_clarify": text in self.unsure,
            "attune_assessed_message": message_id,
        }
        return [_slot(name, value) for name, value in slots.items()], []

    def _action_attune_escalate(self, message_id: str, tracker: dict[str, Any]) -> Any:
        return [{"event": "action", "name": "action_listen"}, {"event": "pause"}], [{"text": "A person will help."}]

    def _action_work(self, message_id: str, tracker: dict[str, Any]) -> Any:
        return [_slot("worked", message_id)], [{"text": "Worked.", "custom": {"cards": [1]}}]

    def _action_default_ask_affirmation(self, message_id: str, tracker: dict[str, Any]) -> Any:
        return [], [{"text": "Did you mean that?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]

    def _validate_colour_form(self, message_id: str, tracker: dict[str, Any]) -> Any:
        filled: list[dict[str, Any]] = []
        for event in reversed(tracker["events"]):
            if event["event"] != "slot":
                break
            if event["name"] == "colour":
                filled.append(_slot("colour", event["value"]))
        return filled, []


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}
