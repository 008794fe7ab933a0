"""The transcript is shown for correction."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser

HEARD = "where is my odor"


@pytest.fixture
def heard(chat: Chat, api: FakeApi, tmp_path: Path) -> Chat:
    """A chat with one spoken message, answered."""
    api.heard = HEARD
    sound = tmp_path / "question.wav"
    sound.write_bytes(b"RIFF" + bytes(2000))
    chat.find("chat-file").set_input_files(sound)
    expect(chat.messages("bot")).to_have_count(1)
    expect(chat.messages("customer")).to_contain_text("What we heard")
    return chat


def test_corrected_text_is_answered_and_both_are_shown(heard: Chat, api: FakeApi) -> None:
    heard.find("correct").click()
    box = heard.find("correct-input")
    expect(box).to_be_focused()
    expect(box).to_have_value(HEARD)
    expect(heard.find("correct-send")).to_be_disabled()
    box.fill("where is my order")
    heard.find("correct-send").click()
    expect(heard.messages("bot")).to_have_count(2)
    for _ in range(2):
        expect(heard.messages("customer")).to_have_count(2)
        first, second = heard.messages("customer").all()
        expect(first.locator(".bubble")).to_have_text(HEARD)
        expect(first).to_contain_text("You corrected this below.")
        expect(second.locator(".bubble")).to_have_text("where is my order")
        expect(second).to_contain_text("Your correction")
        expect(heard.find("correct")).to_have_count(0)
        heard.page.reload()
    assert len(api.corrections) == 1


def test_correction_that_fails_keeps_its_words_and_its_id(heard: Chat, api: FakeApi) -> None:
    api.refuse_text = "order"
    heard.find("correct").click()
    heard.find("correct-input").fill("where is my order")
    heard.find("correct-input").press("Enter")
    editor = heard.find("correct-editor")
    expect(editor).to_contain_text("This cannot be taken just now.")
    api.say_as("bot", "Something else happened meanwhile.")
    expect(heard.messages("bot")).to_have_count(2)
    expect(heard.find("correct-input")).to_have_value("where is my order")
    api.refuse_text = None
    heard.find("correct-send").click()
    expect(heard.messages("bot")).to_have_count(3)
    assert len({correction["id"] for correction in api.corrections}) == 1


def test_correction_by_keyboard_can_be_left(heard: Chat, api: FakeApi) -> None:
    correct = heard.find("correct")
    correct.focus()
    heard.page.keyboard.press("Enter")
    expect(heard.find("correct-input")).to_be_focused()
    heard.page.keyboard.type("! No")
    heard.page.keyboard.press("Escape")
    expect(heard.find("correct-editor")).to_have_count(0)
    expect(correct).to_be_focused()
    correct.press("Enter")
    expect(heard.find("correct-input")).to_be_focused()
    heard.page.keyboard.press("Control+a")
    heard.page.keyboard.type("where is my order")
    heard.page.keyboard.press("Enter")
    expect(heard.messages("bot")).to_have_count(2)
    expect(heard.find("chat-input")).to_be_focused()
    assert [correction["text"] for correction in api.corrections] == ["where is my order"]


def test_typed_message_and_one_of_the_past_offer_no_correction(heard: Chat) -> None:
    heard.ask("and another thing")
    expect(heard.find("correct")).to_have_count(0)


def test_replaced_text_shows_what_was_heard_in_every_tab(heard: Chat, api: FakeApi) -> None:
    conversation = next(iter(api.messages))
    message = next(m for m in api.messages[conversation] if m["spoken"])
    message |= {"text": "where is my order", "misheard": HEARD, "corrected_by": "another-id"}
    api.broadcast({"type": "corrected", "message": message})
    own = heard.messages("customer").first
    expect(own.locator(".bubble")).to_have_text("where is my order")
    expect(own).to_contain_text(f"We had heard: “{HEARD}”")
    heard.page.reload()
    expect(own).to_contain_text(f"We had heard: “{HEARD}”")
