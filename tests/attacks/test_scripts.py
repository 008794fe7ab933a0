"""Scripts in messages, answers and names, seen by a real browser on every page that shows them."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from service.accounts.cookie import PLAIN_NAME
from tests.attacks.conftest import MARKER
from tests.attacks.people import person
from tests.service.fake_rasa import text_reply
from tests.service.served import served
from tests.service.talk import Talk, talking
from vocabulary import Role

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SET = "window.ran=1"
SCRIPT = (
    f'{MARKER}"><img src=x onerror="{SET}"><script>{SET}</script><svg onload={SET}></svg>'
    f"<iframe srcdoc='<script>parent.{SET}</script>'></iframe>[x](javascript:{SET})"
)
NAME = f'<img src=x onerror="{SET}">'
DESK = ("", "people", "requests", "emotion", "papers", "audit", "admin")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        await started.close()


async def session(talk: Talk, context: BrowserContext, host: str, account_id: str) -> None:
    async with talk.services.db.transaction() as tx:
        token = await tx.sessions.open(account_id, NAME)
    await context.add_cookies([{"name": PLAIN_NAME, "value": token, "url": f"http://{host}"}])


async def nothing_ran(page: Page) -> None:
    """No script of a stranger ran, and nothing of theirs became a part of the page."""
    assert await page.evaluate("window.ran") is None, page.url
    assert await page.locator("img[src='x'], iframe[srcdoc], svg[onload], a[href^='javascript:']").count() == 0, (
        page.url
    )


def hostile(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """An assistant that somebody has taught to attack."""
    button = {"title": SCRIPT, "payload": "/x"}
    return [
        text_reply(f"You said: {turn['text']}", buttons=[button], image=f"javascript:{SET}"),
        text_reply(SCRIPT, image="https://evil.example/pixel.png"),
    ]


async def test_no_script_in_a_message_an_answer_or_a_name_runs_anywhere(tmp_path: Path, browser: Browser) -> None:
    async with talking(tmp_path, desk=True) as talk, served(talk.app) as host:
        talk.rasa.answer = hostile
        ana = await person(talk, name=NAME)
        admin = await person(talk, "root@example.org", Role.ADMIN, NAME)
        outside: list[str] = []
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        context.on("request", lambda request: outside.append(request.url) if host not in request.url else None)
        await session(talk, context, host, ana.id)
        page = await context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.type}"))

        await page.goto(f"http://{host}/chat")
        await page.get_by_test_id("consent-continue").click()
        await page.get_by_test_id("chat-input").fill(SCRIPT)
        await page.get_by_test_id("chat-input").press("Enter")
        await expect(page.locator('[data-author="bot"]')).to_have_count(2)
        await expect(page.locator('[data-author="customer"]').first).to_contain_text("<script>window.ran=1</script>")
        await expect(page.locator('[data-author="bot"]').last).to_contain_text("<iframe srcdoc=")
        await nothing_ran(page)
        for place in ("", "#privacy", "#data", "#security", "#notifications"):
            await page.goto(f"http://{host}/account{place}")
            await expect(page.get_by_test_id("sign-out")).to_be_visible()
            await page.wait_for_timeout(300)
            await nothing_ran(page)

        async with talk.services.db.transaction() as tx:
            (conversation,) = await tx.people_history.conversations(str(ana.customer_id))
            await tx.escalations.request(conversation.id, "message-0001", SCRIPT, 50)
        desk = await browser.new_context(viewport={"width": 1280, "height": 900})
        desk.on("request", lambda request: outside.append(request.url) if host not in request.url else None)
        await session(talk, desk, host, admin.id)
        page = await desk.new_page()
        for place in (*DESK, f"conversations/{conversation.id}", f"people/{ana.id}"):
            await page.goto(f"http://{host}/desk/{place}")
            await page.wait_for_load_state("networkidle")
            if place.startswith(("people", "admin")):
                await expect(page.locator("body")).to_contain_text(NAME)
            await nothing_ran(page)
        await page.goto(f"http://{host}/desk/conversations/{conversation.id}")
        await expect(page.get_by_test_id("desk-messages")).to_contain_text("<script>window.ran=1</script>")
        assert [url for url in outside if not url.startswith(("blob:", "data:"))] == []
        for open_context in (context, desk):
            await open_context.close()


async def test_the_check_would_find_a_script_that_runs(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(f"<p>{SCRIPT}</p>")
    await page.wait_for_function("window.ran === 1")
    with pytest.raises(AssertionError):
        await nothing_ran(page)
    await page.close()
