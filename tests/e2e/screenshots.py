"""Takes the pictures of docs/images from a running installation: `python -m tests.e2e.screenshots URL [FOLDER]`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browser import CHROMIUM_ARGUMENTS, chromium_path

QUESTION = "Please recommend me a kettle under 60 euros"
SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
ANSWER_MS = 30_000


def main(url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        for size in SIZES:
            for scheme in ("light", "dark"):
                take(browser, url, folder, size, scheme)
        browser.close()


def take(browser: Browser, url: str, folder: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_test_id("shop-item").first).to_be_visible()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"shop-{size}-{scheme}.png")
    page.get_by_test_id("chat-launcher").click()
    page.mouse.move(1, 1)  # Off every button, so that none is drawn as pointed at.
    chat = page.frame_locator("iframe")
    expect(chat.get_by_test_id("consent-continue")).to_be_visible()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"consent-{size}-{scheme}.png")
    chat.get_by_test_id("consent-text").click()
    chat.get_by_test_id("consent-continue").click()
    chat.get_by_test_id("chat-input").fill(QUESTION)
    chat.get_by_test_id("chat-input").press("Enter")
    expect(chat.get_by_test_id("suggestion-card").first).to_be_visible(timeout=ANSWER_MS)
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"chat-{size}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "docs/images"))
