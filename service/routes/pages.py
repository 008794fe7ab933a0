"""The chat page, the one script tag that puts it into a shop, and the account page."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from service.context import Services
from service.errors import Refused
from service.permit import public
from service.protection import chat_policy
from shop import ImageHosts

STATIC = Path(__file__).resolve().parent.parent / "static"
# Browsers ask each time whether a file changed; the answer is mostly "no" and costs nothing.
_REVALIDATE = {"Cache-Control": "no-cache"}


class RevalidatedFiles(StaticFiles):
    """Files that browsers may keep, but have to ask about."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(_REVALIDATE)
        return response


def pages_router(services: Services) -> APIRouter:
    """The routes `/chat`, `/widget.js`, `/account` and `/account/worker.js`."""
    router = APIRouter(include_in_schema=False, dependencies=[public("pages and scripts hold nobody's data")])
    pictures = ImageHosts(services.db)

    @router.get("/chat")
    async def chat_page() -> Response:
        page = _file("chat/index.html", "text/html; charset=utf-8")
        # Its cards show pictures of the shop's items.
        page.headers["Content-Security-Policy"] = chat_policy(services.settings, await pictures.sources())
        return page

    @router.get("/widget.js")
    async def widget() -> Response:
        response = _file("widget.js", "text/javascript; charset=utf-8")
        # Shops on other hosts load it, even those that isolate themselves.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @router.get("/account")
    async def account_page() -> Response:
        return _file("account/index.html", "text/html; charset=utf-8")

    @router.get("/account/worker.js")
    async def account_worker() -> Response:
        response = _file("account/worker.js", "text/javascript; charset=utf-8")
        # Its own folder lies beneath the page, which it has to serve.
        response.headers["Service-Worker-Allowed"] = "/account"
        return response

    return router


def _file(name: str, media_type: str) -> FileResponse:
    path = STATIC / name
    if not path.is_file():
        raise Refused(
            "page_missing", f"{name} is missing from this installation. Install the package again.", status=404
        )
    return FileResponse(path, media_type=media_type, headers=_REVALIDATE)
