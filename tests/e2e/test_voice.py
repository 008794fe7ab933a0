"""A customer's voice message in the chat, with a pretended microphone and the fake service."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from speech import decode
from tests.e2e.conftest import Chat, is_about_the_line, until, watch
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import LEAD_S, QUESTION, QUESTION_S, listening_browser, phone, spoken

pytestmark = pytest.mark.browser

Open = Callable[..., Chat]
# Tells what the page does with the microphone, without changing it.
WATCH_TRACKS = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    window.wish = wish;
    const stream = await ask(wish);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
"""

# The page itself presses the button a moment after the recording has begun: a driver may be slower than a word.
SEND_AT_ONCE = """() => {
  const composer = document.getElementById("composer");
  const press = () => document.querySelector("[data-testid=chat-send]").click();
  new MutationObserver((_, watch) => {
    if (composer.dataset.voice !== "recording") return;
    watch.disconnect();
    setTimeout(press, 100);
  }).observe(composer, { attributes: true });
}"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with listening_browser(spoken(tmp_path_factory.mktemp("voice") / "question.wav", QUESTION)) as running:
        yield running


@pytest.fixture
def api(api: FakeApi) -> FakeApi:
    api.heard = QUESTION
    return api


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = phone(browser, permissions=["microphone"])
    context.add_init_script(WATCH_TRACKS)
    yield context
    context.close()


def voice_state(chat: Chat) -> str:
    return str(chat.page.evaluate("document.getElementById('composer').dataset.voice"))


def is_listening(chat: Chat) -> bool:
    return bool(chat.page.evaluate("window.tracks.some((track) => track.readyState === 'live')"))


def expect_state(chat: Chat, state: str) -> None:
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", state)


def words_come(chat: Chat) -> None:
    """Wait until words are heard, and see it well before the pause that ends the recording."""
    until(chat.page, "document.querySelector('[data-testid=voice-note]').textContent.includes('We hear you')")


def record(chat: Chat) -> None:
    """Tap, and wait until the words have been heard."""
    chat.find("chat-mic").click()
    words_come(chat)


def test_tapped_message_is_sent_by_itself_when_the_customer_pauses(chat: Chat, api: FakeApi) -> None:
    record(chat)
    assert is_listening(chat)
    expect_state(chat, "idle")
    assert not is_listening(chat), "the browser's sign that it listens goes out at once"
    expect(chat.messages("customer").locator(".bubble")).to_have_text(QUESTION)
    expect(chat.messages("bot")).to_have_count(1)
    (_, content_type, sound), *more = api.recordings
    assert more == [] and content_type.startswith("audio/webm")
    clip = decode(sound)
    assert LEAD_S + QUESTION_S < clip.seconds < LEAD_S + QUESTION_S + 3, "the sentence and a pause, and no more"
    assert float(abs(clip.samples).max()) > 0.05
    assert chat.page.evaluate("window.wish") == {
        "audio": {"channelCount": 1, "echoCancellation": True, "noiseSuppression": True, "autoGainControl": False}
    }
    assert chat.page.evaluate("Object.keys(localStorage).filter((key) => localStorage[key].length > 3000)") == []


def test_held_button_sends_when_it_is_let_go(chat: Chat, api: FakeApi) -> None:
    chat.find("chat-mic").hover()
    chat.page.mouse.down()
    expect_state(chat, "recording")
    expect(chat.find("voice-note")).to_contain_text("Let go to send")
    place = chat.find("chat-mic").bounding_box()
    chat.page.wait_for_timeout(2_000)
    assert chat.find("chat-mic").bounding_box() == place, "nothing moves under the finger"
    chat.page.mouse.up()
    expect_state(chat, "idle")
    expect(chat.messages("bot")).to_have_count(1)
    assert len(api.recordings) == 1
    assert not is_listening(chat)


def test_sliding_off_the_held_button_cancels(chat: Chat, api: FakeApi) -> None:
    chat.find("chat-mic").hover()
    chat.page.mouse.down()
    expect_state(chat, "recording")
    chat.page.wait_for_timeout(900)
    chat.page.mouse.move(120, 400)
    expect(chat.find("voice-note")).to_have_text("Let go to cancel.")
    chat.page.mouse.up()
    expect_state(chat, "idle")
    assert api.recordings == [] and not is_listening(chat)


def test_cancelled_recording_leaves_nothing(chat: Chat, api: FakeApi) -> None:
    chat.find("chat-input").fill("half a thought")
    record(chat)
    chat.find("voice-cancel").click()
    expect_state(chat, "idle")
    expect(chat.find("chat-mic")).to_be_focused()
    expect(chat.find("chat-input")).to_have_value("half a thought")
    expect(chat.find("voice-said")).to_have_text("Recording discarded.")
    chat.page.wait_for_timeout(300)
    assert api.recordings == [] and chat.messages("customer").count() == 0 and not is_listening(chat)


def test_recording_can_be_checked_recorded_again_and_sent(chat: Chat, api: FakeApi) -> None:
    record(chat)
    chat.find("voice-again").click()
    expect_state(chat, "recording")
    words_come(chat)
    chat.find("chat-mic").click()
    expect_state(chat, "review")
    expect(chat.find("voice-note")).to_have_text("Your recording. Nothing is sent yet.")
    assert not is_listening(chat) and api.recordings == []
    play = chat.find("voice-play")
    play.click()
    expect(play).to_have_attribute("aria-label", "Stop playing")
    play.click()
    expect(play).to_have_attribute("aria-label", "Play your recording")
    chat.find("chat-send").click()
    expect_state(chat, "idle")
    expect(chat.messages("bot")).to_have_count(1)
    assert len(api.recordings) == 1


def test_without_the_switch_it_goes_on_until_it_is_sent(chat: Chat, api: FakeApi) -> None:
    record(chat)
    chat.find("voice-pause").uncheck()
    expect(chat.find("voice-note")).to_contain_text("Send it when you are done")
    chat.page.wait_for_timeout(5_000)
    assert voice_state(chat) == "recording", "the sentence has long ended"
    chat.find("chat-send").click()
    expect(chat.messages("bot")).to_have_count(1)
    chat.page.reload()
    chat.find("chat-mic").click()
    expect(chat.find("voice-pause")).not_to_be_checked()
    chat.page.keyboard.press("Escape")
    expect_state(chat, "idle")


def test_longest_recording_counts_down_and_is_not_lost(open_chat: Open, api: FakeApi) -> None:
    api.recording_limits = {"max_seconds": 3.5, "max_bytes": 25 * 1024 * 1024}
    chat = open_chat()
    chat.begin()
    chat.find("chat-mic").click()
    expect(chat.find("voice-time")).to_have_text(re.compile("^−0:0[0-2]$"))
    expect(chat.find("voice-note")).to_have_text("5 seconds left.")
    expect_state(chat, "review")
    expect(chat.find("voice-note")).to_contain_text("as long as a recording can be")
    chat.find("chat-send").click()
    expect(chat.messages("bot")).to_have_count(1)
    assert decode(api.recordings[0][2]).seconds < 3.5, "the server's own limit is kept"


def test_very_short_recording_is_held_back(chat: Chat, api: FakeApi) -> None:
    chat.page.evaluate(SEND_AT_ONCE)
    chat.find("chat-mic").click()
    expect(chat.find("voice-note")).to_contain_text("very short")
    chat.find("chat-mic").click()
    expect_state(chat, "recording")
    chat.page.keyboard.press("Escape")
    expect_state(chat, "idle")
    assert api.recordings == []


def test_whole_voice_message_by_keyboard(chat: Chat, api: FakeApi) -> None:
    keyboard = chat.page.keyboard
    expect(chat.find("chat-input")).to_be_focused()
    keyboard.press("Tab")
    expect(chat.find("chat-mic")).to_be_focused()
    keyboard.press("Enter")
    words_come(chat)
    expect_state(chat, "idle")
    expect(chat.find("chat-mic")).to_be_focused()
    expect(chat.messages("bot")).to_have_count(1)
    keyboard.down("Space")
    expect_state(chat, "recording")
    chat.page.wait_for_timeout(2_000)
    keyboard.up("Space")
    expect_state(chat, "idle")
    expect(chat.messages("bot")).to_have_count(2)
    keyboard.press("Space")
    expect_state(chat, "recording")
    keyboard.press("Escape")
    expect_state(chat, "idle")
    assert len(api.recordings) == 2 and not is_listening(chat)


def test_leaving_the_page_stops_the_recording_and_keeps_it(chat: Chat, api: FakeApi) -> None:
    record(chat)
    chat.page.evaluate(
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect_state(chat, "review")
    expect(chat.find("voice-note")).to_contain_text("stopped when you left this page")
    assert not is_listening(chat)


def test_unplugged_microphone_keeps_what_was_recorded(chat: Chat, api: FakeApi) -> None:
    record(chat)
    # As the browser does it: the track ends, and says so.
    chat.page.evaluate("for (const t of window.tracks) { t.stop(); t.dispatchEvent(new Event('ended')); }")
    expect_state(chat, "review")
    expect(chat.find("voice-note")).to_contain_text("microphone was disconnected")
    chat.find("chat-send").click()
    expect(chat.messages("bot")).to_have_count(1)


def test_second_tab_cannot_record_at_the_same_time(open_chat: Open, api: FakeApi) -> None:
    first = open_chat()
    first.begin()
    second = open_chat()
    first.find("chat-mic").click()
    expect_state(first, "recording")
    second.find("chat-mic").click()
    expect(second.find("voice-note")).to_contain_text("recording in another tab")
    assert not is_listening(second)


def test_reduced_motion_shows_the_level_without_movement(context: BrowserContext, open_chat: Open) -> None:
    chat = open_chat()
    chat.page.emulate_media(reduced_motion="reduce")
    chat.begin()
    record(chat)
    look = "getComputedStyle(document.querySelector('.voice-time'), '::before').animationName"
    assert chat.page.evaluate(look) == "none"
    shapes = "new Set([...document.querySelectorAll('.voice-meter span')].map((bar) => bar.style.transform)).size"
    assert chat.page.evaluate(shapes) == 1, "one level, not a wandering curve"
    chat.page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [320, 1280])
def test_buttons_are_large_enough_and_nothing_is_cut(context: BrowserContext, open_chat: Open, width: int) -> None:
    """WCAG 2.5.5: targets of at least 44 by 44 CSS pixels."""
    chat = open_chat()
    chat.page.set_viewport_size({"width": width, "height": 700})
    chat.begin()
    for state in ("idle", "recording", "review"):
        if state == "recording":
            record(chat)
        elif state == "review":
            chat.find("chat-mic").click()
        expect_state(chat, state)
        for button in chat.page.locator("#composer button, .voice-pause").all():
            if button.is_visible():
                box = button.bounding_box()
                assert box is not None and box["width"] >= 44 and box["height"] >= 44, (state, button)
                assert box["x"] >= 0 and box["x"] + box["width"] <= width
                label = button.get_attribute("aria-label") or button.inner_text()
                assert label.strip()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width


def test_voice_message_in_a_shop_on_another_host(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"http://localhost:{api.port}/foreign")
    page.get_by_test_id("chat-launcher").click()
    expect(page.locator("iframe")).to_have_attribute("allow", re.compile(r"\bmicrophone\b"))
    frame = page.frame_locator("iframe")
    frame.get_by_test_id("consent-continue").click()
    frame.get_by_test_id("chat-mic").click()
    expect(frame.locator("[data-author=bot]")).to_have_count(1)
    assert api.customer_texts() == [QUESTION]
    frame.get_by_test_id("chat-mic").click()
    expect(frame.get_by_test_id("voice-note")).to_contain_text("We hear you")
    frame.get_by_test_id("chat-close").click()
    page.get_by_test_id("chat-launcher").click()
    expect(frame.get_by_test_id("voice-note")).to_contain_text("stopped when you left")
    assert [line for line in complaints if not is_about_the_line(line)] == []
