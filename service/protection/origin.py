"""Requests that other sites make a browser send: refused, whatever cookie travels with them."""

import logging
from typing import Final
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.addresses import LOOPBACK
from service.errors import error_body
from service.settings import Settings

log = logging.getLogger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What a browser says of a page's own request, and of an address that a person has typed.
_OWN: Final = frozenset({"same-origin", "none"})
_CLOSE_REFUSED: Final = 4403


class SameOrigin:
    """Refuses what would change something, and every WebSocket, when a page of another origin asks for it.

    Browsers say so themselves, in Sec-Fetch-Site or in Origin, and no page can take that back. What sends neither is
    no browser: it has no cookies but its own. A sister site (same-site) is another site here.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._public = settings.public_url.casefold()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not self._is_own(scope):
            log.warning("cross-site request refused", extra={"method": scope["method"]})
            body = error_body("cross_site", "Another site has sent this. Use this site's own pages.", retryable=False)
            return await JSONResponse(body, status_code=403)(scope, receive, send)
        if scope["type"] == "websocket" and not self._is_own(scope):
            log.warning("cross-site request refused", extra={"method": "websocket"})
            return await send({"type": "websocket.close", "code": _CLOSE_REFUSED, "reason": "another site"})
        return await self._app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None:
            return self._is_our_origin(origin.casefold(), scope, headers)
        site = headers.get("sec-fetch-site")
        return site is None or site in _OWN

    def _is_our_origin(self, origin: str, scope: Scope, headers: Headers) -> bool:
        if self._public and origin == self._public:
            return True
        host = headers.get("host", "").casefold()
        scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
        if not host or origin != f"{scheme}://{host}":
            return False
        # Where the public address is known, another host name may belong to anybody who points it at this machine.
        return not self._public or _hostname(host) in LOOPBACK


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
