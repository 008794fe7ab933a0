"""Case 1: somebody registers, proves the address, and signs in by e-mail and by phone."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, expect

from benchmarks import Stack
from tests.acceptance.browsing import PASSWORD, link_in, mail_to, register, sign_in
from tests.service.mailbox import Mailbox

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(1, "registration")]

ADDRESS = "clara.novak@example.com"
NUMBER = "+49 30 901820"


def test_account_is_made_from_the_shop_and_opened_by_mail(
    context: BrowserContext, stack: Stack, stack_mail: Mailbox
) -> None:
    page = context.new_page()
    page.goto(stack.url)
    page.get_by_test_id("account-open").click()
    page.get_by_test_id("to-register").click()
    page.get_by_test_id("email").fill(ADDRESS)
    page.get_by_test_id("new-password").fill("password1234")
    page.get_by_test_id("register-submit").click()
    expect(page.get_by_test_id("register-wrong")).not_to_be_empty()
    page.get_by_test_id("new-password").fill(PASSWORD)
    page.get_by_test_id("register-submit").click()
    expect(page.get_by_test_id("check-mail")).to_be_visible()

    link = link_in(mail_to(stack_mail, ADDRESS, "Confirm your e-mail address"))
    assert link.startswith(f"{stack.url}/account#verify=")
    sign_in(page, stack, ADDRESS)
    expect(page.get_by_test_id("sign-in-wrong")).not_to_be_empty()
    page.goto(link)
    page.get_by_test_id("verify-submit").click()
    expect(page.get_by_test_id("sign-out")).to_be_visible()
    expect(page.get_by_text(ADDRESS)).to_be_visible()

    page.get_by_test_id("sign-out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page, stack, ADDRESS, "not the password at all")
    expect(page.get_by_test_id("sign-in-wrong")).to_contain_text("wrong")
    sign_in(page, stack, ADDRESS)
    expect(page.get_by_test_id("sign-out")).to_be_visible()

    page.goto(f"{stack.url}/account#verify={link.partition('verify=')[2]}")
    page.reload()
    page.get_by_test_id("verify-submit").click()
    expect(page.get_by_test_id("verify-wrong")).to_contain_text("used or is too old")


def test_known_address_is_told_in_the_mail_alone(context: BrowserContext, stack: Stack, stack_mail: Mailbox) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, "dora.klein@example.com")
    page.get_by_test_id("sign-out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    shown = []
    for address in ("dora.klein@example.com", "nobody.yet@example.com"):
        page.goto("about:blank")
        page.goto(f"{stack.url}/account#register")
        page.get_by_test_id("email").fill(address)
        page.get_by_test_id("new-password").fill(PASSWORD)
        page.get_by_test_id("register-submit").click()
        expect(page.get_by_test_id("check-mail")).to_be_visible()
        shown.append(page.get_by_test_id("account-content").inner_text().replace(address, "…"))
    assert shown[0] == shown[1]
    mail_to(stack_mail, "dora.klein@example.com", "You have an account already")


def test_phone_code_makes_an_account(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    page.goto(f"{stack.url}/account#phone")
    page.get_by_test_id("phone").fill(NUMBER)
    page.get_by_test_id("phone-start-submit").click()
    page.get_by_test_id("phone-code").fill(code_on_the_console(stack))
    page.get_by_test_id("phone-confirm-submit").click()
    expect(page.get_by_test_id("sign-out")).to_be_visible()
    expect(page.get_by_text("+4930901820")).to_be_visible()


def code_on_the_console(stack: Stack, within_s: float = 20) -> str:
    """What the stack's sender of text messages, the console, was told."""
    log = stack.logs / "web.log"
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = re.findall(r"\b(\d{6}) is your code", log.read_text(errors="replace"))
        if found:
            return str(found[-1])
        time.sleep(0.1)
    raise TimeoutError(f"no code on the console within {within_s:.0f} s")


def test_lost_password_is_replaced_by_mail(context: BrowserContext, stack: Stack, stack_mail: Mailbox) -> None:
    page = context.new_page()
    register(page, stack, stack_mail, "erik.holm@example.com")
    page.get_by_test_id("sign-out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.goto(f"{stack.url}/account#forgot")
    page.get_by_test_id("email").fill("erik.holm@example.com")
    page.get_by_test_id("forgot-submit").click()
    expect(page.get_by_test_id("check-mail")).to_be_visible()
    page.goto(link_in(mail_to(stack_mail, "erik.holm@example.com", "Choose a new password")))
    page.get_by_test_id("new-password").fill("three loud blue lamps")
    page.get_by_test_id("reset-submit").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    sign_in(page, stack, "erik.holm@example.com")
    expect(page.get_by_test_id("sign-in-wrong")).not_to_be_empty()
    sign_in(page, stack, "erik.holm@example.com", "three loud blue lamps")
    expect(page.get_by_test_id("sign-out")).to_be_visible()
