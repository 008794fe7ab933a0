"""A call on the chat page: real WebRTC and WebSocket sound in Chromium, with a pretended microphone and camera."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import Chat, until
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import QUESTION, listening_browser, phone, spoken

pytestmark = pytest.mark.browser

Open = Callable[..., Chat]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with listening_browser(spoken(tmp_path_factory.mktemp("call") / "question.wav", QUESTION)) as running:
        yield running


@pytest.fixture
def api(api: FakeApi) -> FakeApi:
    api.call.available = True
    return api


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = phone(browser, permissions=["microphone", "camera"])
    yield context
    context.close()


def expect_call(chat: Chat, state: str) -> None:
    expect(chat.find("call")).to_have_attribute("data-call", state)


def call(chat: Chat) -> None:
    chat.find("call-begin").click()
    expect_call(chat, "live")


def test_call_carries_sound_both_ways_and_ends(chat: Chat, api: FakeApi) -> None:
    call(chat)
    assert api.call.begun[0]["transport"] == "webrtc"
    api.call.plays = True
    until(chat.page, "document.getElementById('call-sound').srcObject?.getAudioTracks()[0].muted === false")
    deadline_s = 10.0
    while api.call.loudest < 0.02 and deadline_s > 0:
        chat.page.wait_for_timeout(100)
        deadline_s -= 0.1
    assert api.call.loudest > 0.02
    chat.find("call-end").click()
    expect(chat.find("call")).to_be_hidden()
    expect(chat.find("chat-notice").last).to_contain_text("Call ended after 0:")
    expect(chat.find("call-begin")).to_be_focused()
    assert api.call.ended == ["call-1"]
