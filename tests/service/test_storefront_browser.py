"""The storefront in a real browser over the real search: encoder, index, database and events as in the product."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from service.learning import refit
from shop import generate_catalogue
from tests.service.served import served
from tests.service.talk import Talk, talking
from vocabulary import Interaction, InteractionKind

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# The first search of a process loads the encoder and builds the index.
FIRST_MS = 120_000


@pytest.fixture
async def opened(tmp_path: Path, encoder_dir: Path) -> AsyncIterator[tuple[Page, Talk, str]]:
    async with (
        async_playwright() as playwright,
        talking(tmp_path, desk=False, encoder_dir=encoder_dir) as talk,
        served(talk.app) as host,
    ):
        async with talk.services.db.transaction() as tx:
            await tx.catalogue.replace_all(generate_catalogue())
            for who in range(8):
                for item_id in ("kettle-bruna-white", "extra-descaler", "part-limescale-filter-bruna"):
                    seen = Interaction(f"v_{who}", item_id, InteractionKind.VIEW, datetime.now(UTC))
                    await tx.interactions.add([seen], "storefront")
        await refit(talk.services.db, talk.services.settings)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"http://{host}/")
        yield page, talk, host
        await browser.close()
        assert complaints == []


async def test_a_visitor_finds_by_meaning_and_the_shop_fits_itself_only_when_asked(
    opened: tuple[Page, Talk, str],
) -> None:
    page, talk, host = opened
    await page.get_by_test_id("shop-search").fill("hoover for dog hair")
    first = page.get_by_test_id("shop-item").first
    await expect(first).to_contain_text("vacuum", timeout=FIRST_MS)
    await page.get_by_test_id("shop-filters").click()
    await page.get_by_test_id("filter-most").fill("200")
    await expect(page.get_by_test_id("shop-filters")).to_have_text("Filters · 1")
    await expect(first).to_contain_text("Allergy")
    prices = await page.get_by_test_id("shop-item").locator(".price").all_inner_texts()
    assert prices and all(float(price.removeprefix("€").replace(",", "")) <= 200 for price in prices)

    await page.goto(f"http://{host}/?item=kettle-bruna-white")
    related = page.get_by_test_id("related-item")
    await expect(related.first).to_be_visible(timeout=FIRST_MS)
    reasons = await related.locator(".tile-reason").all_inner_texts()
    assert len(reasons) == await related.count() and all(reasons)
    await page.wait_for_timeout(2200)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("for-you")).to_be_hidden()
    await page.get_by_test_id("fit-switch").click()
    await expect(page.get_by_test_id("for-you-item").first).to_be_visible(timeout=FIRST_MS)
    await expect(page.get_by_test_id("for-you-item").first).to_contain_text(
        "people who also looked at the Norrvale Bruna"
    )
    async with talk.services.db.reading() as tx:
        kept = {one.kind for one in await tx.interactions.all() if len(one.subject) > len("v_0")}
    assert {InteractionKind.VIEW, InteractionKind.DWELL} <= kept


async def test_random_letters_find_nothing_and_say_what_to_do(opened: tuple[Page, Talk, str]) -> None:
    page, _, _ = opened
    await page.get_by_test_id("shop-search").fill("qzxv wkjq")
    await expect(page.get_by_test_id("shop-count")).to_contain_text("Nothing found", timeout=FIRST_MS)
