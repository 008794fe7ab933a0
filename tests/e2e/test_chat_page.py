"""What a customer sees and does in the chat."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser


def test_nothing_is_allowed_until_the_customer_says_so(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    chat = open_chat()
    expect(chat.find("consent-notice")).to_contain_text("You are talking to a program")
    expect(chat.page.get_by_text("Estimates are kept encrypted.")).to_be_visible()
    expect(chat.find("consent-text")).not_to_be_checked()
    expect(chat.find("consent-voice")).not_to_be_checked()
    chat.begin()
    chat.ask("hello")
    assert api.consent_calls == []
    expect(chat.find("privacy-state")).to_have_text("Mood sensing is off")
    chat.page.reload()
    expect(chat.messages("bot")).to_have_count(1)
    expect(chat.find("consent-sheet")).to_be_hidden()


def test_no_is_as_prominent_as_yes(open_chat: Callable[[], Chat]) -> None:
    chat = open_chat()
    expect(chat.find("consent-sheet")).to_be_visible()
    look = """node => {
      const style = getComputedStyle(node);
      const { backgroundColor, color, fontSize, fontWeight, border } = style;
      return [backgroundColor, color, fontSize, fontWeight, border, node.offsetWidth, node.offsetHeight];
    }"""
    assert chat.find("consent-decline").evaluate(look) == chat.find("consent-continue").evaluate(look)


def test_consent_counts_before_the_next_message_and_ends_by_one_tap(
    open_chat: Callable[[], Chat], api: FakeApi
) -> None:
    chat = open_chat()
    chat.begin(allow_text=True)
    chat.ask("where is it")
    assert api.consent_calls == [{"signal": "text", "granted": True, "text_version": "fake-1"}]
    chat.find("sensed-open").click()
    expect(chat.find("sensed-panel")).to_contain_text("annoyed (71 % sure)")
    expect(chat.find("sensed-panel")).to_contain_text("42 of 100")
    expect(chat.find("sensed-panel")).to_contain_text("Mainly from your words")
    chat.find("sensed-open").click()
    chat.find("consent-withdraw").click()
    expect(chat.find("privacy-state")).to_have_text("Mood sensing is off")
    assert api.consent_calls[-1] == {"signal": "text", "granted": False, "text_version": "fake-1"}
    chat.find("sensed-open").click()
    expect(chat.find("sensed-panel")).to_have_text("Nothing was assessed, because you have not allowed it.")


def test_what_was_sensed_can_be_corrected_and_the_word_is_still_there_later(
    open_chat: Callable[[], Chat], api: FakeApi
) -> None:
    chat = open_chat()
    chat.begin(allow_text=True)
    chat.ask("where is it")
    chat.find("sensed-open").click()
    chat.find("sensed-less_upset").click()
    expect(chat.find("sensed-judged")).to_contain_text("your word")
    # The pointer still rests on it: what was chosen must be readable there, too.
    ground, words = chat.find("sensed-less_upset").evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert ground == words, "a chosen answer stands on the colour of ink"
    assert list(api.verdicts.values()) == ["less_upset"]
    chat.find("sensed-open").click()
    chat.find("sensed-open").click()
    expect(chat.find("sensed-less_upset")).to_have_attribute("aria-pressed", "true")
    expect(chat.find("sensed-as_shown")).to_have_attribute("aria-pressed", "false")
    for part in ("sensed-less_upset", "sensed-open", "consent-open", "consent-withdraw"):
        assert chat.find(part).evaluate("node => Math.min(node.offsetHeight, node.offsetWidth)") >= 40, part


def test_switch_that_could_not_be_stored_goes_back(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    chat = open_chat()
    expect(chat.find("consent-sheet")).to_be_visible()
    chat.page.route("**/consent", lambda route: route.abort())
    chat.find("consent-text").click()
    expect(chat.page.locator(".consent-said")).to_contain_text("Nothing has changed")
    expect(chat.find("consent-text")).not_to_be_checked()


def test_consent_in_one_tab_shows_in_the_other(open_chat: Callable[[], Chat]) -> None:
    first = open_chat()
    first.begin(allow_text=True)
    second = open_chat()
    expect(second.find("privacy-state")).to_have_text("Mood sensing: words")
    second.find("consent-withdraw").click()
    expect(first.find("privacy-state")).to_have_text("Mood sensing is off")


def test_whole_conversation_by_keyboard(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    chat = open_chat()
    keyboard = chat.page.keyboard
    expect(chat.page.get_by_role("heading", name="May we notice")).to_be_focused()
    keyboard.press("Tab")
    expect(chat.find("consent-text")).to_be_focused()
    keyboard.press("Space")
    expect(chat.find("consent-text")).to_be_checked()
    expect(chat.find("consent-text")).to_be_focused()
    for testid in ("consent-voice", "consent-face", "consent-decline", "consent-continue"):
        keyboard.press("Tab")
        expect(chat.find(testid)).to_be_focused()
    keyboard.press("Enter")
    expect(chat.find("chat-input")).to_be_focused()
    keyboard.type("please let me")
    keyboard.press("Shift+Enter")
    keyboard.type("choose")
    keyboard.press("Enter")
    expect(chat.find("quick-reply")).to_have_count(2)
    assert api.customer_texts() == ["please let me\nchoose"]
    expect(chat.find("chat-input")).to_be_focused()
    for _ in range(2):
        keyboard.press("Shift+Tab")
    expect(chat.find("quick-reply").last).to_be_focused()
    keyboard.press("Enter")
    expect(chat.messages("bot")).to_have_count(2)
    assert api.customer_texts()[-1] == "418845"
    expect(chat.find("quick-reply")).to_have_count(0)


def test_cards_show_reason_and_price_and_none_are_drawn_for_an_empty_list(chat: Chat) -> None:
    chat.ask("recommend headphones")
    cards = chat.find("suggestion-card")
    expect(cards).to_have_count(3)
    expect(cards.first).to_contain_text("€89.00")
    expect(cards.first).to_contain_text("under your limit of 100 euros")
    expect(cards.nth(1)).to_contain_text("CHF 49.90")
    expect(cards.nth(2)).to_contain_text("Price on request")
    expect(cards.nth(2).get_by_text("Add to cart")).to_have_count(0)
    chat.ask("nothing works")
    expect(cards).to_have_count(3)
    expect(chat.page.locator(".cards")).to_have_count(1)


def test_card_shows_the_picture_of_its_item_and_does_without_one_that_fails(
    context: BrowserContext, open_chat: Callable[[], Chat]
) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"/>'
    context.route("https://pictures.example/**", lambda it: it.fulfill(content_type="image/svg+xml", body=picture))
    chat = open_chat()
    chat.begin()
    chat.ask("recommend headphones")
    expect(chat.find("suggestion-card").first.locator("img")).to_have_js_property("naturalWidth", 8)
    expect(chat.page.locator(".card img")).to_have_count(1)
    context.unroute("https://pictures.example/**")
    context.route("https://pictures.example/**", lambda it: it.abort())
    chat.page.reload()
    expect(chat.find("suggestion-card")).to_have_count(3)
    expect(chat.page.locator(".card img")).to_have_count(0)


def test_markup_in_texts_titles_and_buttons_stays_text(chat: Chat) -> None:
    chat.ask("markup")
    expect(chat.messages("bot").last).to_contain_text('<img src=x onerror="window.attacked = 1">')
    chat.say('<svg onload="window.attacked = 1">')
    expect(chat.messages("bot")).to_have_count(2)
    assert chat.page.evaluate("window.attacked") is None
    assert chat.page.locator(".log img, .log script, .log a").count() == 0


def test_only_web_addresses_become_links(chat: Chat) -> None:
    chat.ask("link")
    links = chat.messages("bot").locator("a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.com/help")
    expect(links).to_have_attribute("rel", re.compile("noopener"))
    expect(chat.messages("bot")).to_contain_text("javascript:alert(1)")


def test_huge_paste_is_kept_and_refused_in_words(chat: Chat, api: FakeApi) -> None:
    chat.find("chat-input").fill("x" * 100_000)
    expect(chat.find("chat-hint")).to_contain_text("100,000 characters; a message can have 4,000")
    expect(chat.find("chat-send")).to_be_disabled()
    chat.find("chat-input").press("Enter")
    assert chat.find("chat-input").input_value() == "x" * 100_000
    chat.ask("x" * 4000)
    assert api.customer_texts() == ["x" * 4000]


def test_empty_message_is_not_sent(chat: Chat, api: FakeApi) -> None:
    chat.say("  \n ")
    chat.ask("hello")
    assert api.customer_texts() == ["hello"]


def test_person_is_called_and_answers_and_hands_back(chat: Chat, api: FakeApi) -> None:
    expect(chat.find("chat-person")).to_be_in_viewport()
    chat.find("chat-person").click()
    expect(chat.find("status-line")).to_contain_text("Waiting for a person")
    api.set_owner("agent", "Robin")
    expect(chat.find("status-line")).to_have_text("Robin is answering.")
    api.say_as("agent", "Robin here.")
    expect(chat.messages("agent")).to_contain_text("Robin")
    api.set_owner("bot")
    expect(chat.find("status-line")).to_contain_text("assistant")
    expect(chat.messages("agent").locator(".author")).to_have_text("Robin")


def test_person_can_be_called_before_the_consent_question_is_answered(
    open_chat: Callable[[], Chat], api: FakeApi
) -> None:
    chat = open_chat()
    expect(chat.find("consent-sheet")).to_be_visible()
    chat.find("chat-person").click()
    expect(chat.find("status-line")).to_contain_text("Waiting for a person")
    assert api.consent_calls == []


def test_recording_is_sent_and_its_transcript_shown(chat: Chat, tmp_path: Path) -> None:
    sound = tmp_path / "question.wav"
    sound.write_bytes(b"RIFF" + bytes(2000))
    chat.find("chat-file").set_input_files(sound)
    expect(chat.messages("customer").locator(".bubble")).to_have_text("where is my order four one seven two zero three")
    expect(chat.messages("bot")).to_have_count(1)
    picture = tmp_path / "picture.png"
    picture.write_bytes(bytes(2000))
    chat.find("chat-file").set_input_files(picture)
    expect(chat.find("chat-hint")).to_contain_text("is not an audio file")
    silence = tmp_path / "silence.wav"
    silence.write_bytes(b"RIFF")
    chat.find("chat-file").set_input_files(silence)
    expect(chat.find("message-error")).to_contain_text("Nothing was said in this recording")


def test_screen_reader_hears_new_messages_and_not_the_history(chat: Chat) -> None:
    log = chat.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    chat.ask("hello")
    first = chat.messages("bot").first.element_handle()
    chat.ask("choose")
    chat.ask("more")
    assert first is not None and first.evaluate("node => node.isConnected"), "a drawn message is never drawn again"
    for button in chat.page.get_by_role("button").all():
        if button.is_visible():
            assert (button.get_attribute("aria-label") or button.inner_text()).strip()


def test_page_fits_a_small_phone(chat: Chat) -> None:
    chat.ask("recommend headphones")
    chat.ask("x" * 300)
    width = chat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    for testid in ("chat-person", "chat-input", "chat-send", "consent-open"):
        expect(chat.find(testid)).to_be_in_viewport(ratio=1)


def test_draft_survives_a_reload(chat: Chat) -> None:
    chat.find("chat-input").fill("half a thought")
    chat.page.reload()
    expect(chat.find("chat-input")).to_have_value("half a thought")
