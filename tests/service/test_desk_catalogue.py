"""The desk's catalogue and suggestions in a real browser, over the real API and database."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from service import Settings
from service.accounts.cookie import PLAIN_NAME
from shop import generate_catalogue
from tests.service.callers import Callers, people_of
from tests.service.served import served
from tests.service.talk import Talk, talking
from vocabulary import Interaction, InteractionKind, Role

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SHEET = (
    "Artikelnr;Bezeichnung;Warengruppe;VK brutto;Bestand;Farbe;Lieferant\n"
    "K-1;Wasserkocher Luna;Küche > Wasserkocher;29,90;4;weiß;Nord AG\n"
    "K-2;Wasserkocher Sol;Küche > Wasserkocher;1.299,00;0;rot;Nord AG\n"
    "K-3;Toaster Bro;Küche > Toaster;abc;7;blau;Nord AG\n"
    "K-4;Toaster Vit;Küche > Toaster;;;weiß;Nord AG\n"
)


@dataclass
class Desk:
    """An admin's page, and what stands behind it."""

    page: Page
    talk: Talk
    people: Callers
    host: str
    complaints: list[str]

    async def open(self, path: str, role: Role = Role.ADMIN) -> None:
        session = await self.people.session(role)
        await self.page.context.add_cookies([{"name": PLAIN_NAME, "value": session, "url": f"http://{self.host}"}])
        await self.page.goto(f"http://{self.host}/desk{path}")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    rules = tmp_path / "suggestions.toml"
    shutil.copy(Settings.model_fields["suggestions_file"].default, rules)
    async with (
        async_playwright() as playwright,
        talking(tmp_path, desk=True, suggestions_file=rules) as talk,
        served(talk.app) as host,
    ):
        async with talk.services.db.transaction() as tx:
            await tx.catalogue.replace_all(generate_catalogue())
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Desk(page, talk, await people_of(talk), host, complaints)
        await browser.close()
        assert complaints == []


async def test_an_admin_finds_changes_adds_and_deletes_items(desk: Desk) -> None:
    page, catalogue = desk.page, "desk-catalogue"
    await desk.open("/catalogue")
    await expect(page.get_by_test_id("desk-catalogue-status")).to_contain_text("432 in 23 categories")
    await page.get_by_test_id("desk-catalogue-find").fill("bruna kettle")
    await page.get_by_test_id("desk-catalogue-find").press("Enter")
    # The list is drawn anew: what is typed before would be gone.
    await expect(page.get_by_test_id(catalogue).get_by_role("row")).to_have_count(6)
    row = page.get_by_test_id(catalogue).get_by_role("row").filter(has_text="kettle-bruna-black")
    await row.get_by_test_id("desk-item-price").fill("1.2.3")
    await row.get_by_test_id("desk-item-save").click()
    await expect(page.get_by_text("is not understood. Write it as 29.90")).to_be_visible()
    await row.get_by_test_id("desk-item-price").fill("41,50")
    await row.get_by_test_id("desk-item-stock").fill("")
    await row.get_by_test_id("desk-item-stock").press("Enter")
    await expect(page.get_by_text("price and stock are saved")).to_be_visible()
    async with desk.talk.services.db.reading() as tx:
        black = await tx.catalogue.get("kettle-bruna-black")
    assert black is not None and str(black.price) == "41.50" and black.stock is None

    await page.get_by_test_id("desk-catalogue-add").click()
    await page.get_by_test_id("desk-item-keep").click()
    await expect(page.get_by_text("Id: 1 to 64")).to_be_visible()
    for name, text in (
        ("id", "kettle-new"),
        ("title", "Norrvale Ny <b>kettle</b>"),
        ("path", "Kitchen > Kettles"),
        ("price", "19"),
        ("image", "https://pictures.example/ny.jpg"),
        ("attributes", "colour: blue\nnoise: quiet"),
        ("relations", "replacement for kettle-bruna-black"),
    ):
        await page.get_by_test_id(f"desk-item-{name}-field").fill(text)
    await page.get_by_test_id("desk-item-keep").click()
    await expect(page.get_by_test_id("desk-item-form")).to_be_hidden()
    async with desk.talk.services.db.reading() as tx:
        new = await tx.catalogue.get("kettle-new")
    assert new is not None and new.path == ("Kitchen", "Kettles") and new.attributes["noise"] == "quiet"
    await expect(page.get_by_test_id("desk-catalogue-status")).to_contain_text("pictures.example")

    await page.get_by_test_id("desk-catalogue-find").fill("norrvale ny <b>")
    await page.get_by_test_id("desk-catalogue-go").click()
    await expect(page.get_by_test_id(catalogue).get_by_role("row")).to_have_count(2)
    await expect(page.get_by_text("Norrvale Ny <b>kettle</b>").first).to_be_visible()
    await page.get_by_test_id("desk-item-delete").click()
    await page.get_by_test_id("desk-no").click()
    await page.get_by_test_id("desk-item-delete").click()
    await page.get_by_test_id("desk-yes").last.click()
    await expect(page.get_by_text("Nothing found")).to_be_visible()
    async with desk.talk.services.db.reading() as tx:
        assert await tx.catalogue.get("kettle-new") is None
        record = [entry.act for entry in await tx.audit.entries(limit=20)]
    assert record.count("catalogue.change") == 3


async def test_a_change_that_came_in_between_is_told_and_undoes_nothing(desk: Desk) -> None:
    await desk.open("/catalogue")
    page = desk.page
    await page.get_by_test_id("desk-catalogue-find").fill("bruna kettle white")
    await page.get_by_test_id("desk-catalogue-find").press("Enter")
    await expect(page.get_by_test_id("desk-catalogue").get_by_role("row")).to_have_count(2)
    row = page.get_by_test_id("desk-catalogue").get_by_role("row").filter(has_text="kettle-bruna-white")
    async with desk.talk.services.db.transaction() as tx:
        await tx.catalogue.set_stock("kettle-bruna-white", 77)
    await row.get_by_test_id("desk-item-price").fill("1")
    await row.get_by_test_id("desk-item-save").click()
    await expect(page.get_by_text("Somebody has changed this item meanwhile")).to_be_visible()
    await expect(row.get_by_test_id("desk-item-stock")).to_have_value("77")
    async with desk.talk.services.db.reading() as tx:
        white = await tx.catalogue.get("kettle-bruna-white")
    assert white is not None and white.stock == 77 and str(white.price) == "38.00"


async def test_a_file_is_looked_at_put_right_and_taken_in(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "Bestand März.csv"
    file.write_bytes(SHEET.encode("cp1252"))
    await desk.open("/catalogue")
    page = desk.page
    await page.get_by_test_id("desk-import-open").click()
    await page.get_by_test_id("desk-import-look").click()
    await expect(page.get_by_text("Choose a file first.")).to_be_visible()
    await page.get_by_test_id("desk-import-file").set_input_files(file)
    await page.get_by_test_id("desk-import-look").click()
    await expect(page.get_by_test_id("desk-import-words")).to_contain_text("4 rows, of which 3 would come in")
    columns = page.get_by_test_id("desk-import-columns").get_by_role("row")
    await expect(columns.filter(has_text="VK brutto")).to_contain_text("Price")
    await expect(columns.filter(has_text="Lieferant")).to_contain_text("Left out")
    await expect(page.get_by_test_id("desk-import-rejected")).to_contain_text("abc")
    async with desk.talk.services.db.reading() as tx:
        assert await tx.catalogue.get("K-1") is None, "a look has stored something"

    await columns.filter(has_text="Farbe").get_by_test_id("desk-import-meaning").click()
    await page.get_by_role("option", name="Left out").click()
    await page.get_by_text("Keep items that are not in the file").click()
    await page.get_by_test_id("desk-import-go").click()
    await expect(page.get_by_test_id("desk-import-done")).to_contain_text("3 of 4 rows are in the catalogue now.")
    await expect(page.get_by_test_id("desk-catalogue-status")).to_contain_text("435 in")
    async with desk.talk.services.db.reading() as tx:
        luna, vit = await tx.catalogue.get("K-1"), await tx.catalogue.get("K-4")
    assert luna is not None and vit is not None
    assert (str(luna.price), luna.stock, luna.title, vit.price) == ("29.90", 4, "Wasserkocher Luna", None)
    assert "Farbe" not in json.dumps(dict(luna.attributes)) and "Nord" not in json.dumps(dict(luna.attributes))


async def test_a_supervisor_reads_the_catalogue_and_changes_nothing(desk: Desk) -> None:
    await desk.open("/catalogue", Role.SUPERVISOR)
    await expect(desk.page.get_by_test_id("desk-catalogue")).to_contain_text("38.00 EUR")
    for name in ("desk-item-save", "desk-item-delete", "desk-catalogue-add", "desk-import"):
        await expect(desk.page.get_by_test_id(name)).to_have_count(0)


async def test_rules_stand_in_words_and_are_checked_before_they_are_saved(desk: Desk) -> None:
    file = desk.talk.services.settings.suggestions_file
    before = file.read_text()
    await desk.open("/suggestions")
    page = desk.page
    rules = page.get_by_test_id("desk-rules").get_by_role("listitem")
    await expect(rules.filter(has_text="overwhelmed").first).to_contain_text("At most 1 is shown.")
    await page.get_by_text("Change the rules").click()
    text = page.get_by_test_id("desk-rules-text").locator(".cm-content")
    await text.fill(before.replace("at_most = 1", "at_most = 99"))
    await page.get_by_test_id("desk-rules-save").click()
    await expect(page.get_by_text("expected a whole number from 1 to")).to_be_visible()
    assert file.read_text() == before
    await text.fill(before.replace("at_most = 1", "at_most = 2"))
    await page.get_by_test_id("desk-rules-check").click()
    await expect(page.get_by_test_id("desk-rules-said")).to_contain_text("These rules can be used")
    assert file.read_text() == before
    await page.get_by_test_id("desk-rules-save").click()
    await expect(rules.filter(has_text="overwhelmed").first).to_contain_text("At most 2 are shown.")
    assert file.read_text() == before.replace("at_most = 1", "at_most = 2")
    assert [one.name for one in file.parent.iterdir() if one.name.startswith(".rules")] == []

    # Somebody else writes while the page is open.
    await page.get_by_text("Change the rules").click()
    file.write_text(before)
    await page.get_by_test_id("desk-rules-save").click()
    await expect(page.get_by_text("Somebody has changed the rules meanwhile")).to_be_visible()
    assert file.read_text() == before


async def test_an_auditor_sees_what_was_offered_and_why_and_looking_is_on_record(desk: Desk) -> None:
    guest = desk.people.own["guest"]
    slate = {
        "suggestions": [
            {
                "id": "extra-descaler",
                "title": "Descaler",
                "reason": "Goes with the Bruna; it costs 7.99 EUR.",
            }
        ],
        "explanations": [
            {
                "item": "extra-descaler",
                "place": 1,
                "rule": "help first",
                "factors": [
                    {"kind": "relation", "weight": 0.6, "details": {"target": "kettle-bruna-white"}},
                    {"kind": "state", "weight": 0.1, "details": {"rule": "help first"}},
                ],
            }
        ],
        "choice": {"policy": "thompson-1", "propensity": 0.8, "explored": False},
        "frustration": 48.0,
    }
    async with desk.talk.services.db.transaction() as tx:
        await tx.slates.add(guest.conversation_id, "message-0001", guest.customer_id, slate, "thompson-1")
        viewed = Interaction(guest.customer_id, "kettle-bruna-white", InteractionKind.VIEW, datetime.now(UTC))
        await tx.interactions.add([viewed], "storefront")
    await desk.open("/suggestions", Role.AUDITOR)
    page = desk.page
    await expect(page.get_by_test_id("desk-suggestions-figures")).to_contain_text("1")
    await expect(page.get_by_test_id("desk-rules-editor")).to_have_count(0)
    await page.get_by_test_id("desk-slates-show").click()
    shown = page.get_by_test_id("desk-slate")
    await expect(shown).to_contain_text("rule “help first”")
    await expect(shown).to_contain_text("chance 80%")
    await expect(shown).to_contain_text("Goes with the Bruna; it costs 7.99 EUR.")
    await expect(shown).to_contain_text("+0.60")
    await expect(page.locator("body")).not_to_contain_text(guest.customer_id)
    async with desk.talk.services.db.reading() as tx:
        assert "suggestions.slates" in [entry.act for entry in await tx.audit.entries(limit=5)]


async def test_learning_now_is_seen_through_to_its_end(desk: Desk) -> None:
    async with desk.talk.services.db.transaction() as tx:
        seen = [
            Interaction(f"v_{who}", item, InteractionKind.VIEW, datetime.now(UTC))
            for who in range(12)
            for item in ("kettle-bruna-white", "extra-descaler", "toaster-bro-white")[: 2 + who % 2]
        ]
        await tx.interactions.add(seen, "storefront")
    await desk.open("/suggestions")
    model = desk.page.get_by_test_id("desk-model")
    await expect(model).to_contain_text("Nothing was learned yet.")
    await desk.page.get_by_test_id("desk-train").click()
    await expect(model).to_contain_text("From steps in the shop", timeout=60_000)
    await expect(desk.page.get_by_test_id("desk-learning")).to_have_count(0, timeout=20_000)
    await expect(model).to_contain_text(str(len(seen)))
    async with desk.talk.services.db.reading() as tx:
        assert "suggestions.train" in [entry.act for entry in await tx.audit.entries(limit=5)]


@pytest.mark.parametrize("path", ["/catalogue", "/suggestions"])
async def test_nothing_is_pushed_over_the_edge_of_a_phone(desk: Desk, path: str) -> None:
    await desk.page.set_viewport_size({"width": 390, "height": 844})
    await desk.open(path)
    await expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
    await desk.page.wait_for_timeout(300)
    assert await desk.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_long_title_pushes_nothing_out_of_view(desk: Desk) -> None:
    async with desk.talk.services.db.transaction() as tx:
        first = (await tx.catalogue.items())[0]
        await tx.catalogue.put([replace(first, title="Kettle with a very long name " * 9)])
    await desk.open("/catalogue")
    delete = desk.page.get_by_test_id("desk-catalogue").get_by_role("row").filter(has_text="very long name")
    box = await delete.get_by_test_id("desk-item-delete").bounding_box()
    panel = await desk.page.get_by_test_id("desk-catalogue").locator("..").bounding_box()
    assert box is not None and panel is not None
    assert box["x"] + box["width"] <= panel["x"] + panel["width"]
