"""How large a request's body may be, by route."""

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Refused, error_body
from service.settings import Settings

# Room for the headers and the boundary of a multipart form.
_FORM_OVERHEAD_BYTES = 64 * 1024

_MOST_PICTURE_BYTES = 5_000_000
# A hundred steps with the longest names are 12 kB.
_MOST_STEPS_BYTES = 16 * 1024
# Five thousand rows of price and stock are 400 kB.
_MOST_ITEMS_BYTES = 1024 * 1024
# The staff pages' own traffic where a browser has no WebSocket.
_MOST_DESK_BYTES = 1024 * 1024


class BodyLimit:
    """Refuses bodies that are too large, by their announced length or while they arrive."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most, message = self._limit(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > most:
            body = error_body("too_large", message, retryable=False)
            return await JSONResponse(body, status_code=413)(scope, receive, send)
        arrived = 0

        async def counting() -> Message:
            nonlocal arrived
            event = await receive()
            if event["type"] == "http.request":
                arrived += len(event.get("body", b""))
                if arrived > most:
                    raise Refused("too_large", message, status=413)
            return event

        return await self._app(scope, counting, send)

    def _limit(self, path: str) -> tuple[int, str]:
        if path.endswith("/audio"):
            most = self._settings.max_audio_bytes
            return (
                most + _FORM_OVERHEAD_BYTES,
                f"The recording is larger than {most // 1_048_576} MB. Please send a shorter one.",
            )
        if path.endswith("/frames"):
            return (
                _MOST_PICTURE_BYTES + _FORM_OVERHEAD_BYTES,
                f"The picture is larger than {_MOST_PICTURE_BYTES // 1_000_000} MB. Please send a smaller one.",
            )
        if path.endswith("/steps"):
            return _MOST_STEPS_BYTES, f"These are too many steps at once: at most {_MOST_STEPS_BYTES // 1024} kB."
        if path == "/api/catalogue/import":
            most = self._settings.max_catalogue_bytes
            return (
                most + _FORM_OVERHEAD_BYTES,
                f"The file is larger than {most // 1_048_576} MB. Import it with `attune catalogue import` instead.",
            )
        if path.startswith("/api/catalogue/"):
            return _MOST_ITEMS_BYTES, f"This is too much at once: at most {_MOST_ITEMS_BYTES // 1024} kB."
        if path.startswith("/desk/_nicegui"):
            return _MOST_DESK_BYTES, f"This is too much at once: at most {_MOST_DESK_BYTES // 1024} kB."
        return (
            self._settings.max_json_bytes,
            f"The message is too long: at most {self._settings.max_message_chars:,} characters are possible. "
            "Please shorten it.",
        )
