"""Case 2: a customer keeps a profile, which holds on every device and is obeyed."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks import Stack
from tests.acceptance.browsing import open_section, register, sign_in
from tests.service.mailbox import Mailbox

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(2, "profile")]

ADDRESS = "frida.lund@example.com"


def fill_in(page: Page) -> tuple[str, str]:
    """Details, an interest, and two categories: one liked, one disliked; answers their names."""
    page.get_by_test_id("name").fill("Frida <b>Lund</b>")
    page.get_by_test_id("language").select_option("de")
    page.get_by_test_id("birth_year").fill("1979")
    page.get_by_test_id("details-submit").click()
    expect(page.get_by_test_id("account-said")).to_contain_text("saved")
    page.get_by_test_id("interest").fill("quiet kitchens")
    page.get_by_test_id("interest").press("Enter")
    expect(page.get_by_test_id("interests")).to_contain_text("quiet kitchens")
    likes = page.locator('[data-testid^="liked-"]')
    liked, disliked = likes.nth(0).inner_text(), likes.nth(1).inner_text()
    page.get_by_test_id(f"liked-{liked}").click()
    expect(page.get_by_test_id(f"liked-{liked}")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id(f"disliked-{disliked}").click()
    expect(page.get_by_test_id(f"disliked-{disliked}")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("recommendations").click()
    expect(page.get_by_test_id("account-said")).to_have_text("Saved.")
    return liked, disliked


def test_profile_is_kept_and_holds_on_another_device(
    browser: Browser, context: BrowserContext, stack: Stack, stack_mail: Mailbox
) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, ADDRESS)
    liked, disliked = fill_in(page)

    with browser.new_context(viewport={"width": 1280, "height": 800}) as elsewhere:
        other = elsewhere.new_page()
        sign_in(other, stack, ADDRESS)
        expect(other.get_by_test_id("name")).to_have_value("Frida <b>Lund</b>")
        expect(other.get_by_test_id("language")).to_have_value("de")
        expect(other.get_by_test_id("birth_year")).to_have_value("1979")
        expect(other.get_by_test_id("interests")).to_contain_text("quiet kitchens")
        expect(other.get_by_test_id(f"liked-{liked}")).to_have_attribute("aria-pressed", "true")
        expect(other.get_by_test_id(f"disliked-{disliked}")).to_have_attribute("aria-pressed", "true")
        expect(other.get_by_test_id("recommendations")).not_to_be_checked()

        open_section(other, "notifications")
        other.get_by_test_id("mail-follow_up").click()
        expect(other.get_by_test_id("account-said")).to_have_text("Saved.")
        chosen = other.get_by_test_id("mail-follow_up").is_checked()
        other.reload()
        expect(other.get_by_test_id("mail-follow_up")).to_be_checked(checked=chosen)

        open_section(other, "security")
        expect(other.get_by_test_id("session")).to_have_count(2)
        other.get_by_test_id("session-end").click()
        expect(other.get_by_test_id("session")).to_have_count(1)
    page.reload()
    expect(page.locator("h1")).to_have_text("Sign in")


def test_who_is_under_18_cannot_be_assessed(context: BrowserContext, stack: Stack, stack_mail: Mailbox) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, "gil.young@example.com")
    open_section(page, "privacy")
    page.get_by_test_id("consent-text-assist").click()
    expect(page.get_by_test_id("everything-off")).to_be_visible()
    open_section(page, "profile")
    page.get_by_test_id("birth_year").fill(page.evaluate("String(new Date().getFullYear() - 12)"))
    page.get_by_test_id("details-submit").click()
    expect(page.get_by_test_id("account-said")).to_contain_text("saved")
    open_section(page, "privacy")
    expect(page.get_by_test_id("consent-minor")).to_contain_text("under 18")
    expect(page.locator("input[role=switch]")).to_have_count(0)
