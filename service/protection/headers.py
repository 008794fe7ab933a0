"""What browsers are told not to do with our pages."""

from collections.abc import MutableMapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from service.settings import Settings

# A year, as OWASP ASVS 5.0 asks for (3.4.1); without preload, which an operator decides for the whole domain.
_HSTS: Final = "max-age=31536000"
_STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors"
)


def chat_policy(settings: Settings, images: str = "'self'") -> str:
    """The chat page's content policy: shops that are named in the settings may show it. images: where pictures may lie.

    Sound is what the page itself holds: the customer's own recording, and answers read aloud.
    """
    framed_by = " ".join(("'self'", *settings.allowed_origins))
    strict = _STRICT.replace("img-src 'self'", f"img-src {images}")
    return f"media-src 'self' blob:; {strict} {framed_by}"


class SecurityHeaders:
    """Sets what browsers must not do with our pages. A header that a route has set itself stays."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._page = f"{_STRICT} 'none'"
        self._chat = chat_policy(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path: str = scope["path"]
        encrypted = scope.get("scheme") == "https"

        async def with_headers(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                headers = MutableHeaders(scope=event)
                for name, value in self._headers(path).items():
                    headers.setdefault(name, value)
                if encrypted:
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(event)

        return await self._app(scope, receive, with_headers)

    def _headers(self, path: str) -> dict[str, str]:
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(self), geolocation=(), microphone=(self)",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if path == "/desk" or path.startswith("/desk/"):
            headers["Content-Security-Policy"] = STAFF_POLICY
        elif path == "/chat":
            headers["Content-Security-Policy"] = self._chat
        elif path == "/account" or path.startswith("/account/"):
            headers["Content-Security-Policy"] = ACCOUNT_POLICY
        else:
            headers["Content-Security-Policy"] = self._page
        if path.startswith("/api/"):
            headers["Cache-Control"] = "no-store"
        return headers


ACCOUNT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The account page: nothing inline, nothing from outside, in no frame. data: is the picture of a key. Notifications
need the worker."""

# NiceGUI needs inline script and eval. Staff pages show customers' words as text only, and load nothing from outside.
STAFF_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "base-uri 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
