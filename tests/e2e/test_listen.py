"""Answers read out on the chat page: Listen, Stop, the switch, and what silences it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Chat, until
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import listening_browser

pytestmark = pytest.mark.browser

THREE = "Your order is on its way. It comes on Monday. Would you like to change that?"
Open = Callable[[], Chat]
# Notes every sound that the page begins, with what is marked and how many were asked for by then, and breaks off.
_NOTE_SOUNDS = """
window.sounds = []; window.brokenOff = 0; window.marks = []; window.fetched = 0;
const ask = window.fetch;
window.fetch = function (...given) {
  if (/\\/speech\\/[0-9]+$/.test(String(given[0]?.url ?? given[0]))) window.fetched += 1;
  return ask.apply(this, given);
};
const start = AudioBufferSourceNode.prototype.start, stop = AudioBufferSourceNode.prototype.stop;
AudioBufferSourceNode.prototype.start = function (...given) {
  window.sounds.push(this.buffer.duration);
  window.marks.push([window.heard(), window.fetched]);
  return start.apply(this, given);
};
AudioBufferSourceNode.prototype.stop = function (...given) { window.brokenOff += 1; return stop.apply(this, given); };
window.heard = () => {
  const marked = CSS.highlights.get("attune-heard");
  return marked ? [...marked].join("") : null;
};
"""
_TOUCHED_BY_CLICKS = """
let touched = false;
addEventListener("click", () => { touched = true; }, true);
Object.defineProperty(navigator, "userActivation", { value: { get hasBeenActive() { return touched; } } });
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with listening_browser(None) as running:
        yield running


@pytest.fixture
def api(api: FakeApi) -> FakeApi:
    api.voice.speaks = True
    return api


@pytest.fixture
def open_chat(context: BrowserContext, open_chat: Open) -> Open:
    context.grant_permissions(["microphone"])
    context.add_init_script(_NOTE_SOUNDS)
    return open_chat


def listen(chat: Chat, nth: int = -1) -> Locator:
    return chat.messages().get_by_test_id("listen").nth(nth)


def sounds(page: Page) -> int:
    return int(page.evaluate("window.sounds.length"))


def answered(chat: Chat, api: FakeApi, text: str = THREE) -> None:
    """An answer that can be listened to. Clicking the page lets it sound."""
    chat.find("chat-input").click()
    api.say_as("bot", text)
    expect(chat.messages("bot").last).to_contain_text(text[:20])


def test_answer_is_read_sentence_by_sentence_with_one_fetched_ahead(chat: Chat, api: FakeApi) -> None:
    answered(chat, api)
    listen(chat).click()
    expect(listen(chat)).to_have_text("Stop")
    expect(listen(chat)).to_have_text("Listen")
    # Sentence, and how many sounds had been asked for when it began.
    assert chat.page.evaluate("window.marks") == [
        ["Your order is on its way.", 2],
        ["It comes on Monday.", 3],
        ["Would you like to change that?", 3],
    ]
    assert chat.page.evaluate("window.heard()") is None
    assert [index for _, index in api.voice.asked] == [0, 1, 2]


def test_stop_is_silent_at_once_and_fetches_no_more(chat: Chat, api: FakeApi) -> None:
    api.voice.sentence_s = 5.0
    answered(chat, api)
    listen(chat).click()
    until(chat.page, "window.sounds.length === 1")
    listen(chat).click()
    assert chat.page.evaluate("window.brokenOff") == 1
    expect(listen(chat)).to_have_text("Listen")
    assert chat.page.evaluate("window.heard()") is None
    chat.page.wait_for_timeout(300)
    assert sounds(chat.page) == 1 and len(api.voice.asked) <= 2


def test_another_answer_takes_the_place_of_the_first(chat: Chat, api: FakeApi) -> None:
    api.voice.sentence_s = 5.0
    answered(chat, api)
    answered(chat, api, "A second answer.")
    listen(chat, 0).click()
    until(chat.page, "window.sounds.length === 1")
    listen(chat, 1).click()
    until(chat.page, "window.sounds.length === 2")
    assert chat.page.evaluate("[window.brokenOff, window.heard()]") == [1, "A second answer."]
    expect(listen(chat, 0)).to_have_text("Listen")
    expect(listen(chat, 1)).to_have_text("Stop")


@pytest.mark.parametrize("what", ["a message", "the microphone", "another page", "Escape"])
def test_customer_who_does_something_else_hears_no_more(chat: Chat, api: FakeApi, what: str) -> None:
    api.voice.sentence_s = 5.0
    answered(chat, api)
    listen(chat).click()
    until(chat.page, "window.sounds.length === 1")
    if what == "a message":
        chat.say("thanks")
    elif what == "the microphone":
        chat.find("chat-mic").click()
        expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "recording")
    elif what == "another page":
        chat.page.evaluate(
            """Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
            document.dispatchEvent(new Event("visibilitychange"))"""
        )
    else:
        chat.page.keyboard.press("Escape")
    until(chat.page, "window.brokenOff === 1")
    assert sounds(chat.page) == 1


def test_switch_reads_new_answers_in_order_and_is_remembered(open_chat: Open, api: FakeApi) -> None:
    chat = open_chat()
    chat.begin()
    answered(chat, api, "An old answer.")
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "false")
    chat.find("read-aloud").click()
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "true")
    assert sounds(chat.page) == 0, "what is on the page already is not read by itself"
    api.say_as("bot", "First new answer.")
    api.say_as("agent", "Second, by a person.")
    until(chat.page, "window.sounds.length === 2")
    first, second = (message["id"] for message in next(iter(api.messages.values()))[-2:])
    assert api.voice.asked == [[first, 0], [second, 0]]
    chat.page.reload()
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "true")
    chat.find("chat-input").click()
    chat.page.wait_for_timeout(300)
    assert sounds(chat.page) == 0, "history is not read"
    chat.find("read-aloud").click()
    api.say_as("bot", "Nobody hears this.")
    expect(chat.messages("bot").last).to_contain_text("Nobody")
    chat.page.wait_for_timeout(300)
    assert sounds(chat.page) == 0


def test_browser_that_blocks_sound_is_explained(context: BrowserContext, open_chat: Open, api: FakeApi) -> None:
    chat = open_chat()
    chat.begin()
    chat.find("read-aloud").click()
    # A driven browser counts every question of the driver as a touch; here only a click is one.
    context.add_init_script(_TOUCHED_BY_CLICKS)
    chat.page.reload()
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "true")
    api.say_as("bot", THREE)
    expect(chat.find("chat-notice")).to_contain_text("Press Listen")
    assert sounds(chat.page) == 0
    listen(chat).click()
    until(chat.page, "window.sounds.length === 1")


def test_nothing_is_read_into_a_recording(chat: Chat, api: FakeApi) -> None:
    answered(chat, api, "Hello.")
    chat.find("read-aloud").click()
    chat.find("chat-mic").click()
    expect(chat.page.locator("#composer")).to_have_attribute("data-voice", "recording")
    api.say_as("bot", "Are you still there?")
    expect(chat.messages("bot").last).to_contain_text("still there")
    chat.page.wait_for_timeout(300)
    assert sounds(chat.page) == 0


def test_reading_aloud_is_offered_once_after_the_first_voice_message(open_chat: Open, api: FakeApi) -> None:
    chat = open_chat()
    chat.begin()
    chat.ask("hello")
    expect(chat.find("aloud-offer")).to_have_count(0)
    sound = {"name": "a.wav", "mimeType": "audio/wav", "buffer": b"RIFF" + bytes(4000)}
    chat.find("chat-file").set_input_files(sound)
    expect(chat.find("aloud-offer")).to_be_visible()
    chat.find("aloud-no").click()
    expect(chat.find("aloud-offer")).to_have_count(0)
    before = chat.messages("bot").count()
    chat.find("chat-file").set_input_files(sound)
    expect(chat.messages("bot")).to_have_count(before + 1)
    expect(chat.find("aloud-offer")).to_have_count(0)
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "false")


def test_yes_to_the_offer_switches_it_on(chat: Chat, api: FakeApi) -> None:
    sound = {"name": "a.wav", "mimeType": "audio/wav", "buffer": b"RIFF" + bytes(4000)}
    chat.find("chat-file").set_input_files(sound)
    chat.find("aloud-yes").click()
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "true")
    expect(chat.find("aloud-offer")).to_have_count(0)


def test_offer_that_nobody_answers_leaves_with_the_next_message(chat: Chat, api: FakeApi) -> None:
    sound = {"name": "a.wav", "mimeType": "audio/wav", "buffer": b"RIFF" + bytes(4000)}
    chat.find("chat-file").set_input_files(sound)
    offer = chat.find("aloud-offer")
    expect(offer).to_be_visible()
    box = offer.bounding_box()
    assert box is not None and box["height"] < 60, "one line, on a narrow phone too"
    expect(chat.messages("bot")).to_have_count(1)
    chat.ask("hello")
    expect(offer).to_have_count(0)
    expect(chat.find("read-aloud")).to_have_attribute("aria-pressed", "false")


def test_without_a_voice_the_page_shows_nothing_of_it(open_chat: Open, api: FakeApi) -> None:
    api.voice.speaks = False
    chat = open_chat()
    chat.begin()
    chat.ask("hello")
    expect(chat.find("read-aloud")).to_be_hidden()
    expect(chat.find("listen")).to_have_count(0)


def test_voice_that_goes_away_is_told_and_hidden(chat: Chat, api: FakeApi) -> None:
    answered(chat, api)
    api.voice.refuse = "no_voice"
    listen(chat).click()
    expect(chat.find("chat-notice")).to_contain_text("could not be read out")
    expect(listen(chat)).to_be_hidden()
    expect(chat.find("read-aloud")).to_be_hidden()


def test_buttons_are_read_while_they_can_be_pressed(chat: Chat, api: FakeApi) -> None:
    answered(chat, api, "Yes or no?")
    api.say_as("bot", "Which one?", buttons=[{"title": "Red"}, {"title": "Blue"}])
    expect(chat.messages("bot").last).to_contain_text("Which one?")
    listen(chat).click()
    until(chat.page, "window.sounds.length === 2")
    expect(listen(chat)).to_have_text("Listen")
    chat.ask("Red")
    listen(chat, 1).click()
    until(chat.page, "window.sounds.length === 3")
    expect(listen(chat, 1)).to_have_text("Listen")
    assert sounds(chat.page) == 3


def test_controls_have_names_and_fit_a_narrow_phone(chat: Chat, api: FakeApi) -> None:
    answered(chat, api)
    chat.page.set_viewport_size({"width": 320, "height": 640})
    expect(listen(chat)).to_have_attribute("aria-label", "Listen to this answer")
    expect(chat.find("read-aloud")).to_have_attribute("aria-label", "Read answers aloud")
    for control in (listen(chat), chat.find("read-aloud"), chat.find("chat-person")):
        box = control.bounding_box()
        assert box is not None and box["height"] >= 40 and box["x"] >= 0 and box["x"] + box["width"] <= 320
