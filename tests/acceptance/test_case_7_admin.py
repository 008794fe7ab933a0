"""Case 7: an admin signs in with two steps, reaches what is theirs, and nobody else does."""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks import AGENT_EMAIL, AGENT_PASSWORD, Stack
from privacy import hash_password
from store import Database
from tests.acceptance.browsing import ANSWER_MS, in_database, register, sign_in
from tests.service.mailbox import Mailbox
from vocabulary import Role

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(7, "admin sign-in")]

ADMIN = "lena.chief@example.com"
PASSWORD = "two slow yellow trains"
CUSTOMER = "mara.find@example.com"


async def make_admin(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.accounts.create(
            Role.ADMIN, name="Lena", email=ADMIN, password_hash=hash_password(PASSWORD), email_verified=True
        )


@pytest.fixture(scope="module")
def admin(stack: Stack) -> None:
    in_database(stack, make_admin)


@pytest.fixture(scope="module")
def secret(admin: None, browser: Browser, stack: Stack) -> Iterator[str]:
    """The admin's second factor, set up in the browser where it was demanded."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        sign_in_at_the_desk(page, stack)
        expect(page.locator("h1")).to_have_text("Security")
        assert page.url.partition("#")[0] == f"{stack.url}/account"
        expect(page.get_by_test_id("section-profile")).to_have_count(0)
        page.goto(f"{stack.url}/desk/admin")
        expect(page.get_by_test_id("desk-staff")).to_have_count(0)
        page.goto(f"{stack.url}/account#security")
        page.get_by_test_id("second-factor-begin").click()
        made = page.get_by_test_id("second-factor-secret").inner_text().replace(" ", "")
        page.get_by_test_id("second-factor-code").fill("000000")
        page.get_by_test_id("second-factor-confirm-submit").click()
        expect(page.get_by_test_id("second-factor-confirm-wrong")).not_to_be_empty()
        page.get_by_test_id("second-factor-code").fill(pyotp.TOTP(made).now())
        page.get_by_test_id("second-factor-confirm-submit").click()
        expect(page.get_by_test_id("recovery-codes").locator("li")).not_to_have_count(0)
        page.get_by_test_id("recovery-kept").click()
        yield made


def sign_in_at_the_desk(page: Page, stack: Stack, email: str = ADMIN, password: str = PASSWORD) -> None:
    page.goto(f"{stack.url}/desk/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


def fresh_code(secret: str) -> str:
    """A code that has not been used: codes count once, so it is the one of the next 30 seconds."""
    return pyotp.TOTP(secret).at(int(time.time()), counter_offset=1)


def test_admin_needs_both_steps_and_reaches_customers_and_the_record(
    secret: str, context: BrowserContext, stack: Stack, stack_mail: Mailbox, browser: Browser
) -> None:
    with browser.new_context() as elsewhere:
        register(elsewhere.new_page(), stack, stack_mail, CUSTOMER)
    page = context.new_page()
    sign_in_at_the_desk(page, stack, password="not the password")
    expect(page.locator("[role=alert]")).to_contain_text("wrong")
    sign_in_at_the_desk(page, stack)
    expect(page.locator("#code")).to_be_visible()
    page.locator("#code").fill("000000")
    page.locator("#code").press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible()
    page.locator("#code").fill(fresh_code(secret))
    page.locator("#code").press("Enter")
    page.wait_for_url(f"{stack.url}/desk/")

    page.goto(f"{stack.url}/desk/people")
    page.get_by_test_id("desk-find").fill(CUSTOMER)
    page.get_by_test_id("desk-find").press("Enter")
    expect(page.get_by_text(CUSTOMER).first).to_be_visible(timeout=ANSWER_MS)
    page.goto(f"{stack.url}/desk/audit")
    expect(page.get_by_text("person.", exact=False).first).to_be_visible(timeout=ANSWER_MS)

    account = context.new_page()
    account.goto(f"{stack.url}/account#security")
    account.get_by_test_id("everywhere").click()
    expect(account.locator("h1")).to_have_text("Sign in")
    expect(page, "what was open at the desk closes").to_have_url(
        re.compile(r"/desk/(login|signed-out)$"), timeout=ANSWER_MS
    )


def test_agents_and_customers_do_not_reach_the_admin_s_pages(
    context: BrowserContext, browser: Browser, stack: Stack, stack_mail: Mailbox
) -> None:
    page = context.new_page()
    sign_in_at_the_desk(page, stack, AGENT_EMAIL, AGENT_PASSWORD)
    page.wait_for_url(f"{stack.url}/desk/")
    for place in ("people", "admin", "audit"):
        page.goto(f"{stack.url}/desk/{place}")
        page.wait_for_load_state()
        assert page.get_by_test_id("desk-find").count() == page.get_by_test_id("desk-staff").count() == 0
        assert page.get_by_test_id("desk-audit-verdict").count() == 0
    with browser.new_context() as elsewhere:
        customer = elsewhere.new_page()
        register(customer, stack, stack_mail, "nils.not@example.com")
        for place in ("", "people", "admin"):
            customer.goto(f"{stack.url}/desk/{place}")
            assert customer.get_by_test_id("desk-find").count() == customer.get_by_test_id("desk-staff").count() == 0
        sign_in_at_the_desk(customer, stack, "nils.not@example.com", "four quiet green kettles")
        assert not customer.url.endswith("/desk/")


def test_guessing_is_slowed_down(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    for _ in range(12):
        sign_in(page, stack, "otto.guess@example.com", "a guess of somebody")
        if "too many" in page.get_by_test_id("sign-in-wrong").inner_text().lower():
            break
    else:
        pytest.fail("twelve wrong passwords in a row were all tried")
