"""The storefront's search: what fits the words, and what goes with an item."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from recommender import Candidate, FactorKind, FilterError, Filters, RecommenderError
from shop.finding import Finder
from shop.item_shapes import ItemOut, refusal
from store import Database

log = logging.getLogger(__name__)

_MOST_PRICE: Final = 1e12
_PERSONAL: Final = frozenset({FactorKind.BEHAVIOUR, FactorKind.TASTE})

Visit = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{16,64}$", description="only with the visitor's leave")]
Price = Annotated[float | None, Query(ge=0, le=_MOST_PRICE, allow_inf_nan=False)]


class FoundItem(ItemOut):
    """An item of an answer. reason: why it is here, in one sentence; null where the words alone have found it."""

    reason: str | None = None


class FoundPage(BaseModel):
    """One page of what was found. note: "plain" while only the words themselves can be compared; null else."""

    items: list[FoundItem]
    total: int
    categories: list[str]
    note: str | None = None


class RelatedItems(BaseModel):
    """What goes with an item, the closest first."""

    items: list[FoundItem]


def search_router(db: Database, finder: Finder) -> APIRouter:
    """The routes `/api/shop/search` and `/api/shop/items/{id}/related`."""
    router = APIRouter(tags=["shop"])

    @router.get("/api/shop/search", response_model=FoundPage)
    async def search(
        q: Annotated[str, Query(max_length=600)] = "",
        category: Annotated[str | None, Query(max_length=100)] = None,
        min_price: Price = None,
        max_price: Price = None,
        in_stock: bool = False,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 24,
        visit: Visit = None,
    ) -> FoundPage | JSONResponse:
        """What fits the words, best first; without words everything that the filters let pass.

        What the words limit or refuse ("under 50", "not black") holds. With `visit`, what fits its own steps comes
        first, with the reason.
        """
        async with db.reading() as tx:
            categories = [str(name) for name in await tx.catalogue.categories()]
        try:
            filters = Filters(max_price=max_price, min_price=min_price, category=category or None, in_stock=in_stock)
            recommender = await finder.recommender()
            history = await finder.history(visit)
            found, total = await asyncio.to_thread(
                recommender.search, q, filters=filters, history=history, limit=limit, offset=offset
            )
        except FilterError as err:
            return refusal(422, err.code, str(err))
        except (RecommenderError, OSError) as err:
            log.error("search by meaning is down", extra={"error": type(err).__name__})
            return await _plainly(db, q, category, offset, limit, categories)
        items = [_found(one, recommender.why(one) if _is_personal(one) else None) for one in found]
        return FoundPage(items=items, total=total, categories=categories)

    @router.get("/api/shop/items/{item_id}/related", response_model=RelatedItems)
    async def related(
        item_id: str, limit: Annotated[int, Query(ge=1, le=24)] = 8, visit: Visit = None
    ) -> RelatedItems | JSONResponse:
        """What belongs to an item, is chosen together with it, or is like it; only what can be had."""
        try:
            recommender = await finder.recommender()
            history = await finder.history(visit)
            found = await asyncio.to_thread(recommender.related, item_id, history=history, limit=limit)
        except (RecommenderError, OSError) as err:
            log.error("search by meaning is down", extra={"error": type(err).__name__})
            return RelatedItems(items=[])
        if recommender.item(item_id) is None:
            return refusal(404, "unknown_item", "The shop has no item with this id. List them at /api/shop/items.")
        named = [(recommender.item(one.item_id), one.reason) for one in found]
        return RelatedItems(
            items=[FoundItem(**ItemOut.of(item).model_dump(), reason=why) for item, why in named if item is not None]
        )

    return router


def _is_personal(candidate: Candidate) -> bool:
    return any(factor.kind in _PERSONAL and factor.weight > 0 for factor in candidate.factors)


def _found(candidate: Candidate, reason: str | None) -> FoundItem:
    return FoundItem(**ItemOut.of(candidate.item).model_dump(), reason=reason)


async def _plainly(
    db: Database, q: str, category: str | None, offset: int, limit: int, categories: Sequence[str]
) -> FoundPage:
    """By the words as they stand, in the catalogue's order: better than no answer."""
    async with db.reading() as tx:
        items, total = await tx.catalogue.page(
            category=category or None, text=q.strip()[:200] or None, offset=offset, limit=limit
        )
    found = [FoundItem(**ItemOut.of(item).model_dump()) for item in items]
    return FoundPage(items=found, total=total, categories=list(categories), note="plain")
