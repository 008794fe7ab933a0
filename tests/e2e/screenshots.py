"""Takes the docs' pictures from a running installation: `python -m tests.e2e.screenshots URL EMAIL PASSWORD [FOLDER]`.

EMAIL, PASSWORD: an agent of that installation, for the desk's picture.
`python -m tests.e2e.screenshots people URL CUSTOMER PASSWORD ADMIN PASSWORD [FOLDER]` takes those of a customer's
consent centre and of the audit record; CUSTOMER and ADMIN are e-mail addresses of accounts.
`python -m tests.e2e.screenshots desk URL ADMIN PASSWORD [FOLDER]` takes those of the catalogue and of suggestions.
`python -m tests.e2e.screenshots voice URL FOLDER` takes every state of a voice message, wide and narrow, light and
dark; URL may be the fake service's.
"""

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from tests.e2e.browser import CHROMIUM_ARGUMENTS, chromium_path
from tests.e2e.sound import listening_browser, spoken

SPOKEN: Final = "where is my order four one seven two zero three"
QUESTION: Final = "Please recommend me a kettle under 60 euros"
TROUBLE: Final = (
    "Where is my order 417203? My e-mail is anna.weber@example.com",
    "It was promised for yesterday",
    "This is the third time I ask!",
    "This is ridiculous, nobody helps me!",
    "I want to talk to a person",
)
SIZE: Final = {"width": 1280, "height": 800}
ANSWER_MS: Final = 30_000
SETTLES_MS: Final = 700
VOICE_SIZES: Final = ((390, 844, "light"), (390, 844, "dark"), (1280, 800, "light"))


def main(url: str, email: str, password: str, folder: Path) -> None:
    """Write shop-chat.png and desk.png."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        page = open_shop(browser, url)
        say(open_chat(page), QUESTION, answers=1)
        expect(page.frame_locator("iframe").get_by_test_id("suggestion-card").first).to_be_visible()
        save(page, folder / "shop-chat.png")
        troubled = open_chat(open_shop(browser, url))
        for number, text in enumerate(TROUBLE, 1):
            say(troubled, text, answers=number)
        picture_desk(browser, url, email, password, folder / "desk.png")
        browser.close()


def open_shop(browser: Browser, url: str) -> Page:
    """The storefront, as a new customer sees it."""
    page = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB").new_page()
    page.goto(url)
    expect(page.get_by_test_id("shop-item").first).to_be_visible()
    return page


def open_chat(page: Page) -> FrameLocator:
    """The chat with consent to text."""
    page.get_by_test_id("chat-launcher").click()
    page.mouse.move(1, 1)  # Off every button, so that none is drawn as pointed at.
    chat = page.frame_locator("iframe")
    chat.get_by_test_id("consent-text").click()
    chat.get_by_test_id("consent-continue").click()
    return chat


def say(chat: FrameLocator, text: str, *, answers: int) -> None:
    """Send a message and wait for its answer."""
    chat.get_by_test_id("chat-input").fill(text)
    chat.get_by_test_id("chat-input").press("Enter")
    sent_and_answered = chat.get_by_test_id("chat-message")
    expect(sent_and_answered.nth(2 * answers - 1)).to_be_visible(timeout=ANSWER_MS)


def picture_desk(browser: Browser, url: str, email: str, password: str, path: Path) -> None:
    """The conversation that waits first, taken over."""
    page = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB").new_page()
    page.goto(f"{url}/desk")
    page.locator("input").nth(0).fill(email)
    page.locator("input").nth(1).fill(password)
    page.keyboard.press("Enter")
    page.get_by_test_id("desk-claim").first.click()
    expect(page.get_by_test_id("desk-chart")).to_be_visible()
    page.mouse.move(1, 1)
    save(page, path)


def picture_people(url: str, customer: str, password: str, admin: str, admin_password: str, folder: Path) -> None:
    """Write account-privacy.png and desk-audit.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB").new_page()
        page.goto(f"{url}/account#privacy")
        page.locator("input[name=email]").fill(customer)
        page.locator("input[name=password]").fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("sign-out")).to_be_visible()
        page.goto(f"{url}/account#privacy")
        expect(page.get_by_test_id("consent-overview")).to_be_visible()
        save(page, folder / "account-privacy.png")
        desk = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB").new_page()
        desk.goto(f"{url}/desk")
        desk.locator("input").nth(0).fill(admin)
        desk.locator("input").nth(1).fill(admin_password)
        desk.keyboard.press("Enter")
        desk.get_by_role("link", name="Audit").click()
        desk.get_by_text("Check the record").click()
        expect(desk.get_by_test_id("desk-audit-verdict")).to_be_visible()
        save(desk, folder / "desk-audit.png")
        browser.close()


def picture_desk_pages(url: str, admin: str, password: str, folder: Path) -> None:
    """Write desk-catalogue.png and desk-suggestions.png."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        desk = browser.new_context(viewport=SIZE, color_scheme="light", locale="en-GB").new_page()
        desk.goto(f"{url}/desk")
        desk.locator("input").nth(0).fill(admin)
        desk.locator("input").nth(1).fill(password)
        desk.keyboard.press("Enter")
        for name, shown in (("Catalogue", "desk-catalogue"), ("Suggestions", "desk-rules")):
            desk.get_by_role("link", name=name, exact=True).click()
            expect(desk.get_by_test_id(shown)).to_be_visible()
            desk.mouse.move(1, 1)
            save(desk, folder / f"desk-{name.lower()}.png")
        browser.close()


def picture_voice(url: str, sound: Path, folder: Path) -> None:
    """Idle, recording, review, waiting offline, transcript, correcting, refused: voice-STATE-WIDTH[-dark].png."""
    folder.mkdir(parents=True, exist_ok=True)
    for asks in (False, True):
        with listening_browser(sound, asks=asks) as browser:
            for width, height, scheme in VOICE_SIZES:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale="en-GB",
                    permissions=[] if asks else ["microphone"],
                )
                ending = f"{width}{'-dark' if scheme == 'dark' else ''}.png"
                _picture_voice_states(context.new_page(), url, folder, ending, refused=asks)
                context.close()


def _picture_voice_states(page: Page, url: str, folder: Path, ending: str, *, refused: bool) -> None:
    page.goto(f"{url}/chat")
    page.get_by_test_id("consent-continue").click()
    mic, send, note = (page.get_by_test_id(name) for name in ("chat-mic", "chat-send", "voice-note"))
    if refused:
        mic.click()
        expect(page.get_by_test_id("voice-retry")).to_be_visible()
        return save(page, folder / f"voice-refused-{ending}")
    save(page, folder / f"voice-idle-{ending}")
    mic.click()
    expect(note).to_contain_text("We hear you", timeout=ANSWER_MS)
    save(page, folder / f"voice-recording-{ending}")
    mic.click()
    expect(page.get_by_test_id("voice-play")).to_be_visible()
    save(page, folder / f"voice-review-{ending}")
    page.context.set_offline(True)
    send.click()
    expect(page.get_by_test_id("chat-message")).to_contain_text("Waiting for the connection", timeout=ANSWER_MS)
    save(page, folder / f"voice-offline-{ending}")
    page.context.set_offline(False)
    expect(page.locator("[data-author=bot]").first).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_test_id("connection-line")).to_be_hidden(timeout=ANSWER_MS)
    save(page, folder / f"voice-transcript-{ending}")
    page.get_by_test_id("correct").click()
    page.get_by_test_id("correct-input").fill("where is my order 417203")
    save(page, folder / f"voice-correcting-{ending}")
    page.get_by_test_id("correct-send").click()
    expect(page.get_by_text("You corrected this below.")).to_be_visible()
    expect(page.locator("[data-author=bot]").nth(1)).to_be_visible(timeout=ANSWER_MS)
    return save(page, folder / f"voice-corrected-{ending}")


def save(page: Page, path: Path) -> None:
    """One picture, once nothing moves any more."""
    page.wait_for_timeout(SETTLES_MS)
    page.screenshot(path=path)


if __name__ == "__main__":
    if sys.argv[1] == "voice":
        with tempfile.TemporaryDirectory() as scratch:
            picture_voice(sys.argv[2], spoken(Path(scratch) / "question.wav", SPOKEN), Path(sys.argv[3]))
        sys.exit()
    if sys.argv[1] == "desk":
        picture_desk_pages(*sys.argv[2:5], Path(sys.argv[5] if len(sys.argv) > 5 else "docs/images"))
        sys.exit()
    if sys.argv[1] == "people":
        picture_people(*sys.argv[2:7], Path(sys.argv[7] if len(sys.argv) > 7 else "docs/images"))
        sys.exit()
    main(*sys.argv[1:4], Path(sys.argv[4] if len(sys.argv) > 4 else "docs/images"))
