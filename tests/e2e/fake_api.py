"""A tiny web service with the API's shapes, for tests of the pages alone.

Its state outlives `kill()` and `start()`, as a database would. What it answers follows from words in the message:
"headphones" cards, "nothing" an empty list of suggestions, "choose" buttons, "person" or a person frame waiting,
"markup" an attack, "link" addresses, anything else an echo.
"""

import asyncio
import itertools
import socket
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from shop.storefront import PAGES, storefront_router
from tests.e2e.fake_account import FakeAccount
from tests.e2e.fake_call import FakeCall
from tests.e2e.fake_catalogue import FakeDatabase
from tests.e2e.fake_search import FakeSearch
from tests.e2e.fake_voice import FakeVoice

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "service" / "static"
CHAT_POLICY = (
    "media-src 'self' blob:; "
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://pictures.example; "
    "connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://localhost:*"
)
# A shop on another host, which allows the widget's origin and nothing else, not even a style.
FOREIGN_POLICY = "default-src 'none'; script-src {origin}; frame-src {origin}"
FOREIGN_PAGE = """<!doctype html><html lang="en"><title>Another shop</title><body><h1>Another shop</h1>
<script src="{origin}/widget.js" defer data-title="Another shop" data-item-url="/p/{{id}}"></script></body></html>"""
NOTICE = {
    "version": "fake-1",
    "text": "You are talking to a program. If you allow it, it estimates how you feel, to explain more slowly, "
    "to leave out offers, or to call a person sooner.\n\nEstimates are kept encrypted.",
}
SUGGESTIONS = [
    {
        "id": f"headphones-{n}",
        "title": title,
        "price": price,
        "category": "Headphones",
        "score": 0.9,
        "reason": reason,
        "image": "https://pictures.example/headphones.svg" if n == 1 else None,
        "url": None,
        "currency": "CHF" if n == 2 else "EUR",
    }
    for n, title, price, reason in (
        (
            1,
            "Vessel Quiet over-ear headphones, sand",
            89.0,
            "They shut out noise and stay under your limit of 100 euros.",
        ),
        (2, "Vessel Light on-ear headphones, slate", 49.9, "The lightest pair in the shop, for long calls."),
        (3, "Ear pads for Vessel Quiet, made to measure", None, "They make a worn pair comfortable again."),
    )
]
ATTACK = '<img src=x onerror="window.attacked = 1"><script>window.attacked = 1</script> javascript:window.attacked=1'


class FakeApi:
    """Started in a thread of its own, on a port that stays the same over restarts."""

    def __init__(self) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.tokens: dict[str, str] = {}
        self.consent: dict[str, dict[str, bool]] = {}
        self.owner: dict[str, str] = {}
        self.agent: dict[str, str | None] = {}
        self.assessed: dict[str, dict[str, Any]] = {}
        self.verdicts: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        self.consent_calls: list[dict[str, Any]] = []
        self.received: list[str] = []
        # Batches of steps; offers_help: the next one is answered with an offer, once.
        self.steps: list[dict[str, Any]] = []
        self.offers_help = False
        self.voice = FakeVoice()
        self.call = FakeCall()
        self.account = FakeAccount()
        self.shop = FakeDatabase()
        self.search = FakeSearch(self.shop.catalogue)
        # Whether the moment is right to ask for consent, as the greeting tells.
        self.may_ask = True
        # Mishaps, each counted down: the next so many messages meet them.
        self.lose_before_storing = 0
        self.lose_after_storing = 0
        self.duplicate_frames = False
        self.answer_delay_s = 0.05
        self.refuse_text: str | None = None
        # Recordings: what is heard in one, how often the service is busy first, and each body that came.
        self.heard = "where is my order four one seven two zero three"
        self.busy_recordings = 0
        self.recordings: list[tuple[str, str, bytes]] = []
        # Photos: the message they are for, how many messages were there before, and the file.
        self.photos: list[tuple[str, int, bytes]] = []
        self.refuse_photos = False
        self.corrections: list[dict[str, Any]] = []
        self.recording_limits = {"max_seconds": 60, "max_bytes": 25 * 1024 * 1024}
        self.port = _free_port()
        self._sockets: dict[str, set[WebSocket]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=self.port, log_level="error", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline:
                raise RuntimeError("the fake service did not start within 10 s")
            time.sleep(0.01)

    async def _serve(self) -> None:
        assert self._server is not None
        self._loop = asyncio.get_running_loop()
        await self._server.serve()

    def kill(self) -> None:
        """As a crash: connections break without a goodbye."""
        assert self._server is not None and self._thread is not None and self._loop is not None
        if self.call.peers:
            self.call.drop()
        self._loop.call_soon_threadsafe(self._abort)
        self._thread.join(10)
        self._sockets.clear()

    def _abort(self) -> None:
        assert self._server is not None
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        self._server.should_exit = True
        self._server.force_exit = True

    def customer_texts(self, conversation: str | None = None) -> list[str]:
        """What the "database" holds of the customer, in order."""
        chosen = conversation or next(iter(self.messages))
        return [message["text"] for message in self.messages[chosen] if message["author"] == "customer"]

    def say_as(self, author: str, text: str, **more: Any) -> None:
        """A message of the bot or of an agent, in the newest conversation."""
        conversation = list(self.messages)[-1]
        self._run(self._publish(conversation, self._store(conversation, author, text, **more)))

    def set_owner(self, owner: str, agent: str | None = None) -> None:
        conversation = list(self.messages)[-1]
        self.owner[conversation], self.agent[conversation] = owner, agent
        self._run(self._broadcast(conversation, {"type": "owner", "owner": owner, "agent": agent}))

    def typing(self, on: bool) -> None:
        self._run(self._broadcast(list(self.messages)[-1], {"type": "typing", "on": on}))

    def broadcast(self, frame: dict[str, Any]) -> None:
        """A frame to every open page of the newest conversation."""
        self._run(self._broadcast(list(self.messages)[-1], frame))

    def forget_all(self) -> None:
        """Every conversation expires."""
        self.tokens.clear()

    def _run(self, work: Any) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    def _turn(self, emotion: dict[str, Any] | None, message_id: str) -> dict[str, Any]:
        return {
            "emotion": emotion,
            "frustration": 41.6 if emotion else None,
            "answered": True,
            "mode": "neutral",
            "explanation": ["Mainly from your words, we noticed signs that something may be wrong."] if emotion else [],
            "verdict": self.verdicts.get(message_id),
        }

    def _store(self, conversation: str, author: str, text: str, **more: Any) -> dict[str, Any]:
        messages = self.messages[conversation]
        message = {
            "seq": len(messages) + 1,
            "id": f"m-{conversation}-{len(messages) + 1}",
            "author": author,
            "text": text,
            "created_at": datetime.now(UTC).isoformat(),
            "reply_to": None,
            "buttons": [],
            "suggestions": [],
            "image": None,
            "spoken": False,
            "corrects": None,
            "corrected_by": None,
            "misheard": None,
        } | more
        messages.append(message)
        return message

    async def _publish(self, conversation: str, message: dict[str, Any]) -> None:
        for _ in range(2 if self.duplicate_frames else 1):
            await self._broadcast(conversation, {"type": "message", "message": message})

    async def _broadcast(self, conversation: str, frame: dict[str, Any]) -> None:
        for line in list(self._sockets.get(conversation, ())):
            try:
                await line.send_json(frame)
            except (RuntimeError, WebSocketDisconnect):
                self._sockets[conversation].discard(line)

    async def _take(self, conversation: str, frame: dict[str, Any], line: WebSocket) -> None:
        self.received.append(frame["id"])
        if self.lose_before_storing > 0:
            self.lose_before_storing -= 1
            return await line.close(1011)
        known = next((m for m in self.messages[conversation] if m["id"] == frame["id"]), None)
        text = self._text_of(conversation, frame)
        if self.refuse_text is not None and self.refuse_text in text:
            error = {"code": "refused", "message": "This cannot be taken just now.", "retryable": True}
            return await line.send_json({"type": "error", "id": frame["id"], "error": error})
        message = known or self._store(conversation, "customer", text, id=frame["id"])
        if self.lose_after_storing > 0:
            self.lose_after_storing -= 1
            await line.close(1011)
        else:
            for _ in range(2 if self.duplicate_frames else 1):
                await line.send_json(
                    {"type": "accepted", "id": message["id"], "seq": message["seq"], "repeated": bool(known)}
                )
            await self._publish(conversation, message)
        if known is None:
            self._answer_soon(conversation, message, frame["type"])
        return None

    def _answer_soon(self, conversation: str, message: dict[str, Any], kind: str) -> None:
        task = asyncio.create_task(self._answer(conversation, message, kind))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _text_of(self, conversation: str, frame: dict[str, Any]) -> str:
        if frame["type"] == "person":
            return "I would like to talk to a person."
        if frame["type"] == "button":
            reply = next(m for m in self.messages[conversation] if m["id"] == frame["reply_id"])
            return str(reply["buttons"][frame["index"]]["title"])
        return str(frame["text"])

    async def _answer(self, conversation: str, message: dict[str, Any], kind: str) -> None:
        if self.owner[conversation] != "bot":
            return
        if kind == "person":
            self.owner[conversation] = "waiting"
            await self._broadcast(conversation, {"type": "owner", "owner": "waiting", "agent": None})
        await self._broadcast(conversation, {"type": "typing", "on": True})
        await asyncio.sleep(self.answer_delay_s)
        if any(self.consent[conversation].values()):
            self.assessed[message["id"]] = {
                "label": "anger",
                "confidence": 0.71,
                "contributions": {"text": 1.0},
                "mixed": False,
                "certain": True,
            }
        for reply in _replies(str(message["text"]), kind):
            await self._publish(conversation, self._store(conversation, "bot", reply_to=message["id"], **reply))
        await self._broadcast(conversation, {"type": "typing", "on": False})

    def _app(self) -> FastAPI:
        app = FastAPI()
        numbers = itertools.count(len(self.messages) + 1)

        def refused(status: int, code: str, message: str, *, retryable: bool = False) -> JSONResponse:
            error = {"code": code, "message": message, "retryable": retryable}
            return JSONResponse({"error": error}, status_code=status)

        def may(request: Request, conversation: str) -> bool:
            token = self.tokens.get(conversation)
            if conversation in self.account.joined and self.account.signed_in and token is not None:
                return "authorization" not in request.headers
            return token is not None and request.headers.get("authorization") == f"Bearer {token}"

        @app.post("/api/conversations", status_code=201)
        async def create() -> dict[str, Any]:
            name = f"c_{next(numbers)}"
            self.messages[name], self.tokens[name] = [], f"t_{name}"
            self.consent[name] = dict.fromkeys(("text", "voice", "face", "behaviour"), False)
            self.owner[name], self.agent[name] = "bot", None
            return {
                "conversation": name,
                "token": f"t_{name}",
                "owner": "bot",
                "consent": self.consent[name],
                "notice": NOTICE,
            }

        @app.get("/api/conversations/{name}", response_model=None)
        async def look(name: str, request: Request) -> Any:
            if not may(request, name):
                return refused(404, "unknown_conversation", "This conversation does not exist.")
            return {
                "conversation": name,
                "owner": self.owner[name],
                "consent": self.consent[name],
                "agent": self.agent[name],
                "last_seq": len(self.messages[name]),
            }

        @app.put("/api/conversations/{name}/consent", response_model=None)
        async def consent(name: str, request: Request) -> Any:
            answer = await request.json()
            self.consent_calls.append(answer)
            if answer["text_version"] != NOTICE["version"]:
                return refused(400, "unknown_notice", "Show the current notice first.")
            self.consent[name][answer["signal"]] = answer["granted"]
            if not answer["granted"]:
                self.assessed.clear()
            await self._broadcast(name, {"type": "consent", "consent": self.consent[name]})
            return {"receipt": {"id": "1"}, "consent": self.consent[name]}

        @app.get("/api/conversations/{name}/messages", response_model=None)
        async def messages(name: str, request: Request, after: int = 0) -> Any:
            if not may(request, name):
                return refused(404, "unknown_conversation", "This conversation does not exist.")
            return {"messages": self.messages[name][after:], "owner": self.owner[name]}

        self.voice.attach(app, self)
        self.call.attach(app, self)
        self.account.attach(app)

        @app.get("/api/conversations/{name}/turns/{message_id}", response_model=None)
        async def turn(name: str, message_id: str) -> Any:
            emotion = self.assessed.get(message_id)
            return self._turn(emotion, message_id)

        @app.put("/api/conversations/{name}/turns/{message_id}/verdict", response_model=None)
        async def judge(name: str, message_id: str, request: Request) -> Any:
            self.verdicts[message_id] = (await request.json())["perceived"]
            return self._turn(self.assessed.get(message_id), message_id)

        @app.post("/api/conversations/{name}/audio", status_code=202, response_model=None)
        async def audio(name: str, request: Request, id: str) -> Any:  # noqa: A002
            body = await request.body()
            self.recordings.append((id, request.headers.get("content-type", ""), body))
            if self.busy_recordings > 0:
                self.busy_recordings -= 1
                answer = refused(503, "busy", "Many people are speaking right now.", retryable=True)
                answer.headers["Retry-After"] = "1"
                return answer
            if len(body) < 100 or not self.heard:
                return refused(422, "silent", "Nothing was said in this recording. Please record it again.")
            known = next((m for m in self.messages[name] if m["id"] == id), None)
            message = known or self._store(name, "customer", self.heard, id=id, spoken=True)
            if known is None:
                await self._publish(name, message)
                self._answer_soon(name, message, "message")
            return {"id": id, "seq": message["seq"], "repeated": bool(known), "transcript": message["text"]}

        @app.post("/api/conversations/{name}/frames", status_code=201, response_model=None)
        async def photo(name: str, request: Request, message_id: str) -> Any:
            body = await request.body()
            if self.refuse_photos or not self.consent[name]["face"]:
                return refused(403, "consent_missing", "There is no consent.")
            self.photos.append((message_id, len(self.messages[name]), body))
            return {"message_id": message_id, "frames": 1}

        @app.post("/api/conversations/{name}/messages/{message_id}/correction", status_code=202, response_model=None)
        async def correct(name: str, message_id: str, request: Request) -> Any:
            correction = await request.json()
            self.corrections.append(correction)
            if self.refuse_text is not None and self.refuse_text in correction["text"]:
                return refused(409, "refused", "This cannot be taken just now.")
            wrong = next(m for m in self.messages[name] if m["id"] == message_id)
            message = self._store(name, "customer", correction["text"], id=correction["id"], corrects=message_id)
            wrong["corrected_by"] = message["id"]
            await self._broadcast(name, {"type": "corrected", "message": wrong})
            await self._publish(name, message)
            self._answer_soon(name, message, "message")
            return {"id": message["id"], "seq": message["seq"], "text": message["text"], "replaced": False}

        @app.post("/api/conversations/{name}/steps", response_model=None)
        async def steps(name: str, request: Request) -> Any:
            batch = await request.json()
            if not self.consent[name]["behaviour"]:
                return refused(403, "no_consent", "There is no consent.")
            self.steps.append(batch)
            offer, self.offers_help = self.offers_help and batch["idle"], False
            return {"id": batch["id"], "repeated": False, "help": offer}

        @app.post("/api/events", status_code=204)
        async def event(request: Request) -> None:
            said = await request.json()
            self.events.append(said)
            self.search.note(said)

        @app.websocket("/api/conversations/{name}/socket")
        async def line(websocket: WebSocket, name: str) -> None:
            await websocket.accept()
            try:
                await self._talk(websocket, name)
            except (WebSocketDisconnect, RuntimeError):
                pass
            finally:
                self._sockets.get(name, set()).discard(websocket)

        @app.get("/chat")
        async def chat() -> Response:
            return FileResponse(STATIC / "chat" / "index.html", headers={"Content-Security-Policy": CHAT_POLICY})

        @app.get("/foreign")
        async def foreign() -> Response:
            policy = FOREIGN_POLICY.format(origin=self.url)
            page = FOREIGN_PAGE.format(origin=self.url)
            return HTMLResponse(page, headers={"Content-Security-Policy": policy})

        @app.get("/widget.js")
        async def widget() -> Response:
            return FileResponse(STATIC / "widget.js", media_type="text/javascript")

        assert PAGES.is_dir()
        self.search.attach(app)
        app.include_router(storefront_router(self.shop))  # type: ignore[arg-type]
        app.mount("/static", StaticFiles(directory=STATIC))
        return app

    async def _talk(self, line: WebSocket, name: str) -> None:
        first = await line.receive_json()
        by_cookie = name in self.account.joined and self.account.signed_in and first.get("token") == ""
        if not by_cookie and (self.tokens.get(name) is None or first.get("token") != self.tokens[name]):
            return await line.close(4404)
        hello = {
            "type": "hello",
            "owner": self.owner[name],
            "consent": self.consent[name],
            "may_ask": self.may_ask,
            "notice": NOTICE,
            "agent": self.agent[name],
            "last_seq": len(self.messages[name]),
            "recording": self.recording_limits,
            "speaks": self.voice.speaks,
        }
        await line.send_json(hello)
        for message in self.messages[name][first["after"] :]:
            await line.send_json({"type": "message", "message": message})
        self._sockets.setdefault(name, set()).add(line)
        while True:
            frame = await line.receive_json()
            if frame["type"] == "ping":
                await line.send_json({"type": "pong"})
            else:
                await self._take(name, frame, line)


def _replies(text: str, kind: str) -> list[dict[str, Any]]:
    words = text.lower()
    if kind == "person":
        return [{"text": "I have called a person. They will see what we have written so far."}]
    if "headphones" in words:
        return [{"text": "These fit what you describe.", "suggestions": SUGGESTIONS}]
    if "nothing" in words:
        return [{"text": "I am sorry about that. Let us solve it first.", "suggestions": []}]
    if "choose" in words:
        return [{"text": "Which order do you mean?", "buttons": [{"title": "417203"}, {"title": "418845"}]}]
    if "markup" in words:
        return [
            {
                "text": ATTACK,
                "buttons": [{"title": ATTACK}],
                "suggestions": [SUGGESTIONS[0] | {"title": ATTACK, "id": "x"}],
            }
        ]
    if "link" in words:
        return [{"text": "See https://example.com/help (and javascript:alert(1) or data:text/html,x)."}]
    return [{"text": f"You said: {text}"}]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
