"""The storefront's web routes: the demo shop's page, its files and the item API."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel

from shop.finding import Finder, HistoryOf
from shop.image_hosts import ImageHosts
from shop.item_shapes import ItemOut, refusal
from shop.searching import search_router
from store import Database, StoreSettings

PAGES: Final = Path(__file__).parent / "storefront"
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The storefront is an ordinary host page: no inline script or style, nothing from another host but the items'
pictures."""

_SHELF: Final = 6
"""How many items of a category the front page chooses from."""

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class ItemPage(BaseModel):
    """One page of the catalogue. total: items that pass the filters; categories: all of the shop's."""

    items: list[ItemOut]
    total: int
    categories: list[str]


def storefront_router(
    db: Database,
    settings: StoreSettings | None = None,
    *,
    history_of: HistoryOf | None = None,
    search_guards: Sequence[Any] = (),
) -> APIRouter:
    """The routes `/`, `/storefront/…` and `/api/shop/…` over one database.

    settings: where encoder, index and rules are; without them there is no search. history_of: what a visit did.
    search_guards: dependencies of the search, which costs more than a page does, such as a limit of each address.
    """
    router = APIRouter()
    if settings is not None:
        searching = search_router(db, Finder(db, settings, history_of))
        router.include_router(searching, dependencies=list(search_guards))
    files = _files()
    pictures = ImageHosts(db)

    @router.get("/", include_in_schema=False)
    async def storefront_page() -> Response:
        page = _file(files.get("index.html"))
        page.headers["Content-Security-Policy"] = PAGE_POLICY.format(images=await pictures.sources())
        return page

    @router.get("/storefront/{path:path}", include_in_schema=False)
    async def storefront_file(path: str) -> Response:
        return _file(files.get(path))

    @router.get("/api/shop/items", tags=["shop"])
    async def list_items(
        category: Annotated[str | None, Query(max_length=80)] = None,
        text: Annotated[str | None, Query(max_length=200)] = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 24,
    ) -> ItemPage:
        """Items by category and words, a page at a time."""
        async with db.reading() as tx:
            items, total = await tx.catalogue.page(
                category=category or None, text=(text or "").strip() or None, offset=offset, limit=limit
            )
            categories = await tx.catalogue.categories()
        return ItemPage(
            items=[ItemOut.of(item) for item in items], total=total, categories=[str(name) for name in categories]
        )

    @router.get("/api/shop/highlights", tags=["shop"])
    async def list_highlights() -> ItemPage:
        """One item of every category, for a front page; total counts the whole shop."""
        async with db.reading() as tx:
            categories = [str(name) for name in await tx.catalogue.categories()]
            shelves = [(await tx.catalogue.page(category=name, limit=_SHELF))[0] for name in categories]
            _, total = await tx.catalogue.page(limit=1)
        chosen = []
        for number, shelf in enumerate(shelves):
            in_stock = [item for item in shelf if item.is_available]
            # Not always the first: that is the white one in most families.
            chosen += [ItemOut.of(in_stock[number % len(in_stock)])] if in_stock else []
        return ItemPage(items=chosen, total=total, categories=categories)

    @router.get("/api/shop/items/{item_id}", tags=["shop"], response_model=ItemOut)
    async def get_item(item_id: str) -> ItemOut | JSONResponse:
        """One item by its id."""
        async with db.reading() as tx:
            item = await tx.catalogue.get(item_id)
        if item is None:
            return refusal(404, "unknown_item", "The shop has no item with this id. List them at /api/shop/items.")
        return ItemOut.of(item)

    return router


def _files() -> dict[str, Path]:
    """The storefront's files by their address; nothing else can be asked for."""
    return {
        file.relative_to(PAGES).as_posix(): file
        for file in PAGES.rglob("*")
        if file.is_file() and file.suffix in MEDIA_TYPES
    }


def _file(file: Path | None) -> Response:
    if file is None:
        return refusal(404, "unknown_page", "This page does not exist. The shop is at /.")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    if file.suffix == ".html":
        headers["Content-Security-Policy"] = PAGE_POLICY.format(images="'self'")
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return FileResponse(file, media_type=MEDIA_TYPES[file.suffix], headers=headers)
