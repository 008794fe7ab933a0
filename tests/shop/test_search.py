"""The storefront's search over HTTP, with the real encoder and a real database."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from privacy import KeyRing
from recommender import TASTE_FILE, TasteModel
from shop import storefront_router
from store import Database, StoreSettings
from tests.recommender.fakes import item, small_shop
from vocabulary import Interaction, InteractionKind

VISIT = "a-random-visit-0123456789"
NOW = datetime.now(UTC)


@dataclass
class Shop:
    """A shop's web side. visits: what each visit did; asked: which visits were looked at."""

    db: Database
    settings: StoreSettings
    http: httpx.AsyncClient
    visits: dict[str, list[Interaction]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def history_of(self, visit: str) -> Sequence[Interaction]:
        self.asked.append(visit)
        return self.visits.get(visit, [])

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(f"/api/shop/{path}", params=query)

    async def found(self, **query: Any) -> list[str]:
        return [one["id"] for one in (await self.get("search", **query)).json()["items"]]


@pytest.fixture
async def shop(tmp_path: Path, encoder_dir: Path) -> AsyncIterator[Shop]:
    settings = StoreSettings(home=tmp_path, encoder_dir=encoder_dir)
    db = Database(settings, KeyRing.load_or_create(settings.key_file))
    await db.upgrade()
    async with db.transaction() as tx:
        await tx.catalogue.replace_all(small_shop())
    app = FastAPI()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        made = Shop(db, settings, http)
        app.include_router(storefront_router(db, settings, history_of=made.history_of))
        yield made
    await db.close()


async def test_words_limits_and_refusals_are_understood(shop: Shop) -> None:
    assert (await shop.found(q="a quiet kettle"))[0] in ("kettle-quiet", "kettle-quiet-red")
    cheap = await shop.found(q="kettle under 30 euros")
    assert "kettle-plain" in cheap and "kettle-quiet" not in cheap
    assert "kettle-quiet-red" not in await shop.found(q="quiet kettle, not red")
    assert await shop.found(q="lkjh mnbv poiu") == []
    assert (await shop.found(q="toas"))[0].startswith("toaster")


async def test_the_filters_of_the_page_hold(shop: Shop) -> None:
    page = (await shop.get("search", category="Kettles", max_price=50, in_stock=True)).json()
    assert {one["id"] for one in page["items"]} == {
        "kettle-quiet",
        "kettle-quiet-red",
        "kettle-plain",
        "tea-set",
    }
    assert page["total"] == 4
    assert page["categories"] == ["Kettles", "Service plans", "Spare parts", "Toasters"]
    assert "toaster" in await shop.found(q="plain toaster")
    assert "toaster" not in await shop.found(q="plain toaster", in_stock=True)


async def test_without_words_the_catalogue_is_listed_in_its_order(shop: Shop) -> None:
    first = (await shop.get("search", limit=4)).json()
    rest = (await shop.get("search", limit=100, offset=4)).json()
    listed = [one["id"] for one in (*first["items"], *rest["items"])]
    assert listed == [one.id for one in small_shop()]
    assert first["total"] == rest["total"] == len(small_shop())
    assert {one["reason"] for one in first["items"]} == {None}


async def learn(shop: Shop) -> None:
    acts = [
        Interaction(f"v_{person}", item_id, InteractionKind.PURCHASE, NOW - timedelta(days=person + 1))
        for person in range(8)
        for item_id in ("kettle-gold", "tea-set")
    ]
    shop.settings.learned_dir.mkdir(parents=True, exist_ok=True)
    TasteModel.fit(acts, small_shop(), now=NOW).save(shop.settings.learned_dir / TASTE_FILE)


async def test_a_visit_counts_only_when_its_visitor_sends_it(shop: Shop) -> None:
    await learn(shop)
    shop.visits[VISIT] = [Interaction("v_me", "kettle-gold", InteractionKind.VIEW, NOW)]
    plain = (await shop.get("search")).json()["items"]
    assert shop.asked == []
    fitting = (await shop.get("search", visit=VISIT)).json()["items"]
    assert shop.asked == [VISIT]
    assert plain[0]["id"] == "kettle-quiet" and fitting[0]["id"] == "tea-set"
    assert fitting[0]["reason"].startswith("Chosen by people who also looked at the Golden kettle")
    assert [one["id"] for one in plain if one["reason"]] == []


async def test_what_goes_with_an_item_comes_with_its_reason(shop: Shop) -> None:
    await learn(shop)
    items = (await shop.get("items/kettle-quiet/related")).json()["items"]
    reasons = {one["id"]: one["reason"] for one in items}
    assert reasons["filter"].startswith("A spare part for the Quiet kettle")
    assert "kettle-quiet" not in reasons and all(reasons.values())
    together = (await shop.get("items/kettle-gold/related", limit=1)).json()["items"]
    assert together[0]["id"] == "tea-set"


async def test_a_change_of_the_catalogue_is_found_by_the_next_search(shop: Shop) -> None:
    await shop.found(q="samovar")
    async with shop.db.transaction() as tx:
        await tx.catalogue.put([item("samovar", "Brass samovar", "90.00", category="Samovars", type="samovar")])
        await tx.catalogue.remove(["kettle-plain"])
    assert (await shop.found(q="brass samovar"))[0] == "samovar"
    assert "kettle-plain" not in await shop.found(q="plain kettle")


@pytest.mark.parametrize(
    "query",
    [
        {"category": "boats"},
        {"min_price": 50, "max_price": 10},
        {"max_price": "nan"},
        {"max_price": -1},
        {"limit": 0},
        {"offset": -1},
        {"visit": "no-storage"},
        {"visit": "x" * 100},
        {"q": "x" * 601},
    ],
)
async def test_what_cannot_be_is_refused(shop: Shop, query: dict[str, Any]) -> None:
    assert (await shop.get("search", **query)).status_code == 422


async def test_an_unknown_item_has_nothing_that_goes_with_it(shop: Shop) -> None:
    answer = await shop.get("items/nothing/related")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_item")


async def test_without_an_encoder_the_words_are_still_compared(shop: Shop, tmp_path: Path) -> None:
    broken = StoreSettings(home=tmp_path, encoder_dir=tmp_path / "missing")
    app = FastAPI()
    app.include_router(storefront_router(shop.db, broken))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop") as http:
        page = (await http.get("/api/shop/search", params={"q": "kettle"})).json()
    assert page["note"] == "plain" and page["total"] > 0
