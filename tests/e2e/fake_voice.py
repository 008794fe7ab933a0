"""The fake service's voice: the product's own sentences, and a quiet tone for each of them."""

import io
import math
import struct
import wave
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from speech import sentences


@dataclass
class FakeVoice:
    """speaks: whether it is there, as the greeting tells. asked: what was fetched, [message, index].

    refuse: code of the error that every request gets. sentence_s: how long each sentence sounds.
    """

    speaks: bool = False
    sentence_s: float = 0.4
    refuse: str | None = None
    asked: list[list[Any]] = field(default_factory=list)

    def attach(self, app: FastAPI, api: Any) -> None:
        """Add the two routes. api: FakeApi."""
        base = "/api/conversations/{name}/messages/{message_id}/speech"

        def refusal(request: Request, name: str) -> JSONResponse | None:
            if request.headers.get("authorization") != f"Bearer {api.tokens.get(name)}":
                return error(404, "unknown_conversation", retryable=False)
            return error(503, self.refuse, retryable=False) if self.refuse else None

        @app.get(base, response_model=None)
        async def parts(name: str, message_id: str, request: Request) -> Any:
            found = parts_of(api, name, message_id)
            return refusal(request, name) or {"sentences": len(found), "engine": "fake", "parts": found}

        @app.get(base + "/{index}", response_model=None)
        async def sound(name: str, message_id: str, index: int, request: Request) -> Response:
            self.asked.append([message_id, index])
            return refusal(request, name) or Response(tone(self.sentence_s), media_type="audio/wav")


def parts_of(api: Any, name: str, message_id: str) -> list[dict[str, Any]]:
    message = next(message for message in api.messages[name] if message["id"] == message_id)
    # The tests' messages hold no sign beyond 16 bits, so characters are UTF-16 units.
    found = [{"part": "text", "start": one.start, "end": one.end} for one in sentences(message["text"])]
    if message["buttons"]:
        found.append({"part": "buttons", "start": None, "end": None})
    return found


def error(status: int, code: str, *, retryable: bool) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": "No voice.", "retryable": retryable}}, status_code=status)


def tone(seconds: float, rate_hz: int = 16_000) -> bytes:
    """A WAV file of a quiet 440 Hz."""
    levels = (round(2000 * math.sin(2 * math.pi * 440 * n / rate_hz)) for n in range(round(seconds * rate_hz)))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(b"".join(struct.pack("<h", level) for level in levels))
    return written.getvalue()
