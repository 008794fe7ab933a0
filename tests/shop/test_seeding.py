"""Seeding fills an empty shop once and leaves any other alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from privacy import KeyRing
from shop import KNOWN_ORDERS, generate_catalogue, seed
from store import Database, StoreSettings

TODAY = date(2026, 3, 2)


@pytest.fixture
def shop_settings(tmp_path: Path, encoder_dir: Path) -> StoreSettings:
    return StoreSettings(home=tmp_path, encoder_dir=encoder_dir)


@pytest.fixture
async def db(shop_settings: StoreSettings) -> AsyncIterator[Database]:
    database = Database(shop_settings, KeyRing.load_or_create(shop_settings.key_file))
    await database.upgrade()
    yield database
    await database.close()


async def test_an_empty_shop_is_filled(db: Database) -> None:
    seeded = await seed(db, today=TODAY)
    assert seeded.was_empty
    async with db.reading() as tx:
        assert await tx.catalogue.items() == generate_catalogue()
        assert await tx.orders.count() == seeded.orders >= 220
        order = await tx.orders.find("417203")
        assert order is not None
        assert order.email == KNOWN_ORDERS["417203"].email
        assert await tx.orders.plans_of(order.email)


async def test_a_second_seeding_changes_nothing(db: Database) -> None:
    await seed(db, today=TODAY)
    async with db.transaction() as tx:
        await tx.orders.cancel("418555", "key")
        await tx.catalogue.set_stock("kettle-bruna-blue", 1)
        version = await tx.catalogue.version()
    again = await seed(db, today=date(2026, 4, 2))
    assert not again.was_empty
    async with db.reading() as tx:
        order = await tx.orders.find("418555")
        assert order is not None
        assert order.status == "cancelled"
        assert await tx.catalogue.version() == version


async def test_two_seedings_at_once_fill_the_shop_once(db: Database) -> None:
    results = await asyncio.gather(seed(db, today=TODAY), seed(db, today=TODAY))
    assert sorted(result.was_empty for result in results) == [False, True]


async def test_the_orders_of_another_shop_are_left_alone(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all(generate_catalogue()[:3])
    assert not (await seed(db, today=TODAY)).was_empty
    async with db.reading() as tx:
        assert len(await tx.catalogue.items()) == 3


async def test_with_settings_the_index_is_built(db: Database, shop_settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all(generate_catalogue()[:3])
    await seed(db, shop_settings, today=TODAY)
    assert (shop_settings.index_dir / "index.json").is_file()


def test_the_shop_imports_no_web_framework_until_the_storefront_is_asked_for() -> None:
    import subprocess
    import sys

    code = (
        "import sys, shop; assert 'fastapi' not in sys.modules; shop.storefront_router; assert 'fastapi' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)
