"""Pictures of the call in each of its states, against the fake service.

python -m tests.e2e.call_screenshots FOLDER
python -m tests.e2e.call_screenshots shop URL FILE    a call with the running product, in its demo shop
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from tests.e2e.fake_api import FakeApi
from tests.e2e.screenshots import save
from tests.e2e.sound import QUESTION, listening_browser, spoken

SIZES: Final = ((360, 740, "light"), (360, 740, "dark"), (1280, 800, "light"))
ANSWER: Final = (
    "Your order 417203 left our warehouse on Tuesday. It should be with you tomorrow before noon. "
    "Shall I send you the tracking number?"
)


def main(folder: Path) -> None:
    """Write call-STATE-WIDTH[-dark].png."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        sound = spoken(Path(scratch) / "question.wav", QUESTION)
        for asks in (False, True):
            with listening_browser(sound, asks=asks) as browser:
                for width, height, scheme in SIZES:
                    api = FakeApi()
                    api.call.available = api.voice.speaks = True
                    api.start()
                    context = browser.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,  # type: ignore[arg-type]
                        locale="en-GB",
                        permissions=[] if asks else ["microphone", "camera"],
                    )
                    ending = f"{width}{'-dark' if scheme == 'dark' else ''}.png"
                    page = context.new_page()
                    page.goto(f"{api.url}/chat")
                    page.get_by_test_id("consent-continue").click()
                    (_refused if asks else _states)(page, api, partial(_picture, page, folder, ending))
                    context.close()
                    api.kill()


def picture_shop(url: str, path: Path) -> None:
    """The assistant answers a spoken question."""
    with tempfile.TemporaryDirectory() as scratch:
        # Spoken after the greeting, which is not to be interrupted here.
        sound = spoken(Path(scratch) / "question.wav", QUESTION, lead_s=6.0)
        with listening_browser(sound) as browser:
            context = browser.new_context(
                viewport={"width": 1280, "height": 800}, locale="en-GB", permissions=["microphone"]
            )
            page = context.new_page()
            page.goto(url)
            page.get_by_test_id("chat-launcher").click()
            chat = page.frame_locator("iframe")
            chat.get_by_test_id("consent-voice").click()
            chat.get_by_test_id("consent-continue").click()
            chat.get_by_test_id("call-begin").click()
            expect(chat.locator("[data-author=bot]").first).to_be_visible(timeout=40_000)
            expect(chat.get_by_test_id("call")).to_have_attribute("data-voice", "speaking", timeout=10_000)
            page.mouse.move(1, 1)
            save(page, path)


def _picture(page: Page, folder: Path, ending: str, name: str) -> None:
    save(page, folder / f"call-{name}-{ending}")


def _refused(page: Page, api: FakeApi, picture: Callable[[str], None]) -> None:
    page.get_by_test_id("call-begin").click()
    expect(page.get_by_test_id("call-again")).to_be_visible()
    picture("refused")


def _states(page: Page, api: FakeApi, picture: Callable[[str], None]) -> None:
    fake = api.call
    panel = page.get_by_test_id("call")
    expect(page.get_by_test_id("call-begin")).to_be_visible()
    picture("idle")
    fake.deaf_to = ("webrtc", "websocket")
    page.get_by_test_id("call-begin").click()
    expect(panel).to_have_attribute("data-call", "connecting")
    picture("connecting")
    page.get_by_test_id("call-end").click()
    fake.deaf_to = ()
    page.get_by_test_id("call-begin").click()
    expect(panel).to_have_attribute("data-call", "live")
    fake.state("listening")
    page.wait_for_timeout(1_500)
    picture("listening")
    page.get_by_test_id("call-consent-voice").click()
    page.get_by_test_id("call-camera").click()
    picture("camera-asked")
    page.get_by_test_id("call-ask-yes").click()
    expect(page.get_by_test_id("call-preview")).to_be_visible()
    api.say_as("customer", QUESTION, spoken=True)
    fake.state("thinking")
    picture("thinking")
    api.say_as("bot", ANSWER)
    message = api.messages[list(api.messages)[-1]][-1]["id"]
    api.assessed[api.messages[list(api.messages)[-1]][-2]["id"]] = {
        "label": "neutral",
        "confidence": 0.71,
        "contributions": {"voice": 0.6, "text": 0.4},
        "mixed": False,
        "certain": True,
    }
    fake.state("speaking")
    second = "It should be with you tomorrow before noon."
    fake.caption(message, second, start=ANSWER.index(second), seconds=20, index=1)
    picture("speaking")
    fake.tell(type="broken_off", reply=message, index=1)
    fake.state("hearing")
    picture("interrupted")
    page.locator(".call-sensed").get_by_test_id("sensed-open").click()
    expect(page.locator(".call-sensed").get_by_test_id("sensed-less_upset")).to_be_visible()
    picture("sensed")
    page.locator(".call-sensed").get_by_test_id("sensed-open").click()
    page.get_by_test_id("call-mute").click()
    fake.state("listening")
    picture("muted")
    page.get_by_test_id("call-mute").click()
    page.get_by_test_id("call-person").click()
    page.wait_for_timeout(300)
    fake.state("holding")
    picture("holding")
    api.set_owner("agent", "Mara")
    fake.state("listening")
    picture("agent")
    fake.deaf_to = ("webrtc", "websocket")
    fake.drop()
    expect(panel).to_have_attribute("data-call", "mending")
    picture("mending")
    fake.refuse = (503, "busy", "All lines are busy. Please write to us here, or call again in a minute.")
    expect(panel).to_have_attribute("data-call", "failed", timeout=60_000)
    picture("failed")


if __name__ == "__main__":
    if sys.argv[1] == "shop":
        picture_shop(sys.argv[2], Path(sys.argv[3]))
        sys.exit()
    main(Path(sys.argv[1]))
