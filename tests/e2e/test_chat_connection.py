"""No message is lost or doubled, whatever happens to the line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser


def test_messages_written_while_the_service_is_down_arrive_once_and_in_order(chat: Chat, api: FakeApi) -> None:
    chat.ask("one")
    api.kill()
    expect(chat.find("connection-line")).to_contain_text("Reconnecting")
    for text in ("two", "three", "four"):
        chat.say(text)
    expect(chat.messages("customer")).to_have_count(4)
    api.start()
    expect(chat.messages("bot")).to_have_count(4, timeout=30_000)
    assert api.customer_texts() == ["one", "two", "three", "four"]
    assert chat.texts("customer") == ["one", "two", "three", "four"]
    expect(chat.find("connection-line")).to_be_hidden()


def test_message_stored_but_not_acknowledged_is_not_doubled(chat: Chat, api: FakeApi) -> None:
    chat.ask("one")
    api.lose_after_storing = 1
    chat.say("two")
    expect(chat.messages("bot")).to_have_count(2, timeout=15_000)
    assert api.customer_texts() == ["one", "two"]
    assert chat.texts("customer") == ["one", "two"]


def test_message_lost_on_its_way_is_sent_again_with_the_same_id(chat: Chat, api: FakeApi) -> None:
    chat.ask("one")
    api.lose_before_storing = 2
    chat.say("two")
    expect(chat.messages("bot")).to_have_count(2, timeout=20_000)
    assert api.customer_texts() == ["one", "two"]
    assert len(api.received) == 4
    assert len(set(api.received)) == 2


def test_repeated_frames_show_one_message(chat: Chat, api: FakeApi) -> None:
    api.duplicate_frames = True
    chat.ask("one")
    chat.ask("choose")
    assert chat.texts("customer") == ["one", "choose"]
    assert len(chat.texts("bot")) == 2


def test_unsent_message_survives_closing_the_page(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    chat = open_chat()
    chat.begin()
    chat.ask("one")
    api.kill()
    chat.say("two")
    expect(chat.messages("customer")).to_have_count(2)
    chat.page.close()
    api.start()
    again = open_chat()
    expect(again.messages("bot")).to_have_count(2, timeout=20_000)
    assert again.texts("customer") == ["one", "two"]
    assert api.customer_texts() == ["one", "two"]


def test_page_opened_before_the_service_begins_when_it_comes(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    chat = open_chat()
    chat.begin()
    chat.page.evaluate("localStorage.clear()")
    chat.page.route("**/api/conversations", lambda route: route.abort())
    chat.page.reload()
    expect(chat.find("connection-line")).to_contain_text("Reconnecting")
    chat.say("written before there was a conversation")
    chat.page.unroute("**/api/conversations")
    expect(chat.find("consent-sheet")).to_be_visible(timeout=15_000)
    chat.begin()
    expect(chat.messages("bot")).to_have_count(1, timeout=15_000)
    assert chat.texts("customer") == ["written before there was a conversation"]


def test_two_tabs_show_one_conversation(open_chat: Callable[[], Chat], api: FakeApi) -> None:
    first = open_chat()
    first.begin()
    first.ask("from the first tab")
    second = open_chat()
    expect(second.messages()).to_have_count(2)
    second.ask("from the second tab")
    expect(first.messages()).to_have_count(4)
    assert first.texts("customer") == second.texts("customer") == ["from the first tab", "from the second tab"]
    assert len(api.messages) == 1


def test_reply_missed_while_away_is_shown_after_the_return(chat: Chat, api: FakeApi) -> None:
    chat.ask("one")
    chat.page.context.set_offline(True)
    chat.page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(chat.find("connection-line")).to_contain_text("offline")
    api.say_as("bot", "said while you were away")
    chat.page.context.set_offline(False)
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(chat.messages("bot").last).to_contain_text("said while you were away", timeout=15_000)
    assert chat.texts("bot") == ["You said: one", "said while you were away"]


def test_expired_conversation_becomes_a_new_one_with_an_explanation(chat: Chat, api: FakeApi) -> None:
    chat.ask("one")
    api.kill()
    api.forget_all()
    chat.say("two")
    api.start()
    expect(chat.find("consent-sheet")).to_be_visible(timeout=20_000)
    chat.begin()
    expect(chat.find("chat-notice")).to_contain_text("new one")
    expect(chat.messages("bot")).to_have_count(1, timeout=15_000)
    assert chat.texts("customer") == ["two"]
    assert api.customer_texts(list(api.messages)[-1]) == ["two"]


def test_refused_message_says_why_and_can_be_tried_again(chat: Chat, api: FakeApi) -> None:
    api.refuse_text = "two"
    chat.say("two")
    expect(chat.find("message-error")).to_contain_text("This cannot be taken just now.")
    api.refuse_text = None
    chat.find("try-again").click()
    expect(chat.messages("bot")).to_have_count(1)
    expect(chat.find("message-error")).to_have_count(0)
    assert api.customer_texts() == ["two"]
