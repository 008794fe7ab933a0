"""Case 6: a customer looks at what was said, suggested and sensed, gives feedback, and decides about it."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from benchmarks import Stack
from tests.acceptance.browsing import ANSWER_MS, PASSWORD, ask, open_chat, open_section, register, sign_in
from tests.service.mailbox import Mailbox

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(6, "history and feedback")]

QUESTION = "please recommend me a kettle under 60 euros"


def test_history_feedback_and_own_word(
    context: BrowserContext, stack: Stack, stack_mail: Mailbox, tmp_path: Path
) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, "hana.mori@example.com")
    shop = context.new_page()
    chat = open_chat(shop, stack, allow_text=True)
    ask(chat, QUESTION)
    card = chat.get_by_test_id("suggestion-card").first
    expect(card).to_be_visible(timeout=ANSWER_MS)
    unwanted = card.locator("h3").inner_text()
    item = card.get_attribute("data-item")
    card.get_by_test_id("opinion-not_for_me").click()
    expect(card).to_contain_text("It is not suggested again.")
    said = chat.locator('[data-testid="chat-message"][data-author="bot"]').count()
    ask(chat, QUESTION)
    again = chat.locator('[data-testid="chat-message"][data-author="bot"]').nth(said)
    assert item not in [card.get_attribute("data-item") for card in again.get_by_test_id("suggestion-card").all()]
    ask(chat, "this is ridiculous, I already told you that")

    page.bring_to_front()
    open_section(page, "data")
    expect(page.get_by_test_id("conversation")).to_have_count(1)
    page.get_by_test_id("conversation").locator("summary").click()
    expect(page.get_by_test_id("conversation")).to_contain_text(QUESTION)
    suggestion = page.get_by_test_id("suggestion").filter(has_text=unwanted)
    expect(suggestion.get_by_test_id("opinion-not_for_me")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("trend-chart").locator(".dot")).to_have_count(3)
    page.get_by_test_id("contest").first.click()
    page.get_by_test_id("sensed-less_upset").click()
    expect(page.get_by_test_id("contest").first).to_have_text("less upset")

    with page.expect_download() as download:
        page.get_by_test_id("export").click()
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names).decode()
        for name in names:
            if name.endswith(".json"):
                json.loads(archive.read(name))
    assert any(name.endswith(".html") for name in names) and any(name.endswith(".json") for name in names)
    assert QUESTION in everything and "hana.mori@example.com" in everything

    open_section(page, "privacy")
    page.get_by_test_id("everything-off").click()
    expect(page.get_by_test_id("consent-overview")).to_have_text("Nothing is assessed.")
    expect(chat.get_by_test_id("privacy-state")).to_have_text("Mood sensing is off")
    open_section(page, "data")
    expect(page.get_by_test_id("trend-none")).to_be_visible()


def test_guest_s_conversation_comes_along(context: BrowserContext, stack: Stack, stack_mail: Mailbox) -> None:
    page = context.new_page()
    chat = open_chat(page, stack, allow_text=True)
    ask(chat, "where is my order? my word is marigold")
    page.goto(f"{stack.url}/account#guest")
    expect(page.get_by_test_id("consent-text-assist")).to_be_checked()
    register(page, stack, stack_mail, "ines.rey@example.com")
    page.get_by_test_id("join").click()
    expect(page.get_by_test_id("account-said")).to_contain_text("in your account now")
    open_section(page, "data")
    page.get_by_test_id("conversation").locator("summary").click()
    expect(page.get_by_test_id("conversation")).to_contain_text("marigold")
    expect(page.get_by_test_id("trend-chart").locator(".dot")).to_have_count(1)
    page.get_by_test_id("sign-out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.evaluate("localStorage.getItem('attune.conversation')") is None


def test_everything_is_erased_and_proved(context: BrowserContext, stack: Stack, stack_mail: Mailbox) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, "jan.last@example.com")
    chat = open_chat(context.new_page(), stack, allow_text=True)
    ask(chat, "where is my order? my word is edelweiss")
    page.bring_to_front()
    open_section(page, "data")
    page.get_by_test_id("erase-preview").click()
    expect(page.get_by_test_id("erase-stores")).to_be_visible()
    page.get_by_test_id("erase-understood").check()
    page.get_by_test_id("erase-password").fill(PASSWORD)
    page.get_by_test_id("erase-submit").click()
    expect(page.get_by_test_id("certificate")).to_contain_text("Everything is deleted", timeout=60_000)
    sign_in(page, stack, "jan.last@example.com")
    expect(page.get_by_test_id("sign-in-wrong")).to_contain_text("wrong")
