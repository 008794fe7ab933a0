"""A voice message through the real processes: microphone, recogniser, assistant, correction, desk."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, expect

from benchmarks import Stack
from service.desk.words import correction_words
from store import Message
from tests.e2e.sound import listening_browser, spoken
from tests.e2e.test_main_job import ANSWER_MS, bot_messages, log_in, newest_hand_over

pytestmark = [pytest.mark.processes, pytest.mark.browser]

SPOKEN = "where is my order"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with listening_browser(spoken(tmp_path_factory.mktemp("voice") / "question.wav", SPOKEN)) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["microphone"])
    yield context
    context.close()


def test_spoken_question_is_heard_answered_corrected_and_seen_at_the_desk(
    context: BrowserContext, stack: Stack
) -> None:
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(stack.url)
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    chat.get_by_test_id("consent-voice").click()
    chat.get_by_test_id("consent-continue").click()

    chat.get_by_test_id("chat-mic").click()
    own = chat.locator("[data-author=customer]")
    # The first recording starts the recogniser.
    expect(own.first).to_contain_text("What we heard", timeout=60_000)
    expect(bot_messages(chat).first).to_be_visible(timeout=ANSWER_MS)
    expect(own.first).to_contain_text("The recording has been deleted.", timeout=ANSWER_MS)
    heard = own.first.locator(".bubble").inner_text().strip()
    assert "order" in heard.lower(), heard
    assert list(stack.settings.media_dir.glob("*")) == [], "the clip is gone with the turn"

    said = bot_messages(chat).count()
    correct(chat, "I want to talk to a person, my word is marigold")
    expect(bot_messages(chat).nth(said)).to_be_visible(timeout=ANSWER_MS)
    expect(own.first).to_contain_text("You corrected this below.")
    expect(own.nth(1)).to_contain_text("Your correction")
    expect(chat.get_by_test_id("status-line")).to_contain_text("person", timeout=ANSWER_MS)

    conversation_id = newest_hand_over(stack)
    first, second = (one for one in stored(stack, conversation_id) if one.author == "customer")
    assert (first.text, first.spoken, first.corrected_by, second.corrects) == (heard, True, second.id, first.id)
    assert correction_words(second, [first, second]) == f"Corrects what was heard as “{heard}”"
    desk = log_in(context, stack)
    desk.goto(f"{stack.url}/desk/conversations/{conversation_id}")
    notes = desk.get_by_test_id("desk-correction")
    expect(notes.first).to_contain_text("the customer has corrected it", timeout=ANSWER_MS)
    expect(notes.nth(1)).to_contain_text(f"Corrects what was heard as “{heard}”")
    assert complaints == []


def correct(chat: FrameLocator, text: str) -> None:
    chat.get_by_test_id("correct").click()
    chat.get_by_test_id("correct-input").fill(text)
    chat.get_by_test_id("correct-send").click()


def stored(stack: Stack, conversation_id: str) -> list[Message]:
    async def read() -> list[Message]:
        db = stack.database()
        try:
            async with db.reading() as tx:
                return await tx.inbox.history(conversation_id)
        finally:
            await db.close()

    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(read())).result()
