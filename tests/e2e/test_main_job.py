"""The main job in a real browser against the real processes: storefront, chat, desk."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from benchmarks import AGENT_EMAIL, AGENT_PASSWORD, Stack

pytestmark = [pytest.mark.processes, pytest.mark.browser]

ANSWER_MS = 30_000


@pytest.fixture
def shop_page(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(stack.url)
    yield page
    context.close()


@pytest.fixture
def desk_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


def open_chat(page: Page, *, consent_to_text: bool) -> FrameLocator:
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    switch = chat.get_by_test_id("consent-text")
    expect(switch).to_be_visible(timeout=ANSWER_MS)
    if consent_to_text:
        switch.click()
    chat.get_by_test_id("consent-continue").click()
    return chat


def say(chat: FrameLocator, text: str) -> None:
    box = chat.get_by_test_id("chat-input")
    box.fill(text)
    box.press("Enter")


def bot_messages(chat: FrameLocator):
    return chat.locator('[data-testid="chat-message"][data-author="bot"]')


def answer_to(chat: FrameLocator, text: str) -> str:
    """Say something and wait until the assistant has said more."""
    before = bot_messages(chat).count()
    say(chat, text)
    expect(bot_messages(chat).nth(before)).to_be_visible(timeout=ANSWER_MS)
    return " ".join(bot_messages(chat).all_inner_texts()[before:])


def log_in(context: BrowserContext, stack: Stack) -> Page:
    desk = context.new_page()
    desk.goto(f"{stack.url}/desk/login")
    desk.locator("#email").fill(AGENT_EMAIL)
    desk.locator("#password").fill(AGENT_PASSWORD)
    desk.locator("#password").press("Enter")
    desk.wait_for_url(f"{stack.url}/desk/")
    return desk


def test_order_is_found_after_validation(shop_page: Page) -> None:
    chat = open_chat(shop_page, consent_to_text=True)
    answer_to(chat, "where is my order?")
    answer_to(chat, "417203")
    answer_to(chat, "anna.weber@example.com")
    expect(chat.get_by_text("417203").last).to_be_visible(timeout=ANSWER_MS)


def test_recommendation_within_a_limit_appears_as_cards(shop_page: Page) -> None:
    chat = open_chat(shop_page, consent_to_text=True)
    answer_to(chat, "please recommend me a kettle under 60 euros")
    cards = chat.get_by_test_id("suggestion-card")
    expect(cards.first).to_be_visible(timeout=ANSWER_MS)
    assert 1 <= cards.count() <= 3


def newest_hand_over(stack: Stack) -> str:
    """The conversation that asked for a person last."""

    async def read() -> str:
        db = stack.database()
        try:
            async with db.reading() as tx:
                queue = await tx.escalations.open()
        finally:
            await db.close()
        return max(queue, key=lambda escalation: escalation.requested_at).conversation_id

    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(read())).result()


def hand_over_and_back(chat: FrameLocator, desk_context: BrowserContext, stack: Stack, marker: str) -> None:
    """An agent takes the newest hand-over from the queue, answers, and hands back."""
    desk = log_in(desk_context, stack)
    address = f"/desk/conversations/{newest_hand_over(stack)}"
    entry = desk.get_by_test_id("desk-entry").filter(has=desk.locator(f'[href="{address}"]'))
    entry.get_by_test_id("desk-claim").click()
    desk.wait_for_url(f"{stack.url}{address}")
    expect(desk.get_by_text(marker).first).to_be_visible(timeout=ANSWER_MS)
    desk.get_by_test_id("desk-input").fill("Robin here, I am looking into it.")
    desk.get_by_test_id("desk-send").click()
    agent = chat.locator('[data-testid="chat-message"][data-author="agent"]')
    expect(agent.first).to_contain_text("Robin here", timeout=ANSWER_MS)

    said_by_bot = bot_messages(chat).count()
    say(chat, f"thank you Robin, {marker} again")
    expect(desk.get_by_text(f"{marker} again").first).to_be_visible(timeout=ANSWER_MS)
    chat.locator("body").page.wait_for_timeout(2_000)
    assert bot_messages(chat).count() == said_by_bot, "the assistant is silent while an agent answers"

    desk.get_by_test_id("desk-hand-back").click()
    expect(chat.get_by_test_id("status-line")).to_contain_text("ssistant", timeout=ANSWER_MS)
    answer = answer_to(chat, "what are your opening hours")
    assert answer


def test_frustrated_customer_reaches_an_agent_and_comes_back(
    shop_page: Page, desk_context: BrowserContext, stack: Stack
) -> None:
    chat = open_chat(shop_page, consent_to_text=True)
    status = chat.get_by_test_id("status-line")
    for text in (
        "Where is my order?",
        "I already asked that, you are not helping me at all",
        "This is ridiculous, this is the third time I ask!",
        "I am really angry now, this is unacceptable, nobody helps me",
        "This is the worst service ever, I am furious",
    ):
        answer_to(chat, text)
        if "person" in status.inner_text().lower() or "wait" in status.inner_text().lower():
            break
    expect(status).to_contain_text("person", timeout=ANSWER_MS)
    hand_over_and_back(chat, desk_context, stack, "third time I ask" if "third" in text else text[:16])


def test_without_consent_a_person_comes_by_asking(shop_page: Page, desk_context: BrowserContext, stack: Stack) -> None:
    chat = open_chat(shop_page, consent_to_text=False)
    answer_to(chat, "my word is marigold")
    chat.get_by_test_id("chat-person").click()
    expect(chat.get_by_test_id("status-line")).to_contain_text("person", timeout=ANSWER_MS)
    hand_over_and_back(chat, desk_context, stack, "marigold")


def test_answer_is_read_out_by_the_voice_of_this_machine(shop_page: Page) -> None:
    chat = open_chat(shop_page, consent_to_text=False)
    answer_to(chat, "where is my order?")
    if chat.get_by_test_id("read-aloud").is_hidden():
        pytest.skip("no voice on this machine: run `make setup`, or apt-get install flite")
    with shop_page.expect_response(re.compile(r"/speech/0$")) as sound:
        chat.get_by_test_id("listen").first.click()
    assert sound.value.status == 200 and sound.value.headers["content-type"] == "audio/wav"
    expect(chat.get_by_test_id("listen").first).to_have_text("Listen", timeout=ANSWER_MS)
    expect(chat.get_by_test_id("chat-notice")).to_have_count(0)
