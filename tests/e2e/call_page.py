"""What the tests of a call do on the page."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.conftest import Chat
from tests.e2e.fake_api import FakeApi
from tests.e2e.sound import QUESTION, listening_browser, phone, spoken

# Tells what the page does with microphone and camera, without changing it, and lets a test refuse them.
WATCH_DEVICES = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  window.refuse = null;
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (window.refuse) throw new DOMException("", window.refuse);
    const stream = await ask(wish);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
"""
LIVE_TRACKS = "window.tracks.filter((one) => one.readyState === 'live').map((one) => one.kind).sort()"


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
    context.add_init_script(WATCH_DEVICES)
    yield context
    context.close()


def expect_call(chat: Chat, state: str) -> None:
    expect(chat.find("call")).to_have_attribute("data-call", state)


def call(chat: Chat) -> None:
    """Press the button and wait until the other side is heard of."""
    chat.find("call-begin").click()
    expect_call(chat, "live")


def wait(chat: Chat, condition: Callable[[], object], *, within_s: float = 15) -> None:
    """Wait for something on the fake's side."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        chat.page.wait_for_timeout(20)


def live_tracks(chat: Chat) -> list[str]:
    """What the page's devices are doing: "audio" and "video", those that are open."""
    return list(chat.page.evaluate(LIVE_TRACKS))


def note(chat: Chat) -> str:
    return str(chat.find("call-note").text_content())
