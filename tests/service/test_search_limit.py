"""Searches of one address: as many as people type, and no more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.service.talk import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path, encoder_dir: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, encoder_dir=encoder_dir, search_burst=2, searches_per_s=0.001) as started:
        yield started


async def test_an_address_that_searches_like_a_machine_is_refused_and_the_shop_window_stays_open(talk: Talk) -> None:
    found = [(await talk.client.get("/api/shop/search", params={"q": "kettle"})).status_code for _ in range(3)]
    assert found == [200, 200, 429]
    assert (await talk.client.get("/api/shop/items/kettle/related")).status_code == 429
    assert (await talk.client.get("/api/shop/items")).status_code == 200
