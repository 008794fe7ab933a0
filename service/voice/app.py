"""The voice process's own HTTP: calls by WebSocket for the web process alone, /health and /metrics."""

import asyncio
import gc
import hmac
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, HTTPException, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from privacy import Secrets
from service.ears import Ears
from service.settings import Settings
from service.voice.call import Call
from service.voice.calls import Calls
from service.voice.control import Control
from service.voice.health import health, metrics
from service.voice.judging import open_judge
from service.voice.pipeline import load, open_socket_line
from service.voice.reading import VoiceRoom
from service.voice.recogniser import Hears
from service.voice.services import Services
from service.voice.turns import TurnSettings
from speech import Voice, VoiceError, open_voice

log = logging.getLogger(__name__)

_CALL_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_TURN_S: Final = 120.0


def create_app(settings: Settings, *, ears: Hears | None = None, voice: Voice | None = None) -> FastAPI:
    """The application. ears, voice: in place of those that the settings name."""
    services = Services(
        ears=ears or _ears(settings),
        voice_room=VoiceRoom(voice or _voice(settings)),
        turns=TurnSettings(strategy=settings.turn_strategy, silence_s=settings.turn_silence_s),
        judge_with=open_judge() if settings.turn_strategy == "smart" else None,
    )
    calls = Calls(services, places=settings.voice_calls)
    token = Secrets.load_or_create(settings.secrets_file).voice_token

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(load)
        # What is loaded now stays: looking through it again and again costs 90 ms, which is four late frames.
        gc.collect()
        gc.freeze()
        if settings.voice_warm:
            services.ears.warm()
        try:
            yield
        finally:
            await calls.close()
            services.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.calls = calls

    def web_process(connection: HTTPConnection) -> None:
        """Refuses whoever is not the web process."""
        given = connection.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, detail="the voice process is opened by the installation's own token only.")

    allowed = Annotated[None, Depends(web_process)]

    @app.get("/health")
    async def say_health() -> dict[str, Any]:
        return health(calls)

    @app.get("/metrics")
    async def say_metrics(_: allowed, _request: Request) -> Response:
        return Response(metrics(calls), media_type="text/plain; version=0.0.4")

    @app.websocket("/calls/{call_id}")
    async def control(socket: WebSocket, call_id: str, _: allowed) -> None:
        if not _CALL_ID.fullmatch(call_id):
            await socket.close()
            return
        await socket.accept()
        await Control(socket, call_id, calls, longest_s=settings.call_seconds).run()

    @app.websocket("/calls/{call_id}/audio")
    async def audio(socket: WebSocket, call_id: str, _: allowed) -> None:
        call = calls.get(call_id)
        if call is None or call.start.transport == "webrtc":
            await socket.close()
            return
        await socket.accept()
        await _carry(call, socket)

    return app


async def _carry(call: Call, socket: WebSocket) -> None:
    line = open_socket_line(call, socket, telephone=call.start.transport == "telephone")
    try:
        await line.run()
    except Exception as err:  # noqa: BLE001 - the call ends when no other line comes; its log line must not quote
        log.error("line failed", extra={"call_id": call.id, "reason": type(err).__name__})


def _ears(settings: Settings) -> Ears:
    return Ears(
        workers=settings.transcriber_workers,
        queue=4 * settings.voice_calls,
        max_seconds=_LONGEST_TURN_S,
        setup=settings.speech,
    )


def _voice(settings: Settings) -> Voice | None:
    try:
        return open_voice(settings.voice)
    except VoiceError as err:
        log.warning("no voice speaks in calls", extra={"code": err.code})
        return None
