"""A browser, the fake service, and a chat page that fails its test when the console shows an error."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect, sync_playwright

from tests.e2e.account_page import AccountPage
from tests.e2e.browser import CHROMIUM_ARGUMENTS, chromium_path
from tests.e2e.fake_api import FakeApi

# What passes does not wait for it; a machine under load needs longer than the five seconds that are usual.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in ATTUNE_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def api() -> Iterator[FakeApi]:
    service = FakeApi()
    service.start()
    yield service
    service.kill()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    yield context
    context.close()


@dataclass
class Chat:
    """The chat page, as a test drives it. complaints: what the console and the content policy said."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def find(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    @property
    def frame(self) -> Frame:
        return self.page.main_frame

    def messages(self, author: str | None = None) -> Locator:
        chosen = f'[data-author="{author}"]' if author else ""
        return self.page.locator(f'[data-testid="chat-message"]{chosen}')

    def texts(self, author: str) -> list[str]:
        return self.messages(author).locator(".bubble").all_inner_texts()

    def begin(self, *, allow_text: bool = False) -> None:
        expect(self.find("consent-sheet")).to_be_visible()
        if allow_text:
            self.find("consent-text").click()
        self.find("consent-continue").click()

    def say(self, text: str) -> None:
        self.find("chat-input").fill(text)
        self.find("chat-input").press("Enter")

    def ask(self, text: str) -> None:
        """Say something and wait for the answer."""
        before = self.messages("bot").count()
        self.say(text)
        expect(self.messages("bot")).to_have_count(before + 1)


def until(page: Page, condition: str, *, within_s: float = 20) -> None:
    """Wait for a condition in the page, in JavaScript, and see it at once.

    The page's policy forbids what Playwright's own waiting needs, and `expect` looks less than twice a second.
    """
    deadline = time.monotonic() + within_s
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"not within {within_s} s: {condition}"
        page.wait_for_timeout(20)


@pytest.fixture
def open_chat(context: BrowserContext, api: FakeApi) -> Iterator[Callable[[], Chat]]:
    """Opens the chat page in a tab of its own; at the end no tab may have complained, beyond a lost connection."""
    opened: list[Chat] = []

    def open_() -> Chat:
        chat = Chat(context.new_page())
        watch(chat.page, chat.complaints)
        chat.page.goto(f"{api.url}/chat")
        opened.append(chat)
        return chat

    yield open_
    for chat in opened:
        assert [line for line in chat.complaints if not is_about_the_line(line)] == []


@pytest.fixture
def chat(open_chat: Callable[[], Chat]) -> Chat:
    chat = open_chat()
    chat.begin()
    return chat


@pytest.fixture
def account_page(context: BrowserContext, api: FakeApi) -> Iterator[AccountPage]:
    """The account page in a tab of its own, not opened yet; at the end it may not have complained."""
    account_page = AccountPage(context.new_page(), api.url, api.account)
    watch(account_page.page, account_page.complaints)
    yield account_page
    assert [line for line in account_page.complaints if not is_about_the_line(line)] == []


def watch(page: Page, complaints: list[str]) -> None:
    """Keep every error and warning of the page. Broken policies arrive as console errors."""
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def is_about_the_line(complaint: str) -> bool:
    """The browser reports a broken connection and a refused request itself; the page cannot prevent that."""
    return (
        "WebSocket" in complaint
        or "net::ERR_" in complaint
        or complaint.startswith("Failed to load resource: the server responded")
    )
