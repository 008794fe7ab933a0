"""What the acceptance cases do in a browser again and again: open pages, read mail, sign in, chat."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from playwright.sync_api import FrameLocator, Page, expect

from benchmarks import Stack
from store import Database
from tests.service.mailbox import Mailbox

ANSWER_MS: Final = 30_000
PASSWORD: Final = "four quiet green kettles"
_LINK: Final = re.compile(r"https?://\S+")

T = TypeVar("T")


def mail_to(mailbox: Mailbox, address: str, subject: str, *, within_s: float = 20) -> str:
    """The text of the newest mail to an address with these words in its subject. Raises: TimeoutError."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        for mail, recipients in reversed(list(zip(mailbox.mails, mailbox.recipients, strict=False))):
            if address in recipients and subject in str(mail["subject"]):
                body = mail.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.1)
    raise TimeoutError(f"no mail “{subject}” to {address} within {within_s:.0f} s")


def link_in(text: str) -> str:
    """The address in a mail. Raises: AssertionError without one."""
    found = _LINK.search(text)
    assert found is not None, text
    return found.group().rstrip(".")


def register(page: Page, stack: Stack, mailbox: Mailbox, address: str, password: str = PASSWORD) -> None:
    """Make an account by e-mail and open the link of the mail; the page ends signed in."""
    page.goto(f"{stack.url}/account#register")
    page.get_by_test_id("email").fill(address)
    page.get_by_test_id("new-password").fill(password)
    page.get_by_test_id("register-submit").click()
    expect(page.get_by_test_id("check-mail")).to_be_visible()
    page.goto(link_in(mail_to(mailbox, address, "Confirm your e-mail address")))
    page.get_by_test_id("verify-submit").click()
    expect(page.get_by_test_id("sign-out")).to_be_visible()


def sign_in(page: Page, stack: Stack, address: str, password: str = PASSWORD, place: str = "") -> None:
    """Sign in at the account page, and wait for the answer, whatever it is."""
    page.goto("about:blank")
    page.goto(f"{stack.url}/account{place}")
    page.get_by_test_id("email").fill(address)
    page.get_by_test_id("password").fill(password)
    with page.expect_response(re.compile("/api/account/login")):
        page.get_by_test_id("sign-in-submit").click()


def open_section(page: Page, name: str) -> None:
    """Go to a part of the account page and wait until it is there."""
    page.get_by_test_id(f"section-{name}").click()
    expect(page.get_by_test_id(f"section-{name}")).to_have_attribute("aria-current", "page")
    expect(page.get_by_test_id("account-content")).to_have_attribute("aria-busy", "false")


def open_chat(page: Page, stack: Stack, *, allow_text: bool) -> FrameLocator:
    """The chat in the storefront, with its notice answered."""
    page.goto(stack.url)
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    if allow_text:
        chat.get_by_test_id("consent-text").click()
    chat.get_by_test_id("consent-continue").click()
    return chat


def ask(chat: FrameLocator, text: str) -> str:
    """Say something and wait until the assistant has answered it."""
    answers = chat.locator('[data-testid="chat-message"][data-author="bot"]')
    before = answers.count()
    chat.get_by_test_id("chat-input").fill(text)
    chat.get_by_test_id("chat-input").press("Enter")
    expect(answers.nth(before)).to_be_visible(timeout=ANSWER_MS)
    return " ".join(answers.all_inner_texts()[before:])


def in_database(stack: Stack, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the stack's database. Playwright's own loop runs in this thread, so another one does it."""

    async def act() -> T:
        db = stack.database()
        try:
            return await work(db)
        finally:
            await db.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(act())).result()
