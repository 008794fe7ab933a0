"""A recording on its way: a lost line, a busy service, a refusal; and its end."""

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import QUESTION
from tests.e2e.test_voice import api, browser, context, expect_state, record

pytestmark = pytest.mark.browser
__all__ = ["api", "browser", "context"]


def test_recording_plays_until_the_answer_and_is_deleted_then(chat: Chat, api: FakeApi) -> None:
    api.answer_delay_s = 3.0
    chat.page.evaluate(
        "window.addresses = new Set(); const make = URL.createObjectURL; const end = URL.revokeObjectURL;"
        "URL.createObjectURL = (blob) => { const at = make(blob); window.addresses.add(at); return at; };"
        "URL.revokeObjectURL = (at) => { window.addresses.delete(at); end(at); };"
    )
    record(chat)
    chat.find("chat-send").click()
    play = chat.find("play-recording")
    play.click()
    expect(play).to_have_attribute("aria-label", "Stop playing")
    assert chat.page.evaluate("window.addresses.size") == 1
    expect(chat.messages("bot")).to_have_count(1)
    expect(play).to_have_count(0)
    expect(chat.messages("customer")).to_contain_text("The recording has been deleted.")
    assert chat.page.evaluate("window.addresses.size") == 0
    chat.page.reload()
    expect(chat.messages("customer")).to_contain_text("What we heard")


def test_recording_made_offline_waits_and_arrives_once(chat: Chat, api: FakeApi) -> None:
    chat.ask("hello")
    chat.page.context.set_offline(True)
    record(chat)
    expect_state(chat, "idle")
    own = chat.messages("customer").last
    expect(own).to_contain_text("Waiting for the connection")
    expect(chat.find("play-recording")).to_be_visible()
    assert api.recordings == []
    chat.page.context.set_offline(False)
    expect(chat.messages("bot")).to_have_count(2, timeout=20_000)
    expect(own.locator(".bubble")).to_have_text(QUESTION)
    assert api.customer_texts() == ["hello", QUESTION]


def test_recording_whose_receipt_is_lost_is_not_doubled(chat: Chat, api: FakeApi) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    chat.page.route("**/audio?*", lose_the_first)
    record(chat)
    expect(chat.messages("bot")).to_have_count(1)
    chat.ask("hello")
    assert api.customer_texts() == [QUESTION, "hello"]
    assert len({id_ for id_, *_ in api.recordings}) == 1


def test_play_button_tells_its_state_after_the_message_was_drawn_again(chat: Chat, api: FakeApi) -> None:
    chat.page.route("**/audio?*", lambda route: route.abort())
    record(chat)
    expect(chat.messages("customer")).to_contain_text("Waiting for the connection")
    chat.page.context.set_offline(True)  # Draws it again.
    expect(chat.find("connection-line")).to_contain_text("offline")
    play = chat.find("play-recording")
    play.click()
    expect(play).to_have_attribute("aria-label", "Stop playing")
    play.click()
    expect(play).to_have_attribute("aria-label", "Play your recording")


def test_recording_that_waits_can_be_removed(chat: Chat, api: FakeApi) -> None:
    chat.page.route("**/audio?*", lambda route: route.abort())
    record(chat)
    expect(chat.messages("customer")).to_contain_text("Waiting for the connection")
    chat.find("remove-recording").click()
    expect(chat.messages("customer")).to_have_count(0)
    chat.page.unroute("**/audio?*")
    chat.ask("hello")
    assert api.recordings == []


def test_busy_service_is_asked_again_and_a_refusal_can_be_recorded_again(chat: Chat, api: FakeApi) -> None:
    api.busy_recordings = 1
    api.heard = ""
    record(chat)
    expect(chat.messages("customer")).to_contain_text("Many people are speaking right now")
    expect(chat.find("message-error")).to_contain_text("Nothing was said in this recording")
    assert len({id_ for id_, *_ in api.recordings}) == 1 and len(api.recordings) == 2
    api.heard = QUESTION
    chat.find("record-again").click()
    expect_state(chat, "idle")
    expect(chat.messages("bot")).to_have_count(1)
    expect(chat.messages("customer")).to_have_count(1)


def test_two_recordings_arrive_in_order(chat: Chat, api: FakeApi) -> None:
    held: list[Route] = []
    chat.page.route("**/audio?*", lambda route: held.append(route))
    for number in (1, 2):
        record(chat)
        chat.find("chat-send").click()
        expect(chat.messages("customer")).to_have_count(number)
    expect(chat.messages("customer").last).to_contain_text("Waits for the recording before it")
    assert len(held) == 1, "the second has not left"
    chat.page.unroute("**/audio?*")  # What was held goes on now.
    expect(chat.messages("bot")).to_have_count(2)
    own = [m.get_attribute("data-id") for m in chat.messages("customer").all()]
    assert [id_ for id_, *_ in api.recordings] == own


def test_closing_the_page_while_recording_is_asked_about(chat: Chat) -> None:
    prevented = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert chat.page.evaluate(prevented) is False
    record(chat)
    assert chat.page.evaluate(prevented) is True
    chat.page.keyboard.press("Escape")
    assert chat.page.evaluate(prevented) is False


def test_nothing_of_a_recording_is_stored_on_disk(chat: Chat, tmp_path: Path) -> None:
    record(chat)
    chat.find("chat-send").click()
    expect(chat.messages("bot")).to_have_count(1)
    assert chat.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert chat.page.evaluate("caches.keys().then((all) => all.length)") == 0
