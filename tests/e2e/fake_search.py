"""The shop's search and its shelves over the catalogue in memory: words, filters, and what a visit has looked at."""

from typing import Any

from fastapi import FastAPI

from shop.storefront import ItemOut
from tests.e2e.fake_catalogue import FakeCatalogue


class FakeSearch:
    """asked: the parameters of every search. looked: ids that visits have viewed, by visit."""

    def __init__(self, catalogue: FakeCatalogue) -> None:
        self._catalogue = catalogue
        self.asked: list[dict[str, Any]] = []
        self.looked: dict[str, list[str]] = {}

    def note(self, event: dict[str, Any]) -> None:
        """Keep what a visit has viewed."""
        if event["type"] == "storefront.view":
            self.looked.setdefault(event["session"], []).append(event["item_id"])

    def attach(self, app: FastAPI) -> None:
        """The two routes."""

        @app.get("/api/shop/search")
        async def search(
            q: str = "",
            category: str = "",
            min_price: float | None = None,
            max_price: float | None = None,
            in_stock: bool = False,
            visit: str | None = None,
            offset: int = 0,
            limit: int = 24,
        ) -> dict[str, Any]:
            self.asked.append({"q": q, "category": category, "in_stock": in_stock, "visit": visit})
            items, _ = await self._catalogue.page(category=category or None, text=q, limit=1000)
            found = [
                item
                for item in items
                if (min_price is None or (item.price is not None and item.price >= min_price))
                and (max_price is None or (item.price is not None and item.price <= max_price))
                and (not in_stock or item.is_available)
            ]
            seen = [await self._catalogue.get(one) for one in self.looked.get(visit or "", [])]
            categories = {item.category for item in seen if item}
            found.sort(key=lambda item: item.category not in categories)
            rows = [
                ItemOut.of(item).model_dump()
                | {"reason": "Like what you looked at in this visit." if item.category in categories else None}
                for item in found
            ]
            return {
                "items": rows[offset : offset + limit],
                "total": len(rows),
                "categories": await self._catalogue.categories(),
            }

        @app.get("/api/shop/items/{item_id}/related")
        async def related(item_id: str, limit: int = 8) -> dict[str, Any]:
            items, _ = await self._catalogue.page(limit=1000)
            bound = [item for item in items if any(one.target_id == item_id for one in item.relations)]
            return {"items": [ItemOut.of(item).model_dump() | {"reason": "Made for it."} for item in bound[:limit]]}
