"""What goes wrong in a call, and what the customer is told: each time the conversation goes on as text."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.call_page import api, browser, call, context, expect_call, live_tracks, note, wait
from tests.e2e.conftest import Chat, is_about_the_line, until, watch
from tests.e2e.fake_api import FakeApi

__all__ = ["api", "browser", "context"]

pytestmark = pytest.mark.browser

Open = Callable[..., Chat]


def text_goes_on(chat: Chat) -> None:
    chat.ask("I go on in writing")
    expect(chat.find("call-begin") if chat.find("call").is_hidden() else chat.find("call-dismiss")).to_be_visible()


def test_no_button_where_the_shop_takes_no_calls(open_chat: Open, api: FakeApi) -> None:
    api.call.available = False
    chat = open_chat()
    chat.begin()
    chat.ask("hello")
    expect(chat.find("call-begin")).to_be_hidden()


def test_sound_goes_by_websocket(chat: Chat, api: FakeApi) -> None:
    api.call.transports = ("websocket",)
    api.call.plays = True
    call(chat)
    wait(chat, lambda: api.call.loudest > 0.02)
    until(
        chat.page,
        """(() => {
          if (!window.ear) {
            const context = new AudioContext();
            window.ear = context.createAnalyser();
            window.ear.fftSize = 8192;
            context.createMediaStreamSource(document.getElementById("call-sound").srcObject).connect(window.ear);
          }
          const levels = new Float32Array(window.ear.frequencyBinCount);
          window.ear.getFloatFrequencyData(levels);
          const loudest = levels.indexOf(Math.max(...levels)) * window.ear.context.sampleRate / 8192;
          return Math.abs(loudest - 440) < 10;
        })()""",
    )
    chat.find("call-camera").click(force=True)
    expect(chat.find("call-note")).to_contain_text("carries sound only")
    chat.find("call-mute").click()
    wait(chat, lambda: {"type": "muted", "on": True} in api.call.said)
    chat.find("call-end").click()
    wait(chat, lambda: api.call.ended == ["call-1"])
    assert live_tracks(chat) == []


def test_network_that_lets_no_webrtc_through_still_calls(chat: Chat, api: FakeApi) -> None:
    api.call.deaf_to = ("webrtc",)
    call(chat)
    assert [begun["transport"] for begun in api.call.begun] == ["webrtc", "websocket"]
    before = api.call.sound_frames
    chat.page.wait_for_timeout(1000)
    assert 20 <= api.call.sound_frames - before <= 30  # 40 ms each.


def test_dropped_line_is_mended_in_the_same_call(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.find("call-mute").click()
    api.call.drop()
    wait(chat, lambda: api.call.offers == ["call-1"])
    expect_call(chat, "live")
    assert len(api.call.begun) == 1
    # What the customer had chosen still holds on the new line.
    wait(chat, lambda: api.call.said.count({"type": "muted", "on": True}) == 2)


def test_another_network_is_followed_before_the_line_drops(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.page.evaluate("window.dispatchEvent(new Event('online'))")
    wait(chat, lambda: api.call.offers == ["call-1"])
    expect_call(chat, "live")
    before = api.call.sound_frames
    wait(chat, lambda: api.call.sound_frames > before + 5)
    assert len(api.call.begun) == 1


def test_call_that_the_server_has_lost_is_begun_again(chat: Chat, api: FakeApi) -> None:
    call(chat)
    api.call.loses_offers = True
    api.call.drop()
    wait(chat, lambda: len(api.call.begun) == 2)
    expect_call(chat, "live")


def test_voice_process_killed_is_followed_by_a_new_call(chat: Chat, api: FakeApi) -> None:
    call(chat)
    api.broadcast({"type": "call", "state": "ended", "call": "call-1", "because": "voice_down"})
    wait(chat, lambda: len(api.call.begun) == 2)
    expect_call(chat, "live")
    assert chat.find("chat-notice").count() == 0


def test_call_that_cannot_be_mended_leaves_the_conversation(chat: Chat, api: FakeApi) -> None:
    call(chat)
    api.call.loses_offers = True
    api.call.refuse = (409, "voice_down", "Calls are not possible just now. Please write to us here.")
    api.call.drop()
    expect_call(chat, "failed")
    assert note(chat) == "Calls are not possible just now. Please write to us here."
    assert live_tracks(chat) == []
    text_goes_on(chat)
    api.call.refuse = None
    chat.find("call-again").click()
    expect_call(chat, "live")


@pytest.mark.parametrize(("because", "words"), [("elsewhere", "in another window"), ("<b>new</b>", "Call ended after")])
def test_server_ends_the_call_and_says_why(chat: Chat, api: FakeApi, because: str, words: str) -> None:
    call(chat)
    api.broadcast({"type": "call", "state": "ended", "call": "call-0", "because": "too_long"})
    api.broadcast({"type": "call", "state": "ended", "call": "call-1", "because": because})
    expect(chat.find("chat-notice")).to_contain_text(words)
    assert chat.find("chat-notice").count() == 1 and live_tracks(chat) == []
    text_goes_on(chat)


def test_dropped_websocket_is_opened_again_in_the_same_call(chat: Chat, api: FakeApi) -> None:
    api.call.transports = ("websocket",)
    call(chat)
    api.call.drop()
    wait(chat, lambda: api.call.lines == 1)
    expect_call(chat, "live")
    before = api.call.sound_frames
    wait(chat, lambda: api.call.sound_frames > before + 5)
    assert len(api.call.begun) == 1


def test_all_lines_busy_is_said_in_the_servers_words(chat: Chat, api: FakeApi) -> None:
    api.call.refuse = (503, "busy", "All lines are busy. Please call again in a minute.")
    chat.find("call-begin").click()
    expect_call(chat, "failed")
    assert note(chat) == "All lines are busy. Please call again in a minute."
    expect(chat.find("call-again")).to_be_focused()
    chat.find("call-dismiss").click()
    expect(chat.find("call-begin")).to_be_focused()
    assert live_tracks(chat) == []


def test_no_microphone_is_said_with_the_next_step(chat: Chat, api: FakeApi) -> None:
    for error, words in (
        ("NotAllowedError", "Allow it in the browser"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "Another program"),
    ):
        chat.page.evaluate(f"window.refuse = '{error}'")
        chat.find("call-begin").click()
        expect_call(chat, "failed")
        assert words in note(chat) and api.call.begun == []
        text_goes_on(chat)
        chat.find("call-dismiss").click()


def test_unplugged_microphone_is_replaced_or_asked_for(chat: Chat, api: FakeApi) -> None:
    call(chat)
    unplug = (
        "(() => { const [one] = window.tracks.splice(0, 1); one.stop(); one.dispatchEvent(new Event('ended')); })()"
    )
    chat.page.evaluate(unplug)  # Another one is there at once.
    wait(chat, lambda: {"type": "muted", "on": False} in api.call.said)
    assert live_tracks(chat) == ["audio"]
    chat.page.evaluate("window.refuse = 'NotFoundError'")
    chat.page.evaluate(unplug)
    expect(chat.find("call-note")).to_contain_text("disconnected")
    expect_call(chat, "live")
    chat.page.evaluate("window.refuse = null")
    chat.find("call-again").click()
    expect(chat.find("call-again")).to_be_hidden()
    api.call.loudest = 0.0
    wait(chat, lambda: api.call.loudest > 0.02)


def test_camera_that_cannot_start_leaves_the_call(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.page.evaluate("window.refuse = 'NotFoundError'")
    chat.find("call-camera").click()
    chat.find("call-ask-yes").click()
    expect(chat.find("call-note")).to_contain_text("No camera was found")
    expect_call(chat, "live")


def test_one_tab_has_the_microphone(open_chat: Open, api: FakeApi) -> None:
    one, other = open_chat(), open_chat()
    one.begin()
    other.find("consent-continue").click()
    one.page.bring_to_front()
    call(one)
    other.page.bring_to_front()
    other.find("call-begin").click()
    expect_call(other, "failed")
    assert "another tab" in note(other) and len(api.call.begun) == 1


def test_call_in_a_shop_on_another_host_ends_when_the_chat_is_closed(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"http://localhost:{api.port}/foreign")
    page.get_by_test_id("chat-launcher").click()
    frame = page.frame_locator("iframe")
    frame.get_by_test_id("consent-continue").click()
    frame.get_by_test_id("call-begin").click()
    expect(frame.get_by_test_id("call")).to_have_attribute("data-call", "live")
    frame.get_by_test_id("call-camera").click()
    frame.get_by_test_id("call-ask-yes").click()
    expect(frame.get_by_test_id("call-preview")).to_be_visible()
    frame.get_by_test_id("chat-close").click()
    wait(Chat(page), lambda: api.call.ended == ["call-1"])
    page.get_by_test_id("chat-launcher").click()
    expect(frame.get_by_test_id("chat-notice")).to_contain_text("when you closed the chat")
    assert [line for line in complaints if not is_about_the_line(line)] == []
