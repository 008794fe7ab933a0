"""The storefront's web routes: the demo shop's page, its files and the item API."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel

from shop.image_hosts import ImageHosts
from store import Database
from vocabulary import Item

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


class RelationOut(BaseModel):
    """How an item relates to another one."""

    kind: Literal["accessory_of", "spare_part_of", "replacement_for", "service_plan_for"]
    target_id: str


class ItemOut(BaseModel):
    """An item as the storefront shows it.

    price: two decimals, in the currency; null if there is none. stock: null if pieces are not counted.
    """

    id: str
    title: str
    description: str
    category: str
    price: float | None
    currency: str
    stock: int | None
    attributes: dict[str, str]
    relations: list[RelationOut]
    path: list[str]
    image: str | None
    url: str | None

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        """The item without anything that a customer must not see."""
        return cls(
            id=item.id,
            title=item.title,
            description=item.description,
            category=item.category,
            price=None if item.price is None else float(item.price.quantize(Decimal("0.01"))),
            currency=item.currency,
            stock=item.stock,
            attributes=dict(item.attributes),
            relations=[RelationOut(kind=r.kind.value, target_id=r.target_id) for r in item.relations],
            path=list(item.categories),
            image=item.image,
            url=item.url,
        )


class ItemPage(BaseModel):
    """One page of the catalogue. total: items that pass the filters; categories: all of the shop's."""

    items: list[ItemOut]
    total: int
    categories: list[str]


def storefront_router(db: Database) -> APIRouter:
    """The routes `/`, `/storefront/…` and `/api/shop/items…` over one database."""
    router = APIRouter()
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
            return _refusal(404, "unknown_item", "The shop has no item with this id. List them at /api/shop/items.")
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
        return _refusal(404, "unknown_page", "This page does not exist. The shop is at /.")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
    if file.suffix == ".html":
        headers["Content-Security-Policy"] = PAGE_POLICY.format(images="'self'")
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return FileResponse(file, media_type=MEDIA_TYPES[file.suffix], headers=headers)


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "retryable": False}}, status_code=status)
