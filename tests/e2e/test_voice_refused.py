"""No microphone, none allowed, none that hears anything: explained, with what to do."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import listening_browser, phone, silent

pytestmark = pytest.mark.browser

Open = Callable[[], Chat]
COUNT_REQUESTS = """
  window.microphoneRequests = 0;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) => { window.microphoneRequests += 1; return ask(wish); };
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Its microphone hears nothing, and is refused unless the context has the permission."""
    with listening_browser(silent(tmp_path_factory.mktemp("voice") / "silence.wav"), asks=True) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = phone(browser)
    yield context
    context.close()


def press(chat: Chat, expected: str) -> None:
    chat.find("chat-mic").click()
    expect(chat.find("voice-note")).to_contain_text(expected)
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "refused")
    expect(chat.find("chat-input")).to_be_visible()


def without(chat: Chat, script: str) -> None:
    chat.page.evaluate(f"() => {{ {script}; }}")


def test_refused_microphone_is_explained_and_can_be_tried_again(chat: Chat, context: BrowserContext) -> None:
    press(chat, "The microphone is blocked for this page. Allow it in the browser")
    context.grant_permissions(["microphone"])
    chat.find("voice-retry").click()
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "recording")
    chat.page.keyboard.press("Escape")
    expect(chat.find("voice-head")).to_be_hidden()


def test_explanation_goes_away_and_typing_goes_on(chat: Chat, api: FakeApi) -> None:
    press(chat, "You can also type")
    chat.find("voice-close").click()
    expect(chat.find("voice-head")).to_be_hidden()
    chat.ask("hello")
    press(chat, "You can also type")
    chat.ask("still here")
    assert api.customer_texts() == ["hello", "still here"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "Another program may be using it"),
        ("SecurityError", "blocked for this page"),
    ],
)
def test_every_way_to_fail_has_its_words(chat: Chat, name: str, expected: str) -> None:
    without(chat, f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{name}'); }}")
    press(chat, expected)


def test_page_without_https_and_browser_without_a_recorder_say_so(chat: Chat) -> None:
    without(chat, "window.MediaRecorder = undefined")
    press(chat, "This browser cannot record sound")
    expect(chat.find("voice-retry")).to_be_hidden()
    without(chat, "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    without(chat, "Object.defineProperty(window, 'isSecureContext', { value: false })")
    press(chat, "Recording works only on a secure page (https)")


def test_shop_that_forbids_the_microphone_is_named(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    page.goto(f"http://localhost:{api.port}/foreign")
    page.evaluate("() => { Object.defineProperty(HTMLIFrameElement.prototype, 'allow', { set() {} }); }")
    page.get_by_test_id("chat-launcher").click()
    frame = page.frame_locator("iframe")
    frame.get_by_test_id("consent-continue").click()
    frame.get_by_test_id("chat-mic").click()
    expect(frame.get_by_test_id("voice-note")).to_contain_text("This shop's page does not let the chat use")


def test_microphone_that_hears_nothing_is_asked_about(chat: Chat, context: BrowserContext, api: FakeApi) -> None:
    context.grant_permissions(["microphone"])
    chat.find("chat-mic").click()
    expect(chat.find("voice-note")).to_have_text("We hear nothing yet. Is your microphone on?")
    chat.find("chat-send").click()
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "review")
    expect(chat.find("voice-note")).to_have_text("We heard no sound. Is your microphone on?")
    assert api.recordings == [], "silence is not sent unasked"
    chat.find("chat-send").click()
    expect(chat.messages("bot")).to_have_count(1)


def test_question_of_the_browser_can_be_left_open(chat: Chat, api: FakeApi) -> None:
    without(chat, "navigator.mediaDevices.getUserMedia = () => new Promise((done) => { window.allow = done; })")
    chat.find("chat-mic").click()
    expect(chat.find("voice-note")).to_have_text("Please allow the microphone …")
    chat.page.keyboard.press("Escape")
    expect(chat.find("chat-input")).to_be_visible()
    stopped = chat.page.evaluate(
        """async () => {
          let stopped = 0;
          window.allow({ getTracks: () => [{ stop: () => { stopped += 1; } }] });
          await new Promise((done) => setTimeout(done, 200));
          return stopped;
        }"""
    )
    assert stopped == 1, "what is allowed too late is closed at once"
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "idle")


def test_microphone_is_asked_for_when_it_is_pressed_and_not_before(context: BrowserContext, open_chat: Open) -> None:
    context.add_init_script(COUNT_REQUESTS)
    chat = open_chat()
    chat.begin()
    chat.ask("hello")
    assert chat.page.evaluate("window.microphoneRequests") == 0
    press(chat, "The microphone is blocked for this page")
    assert chat.page.evaluate("window.microphoneRequests") == 1
