"""Which encoder the storefront's search reads with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from privacy import KeyRing
from shop.finding import Finder
from store import Database, StoreSettings
from tests.recommender.fakes import small_shop


@pytest.fixture
def shop_settings(tmp_path: Path, encoder_dir: Path) -> StoreSettings:
    """Another model reads the catalogue than the assistant; the assistant's own is not there."""
    settings = StoreSettings(home=tmp_path, encoder_model="a-shop/its-model")
    settings.catalogue_encoder_dir.parent.mkdir(parents=True)
    settings.catalogue_encoder_dir.symlink_to(encoder_dir)
    return settings


@pytest.fixture
async def db(shop_settings: StoreSettings) -> AsyncIterator[Database]:
    database = Database(shop_settings, KeyRing.load_or_create(shop_settings.key_file))
    await database.upgrade()
    async with database.transaction() as tx:
        await tx.catalogue.replace_all(small_shop())
    yield database
    await database.close()


async def test_the_search_reads_with_the_encoder_of_the_catalogue(db: Database, shop_settings: StoreSettings) -> None:
    recommender = await Finder(db, shop_settings).recommender()
    assert recommender.search("a quiet kettle")[0][0].item.id in ("kettle-quiet", "kettle-quiet-red")
