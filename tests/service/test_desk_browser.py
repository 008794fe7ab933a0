"""The staff pages in a real browser: take over, answer with Enter, see the customer live, hand back, sign out."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from service.accounts.cookie import PLAIN_NAME
from tests.service.callers import people_of
from tests.service.served import served
from tests.service.talk import talking
from vocabulary import Author, Owner, Role

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        await started.close()


async def test_an_admin_finds_looks_on_record_and_erases(tmp_path: Path, browser: Browser) -> None:
    async with talking(tmp_path, desk=True) as talk, served(talk.app) as host:
        people = await people_of(talk)
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        session = await people.session(Role.ADMIN)
        await context.add_cookies([{"name": PLAIN_NAME, "value": session, "url": f"http://{host}"}])
        page = await context.new_page()
        await page.goto(f"http://{host}/desk/people")
        await page.get_by_test_id("desk-find").fill("CUSTOMER@example")
        await page.get_by_test_id("desk-find-go").click()
        await page.get_by_role("link", name="Some customer").click()
        await expect(page.get_by_test_id("desk-engagement")).to_contain_text("Conversations")
        await page.get_by_test_id("desk-emotion-show").click()
        await expect(page.get_by_text("why you need to see this")).to_be_visible()
        await page.get_by_test_id("desk-emotion-purpose").fill("complaint about the hand-over")
        await page.get_by_test_id("desk-emotion-show").click()
        await expect(page.get_by_test_id("desk-person-points")).to_contain_text("72 · high")
        assert await page.evaluate("document.documentElement.scrollWidth") == 390

        await page.get_by_test_id("desk-erase-preview").click()
        await page.get_by_test_id("desk-erase").click()
        await expect(page.get_by_text("Type erase into the field first.")).to_be_visible()
        await page.get_by_test_id("desk-erase-word").fill("erase")
        await page.get_by_test_id("desk-erase").click()
        await expect(page.get_by_test_id("desk-certificate")).to_contain_text("Nothing was found", timeout=60_000)
        await page.goto(f"http://{host}/desk/audit")
        await expect(page.get_by_test_id("desk-audit")).to_contain_text("emotion.person")
        await expect(page.get_by_test_id("desk-audit")).not_to_contain_text("hand-over")
        await page.get_by_test_id("desk-audit-verify").click()
        await expect(page.get_by_test_id("desk-audit-verdict")).to_contain_text("as they were written")

        async with talk.services.db.transaction() as tx:
            await tx.accounts.disable(people.accounts[Role.ADMIN])
        talk.services.sign_outs.publish(people.accounts[Role.ADMIN])
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await context.close()


async def test_an_agent_takes_over_answers_and_hands_back(tmp_path: Path, browser: Browser) -> None:
    async with talking(tmp_path, desk=True) as talk, served(talk.app) as host:
        await talk.staff(name="Kim Lee", email="kim@example.org")
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        outside: list[str] = []
        context.on("request", lambda request: outside.append(request.url) if host not in request.url else None)
        page = await context.new_page()
        await page.goto(f"http://{host}/desk/")
        await page.get_by_label("E-mail").fill("kim@example.org")
        await page.get_by_label("Password").fill("correct horse")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_text("Nobody is waiting")).to_be_visible()

        customer = await talk.start()
        await customer.say("my <b>kettle</b> is broken")
        await customer.hand_over(reason="The customer asked for a person.")
        await customer.write("hello?")
        await expect(page.get_by_test_id("desk-reason")).to_have_text("The customer asked for a person.")
        await page.get_by_test_id("desk-claim").click()
        await expect(page.get_by_text("my <b>kettle</b> is broken", exact=True)).to_be_visible()

        await page.get_by_test_id("desk-input").fill("Good morning, I am Kim.")
        await page.keyboard.press("Enter")
        await expect(page.locator(".from-agent")).to_contain_text("Good morning, I am Kim.")
        await expect(page.get_by_test_id("desk-input")).to_have_value("")
        await customer.write("thank you, Kim")
        await expect(page.get_by_test_id("desk-messages")).to_contain_text("thank you, Kim")
        assert await customer.owner() is Owner.AGENT

        second = await context.new_page()
        await second.goto(f"http://{host}/desk/conversations/{customer.id}")
        await expect(second.get_by_test_id("desk-messages")).to_contain_text("thank you, Kim")
        await page.get_by_test_id("desk-hand-back").click()
        await expect(page.get_by_text("Nobody is waiting")).to_be_visible()
        assert await customer.owner() is Owner.BOT
        written = [m.text for m in await customer.history() if m.author is Author.AGENT]
        assert written == ["Good morning, I am Kim."]
        assert [turn["text"] for turn in talk.rasa.turns] == ["my <b>kettle</b> is broken"]

        await page.get_by_test_id("desk-sign-out").click()
        for tab in (page, second):
            await expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
        await page.goto(f"http://{host}/desk/")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert outside == []
        await context.close()
        await asyncio.sleep(0)
