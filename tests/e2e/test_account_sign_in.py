"""Signing in, registering and securing an account, in a real browser against the fake service."""

import pytest
from playwright.sync_api import expect

from tests.e2e.account_data import EMAIL
from tests.e2e.account_page import AccountPage
from tests.e2e.fake_account import CODE, PASSWORD

pytestmark = pytest.mark.browser


def test_wrong_password_is_said_and_the_right_one_signs_in(account_page: AccountPage) -> None:
    account_page.open()
    account_page.find("email").fill(EMAIL)
    account_page.find("password").fill("not it")
    account_page.find("sign-in-submit").click()
    expect(account_page.find("sign-in-wrong")).to_have_text("E-mail address and password do not match. Try again.")
    account_page.find("password").fill(PASSWORD)
    account_page.find("password").press("Enter")
    expect(account_page.heading).to_have_text("Profile")
    assert account_page.fake.asked("account/login") == [
        {"email": EMAIL, "password": "not it"},
        {"email": EMAIL, "password": PASSWORD},
    ]


@pytest.mark.parametrize(("email", "words"), [("", "Please fill this in."), ("anna", "This is not an e-mail address")])
def test_mistakes_are_named_at_their_field_and_not_sent(account_page: AccountPage, email: str, words: str) -> None:
    account_page.open()
    account_page.find("email").fill(email)
    account_page.find("password").fill(PASSWORD)
    account_page.find("sign-in-submit").click()
    field_ = account_page.find("email")
    expect(field_).to_have_attribute("aria-invalid", "true")
    expect(field_).to_be_focused()
    expect(account_page.page.locator(f"#{field_.get_attribute('id')}-wrong")).to_contain_text(words)
    assert account_page.fake.asked("account/login") == []


def test_second_step_asks_for_the_code_and_keeps_what_was_typed(account_page: AccountPage) -> None:
    account_page.fake.account["has_second_factor"] = True
    account_page.open()
    account_page.find("email").fill(EMAIL)
    account_page.find("password").fill(PASSWORD)
    account_page.find("sign-in-submit").click()
    expect(account_page.find("second-code")).to_be_focused()
    account_page.find("second-code").fill("000000")
    account_page.find("second-submit").click()
    expect(account_page.find("second-wrong")).to_contain_text("not right")
    account_page.find("second-code").fill(CODE)
    account_page.find("second-submit").click()
    expect(account_page.find("sign-out")).to_be_visible()


def test_registering_says_the_same_for_every_address(account_page: AccountPage) -> None:
    for email in (EMAIL, "somebody.new@example.com"):
        account_page.open("#register")
        account_page.find("email").fill(email)
        account_page.find("new-password").fill("short")
        account_page.find("register-submit").click()
        expect(account_page.find("new-password")).to_have_attribute("aria-invalid", "true")
        account_page.find("new-password").fill(PASSWORD)
        account_page.page.get_by_text("Optional details").click()
        account_page.find("birth_year").fill("2031")
        account_page.find("register-submit").click()
        expect(account_page.find("birth_year")).to_be_focused()
        account_page.find("birth_year").fill("1988")
        account_page.find("register-submit").click()
        expect(account_page.find("check-mail")).to_be_visible()
    assert account_page.fake.asked("account/register")[-1] == {
        "email": "somebody.new@example.com",
        "password": PASSWORD,
        "birth_year": 1988,
    }


def test_link_of_a_mail_signs_in_after_a_tap_only(account_page: AccountPage) -> None:
    account_page.open("#verify=good")
    expect(account_page.heading).to_have_text("Confirm your e-mail address")
    assert account_page.fake.asked("account/verify") == []
    account_page.find("verify-submit").click()
    expect(account_page.find("sign-out")).to_be_visible()
    assert "good" not in account_page.page.url
    account_page.open("#verify=used")
    account_page.find("verify-submit").click()
    expect(account_page.find("verify-wrong")).to_contain_text("too old")


def test_link_opened_in_another_browser_asks_for_the_password_there(account_page: AccountPage) -> None:
    account_page.fake.verify_needs_password = True
    account_page.open("#verify=good")
    expect(account_page.find("password")).to_be_hidden()
    account_page.find("verify-submit").click()
    expect(account_page.find("password")).to_be_focused()
    account_page.find("password").fill("not it")
    account_page.find("verify-submit").click()
    expect(account_page.find("verify-wrong")).to_contain_text("do not match")
    account_page.find("password").fill(PASSWORD)
    account_page.find("password").press("Enter")
    expect(account_page.heading).to_have_text("Profile")


def test_changed_address_is_confirmed_after_signing_in_with_the_link_kept(account_page: AccountPage) -> None:
    account_page.fake.verify_needs_sign_in = True
    account_page.open("#verify=good")
    account_page.find("verify-submit").click()
    expect(account_page.find("problem")).to_contain_text("sign in first")
    account_page.find("email").fill(EMAIL)
    account_page.find("password").fill(PASSWORD)
    account_page.find("sign-in-submit").click()
    account_page.find("verify-submit").click()
    expect(account_page.heading).to_have_text("Profile")
    assert account_page.fake.asked("account/verify") == [{"token": "good"}] * 2


def test_who_has_no_password_sets_one_without_giving_one(account_page: AccountPage) -> None:
    account_page.sign_in("#security")
    account_page.fake.account["has_password"] = False
    account_page.page.reload()
    account_page.find("new-password").fill("three loud blue lamps")
    account_page.find("password-submit").click()
    expect(account_page.said).to_contain_text("password is changed")
    assert account_page.fake.asked("account/password") == [{"new": "three loud blue lamps"}]


def test_reset_refuses_a_weak_password_with_the_reason(account_page: AccountPage) -> None:
    account_page.open("#forgot")
    account_page.find("email").fill(EMAIL)
    account_page.find("forgot-submit").click()
    expect(account_page.find("check-mail")).to_be_visible()
    account_page.open("#reset=good")
    account_page.find("new-password").fill("password password")
    account_page.find("reset-submit").click()
    expect(account_page.find("reset-wrong")).to_contain_text("easy to guess")
    # Whoever holds a link that is too old finds the way to a new one.
    expect(account_page.page.get_by_role("link", name="Ask for a new one")).to_have_attribute("href", "#forgot")
    account_page.find("new-password").fill("three loud blue lamps")
    account_page.find("reset-submit").click()
    expect(account_page.heading).to_have_text("Sign in")
    assert account_page.fake.password == "three loud blue lamps"


def test_phone_code_signs_in(account_page: AccountPage) -> None:
    account_page.open("#phone")
    account_page.find("phone").fill("030 123456")
    account_page.find("phone-start-submit").click()
    expect(account_page.find("phone")).to_have_attribute("aria-invalid", "true")
    account_page.find("phone").fill("+49 30 123456")
    account_page.find("phone-start-submit").click()
    account_page.find("phone-code").fill("135 790")
    account_page.find("phone-confirm-submit").click()
    expect(account_page.find("sign-out")).to_be_visible()
    assert account_page.fake.asked("account/phone/confirm") == [{"phone": "+49 30 123456", "code": CODE}]


def test_providers_are_links_that_come_back_to_the_account(account_page: AccountPage) -> None:
    account_page.open()
    expect(account_page.find("provider-local")).to_have_attribute(
        "href", f"{account_page.url}/api/account/providers/local/start?next=%2Faccount"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [("address_known", "has an account already"), ("provider_state", "did not work"), ("__proto__", "did not work")],
)
def test_what_went_wrong_at_a_provider_is_said_once(account_page: AccountPage, code: str, words: str) -> None:
    account_page.open(f"#error={code}")
    expect(account_page.find("problem")).to_contain_text(words)
    assert account_page.page.url == f"{account_page.url}/account"
    account_page.find("to-register").click()
    expect(account_page.heading).to_have_text("Create an account")
    expect(account_page.find("problem")).to_have_count(0)


def test_signing_out_shows_nothing_of_the_account(account_page: AccountPage) -> None:
    account_page.sign_in()
    account_page.find("sign-out").click()
    expect(account_page.heading).to_have_text("Sign in")
    account_page.page.go_back()
    expect(account_page.heading).to_have_text("Sign in")
    assert EMAIL not in account_page.page.content()


def test_session_ended_elsewhere_leads_to_the_sign_in(account_page: AccountPage) -> None:
    account_page.sign_in()
    account_page.fake.signed_in = False
    account_page.find("section-data").click()
    expect(account_page.heading).to_have_text("Sign in")
    expect(account_page.said).to_contain_text("You have been signed out")


def test_sessions_end_one_by_one_and_all_at_once(account_page: AccountPage) -> None:
    account_page.sign_in("#security")
    expect(account_page.find("session")).to_have_count(2)
    account_page.find("session-end").click()
    expect(account_page.find("session")).to_have_count(1)
    account_page.find("everywhere").click()
    expect(account_page.heading).to_have_text("Sign in")
    assert account_page.fake.asked("account/logout-everywhere") == [{}]


def test_second_factor_is_set_up_with_a_picture_and_recovery_codes(account_page: AccountPage) -> None:
    account_page.sign_in("#security")
    account_page.find("second-factor-begin").click()
    picture = account_page.find("second-factor-qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(account_page.find("second-factor-secret")).to_have_text("JBSW Y3DP EHPK 3PXP")
    account_page.find("second-factor-code").fill(CODE)
    account_page.find("second-factor-confirm-submit").click()
    expect(account_page.find("recovery-codes").locator("li")).to_have_count(10)
    account_page.find("recovery-kept").click()
    account_page.find("second-factor-password").fill(PASSWORD)
    account_page.find("second-factor-remove-submit").click()
    expect(account_page.find("second-factor-begin")).to_be_visible()


def test_demanded_second_factor_stands_alone_until_it_is_there(account_page: AccountPage) -> None:
    account_page.fake.account |= {"role": "admin", "second_factor_required": True}
    account_page.sign_in()
    expect(account_page.heading).to_have_text("Security")
    expect(account_page.find("second-factor-begin")).to_be_visible()
    expect(account_page.find("sessions")).to_have_count(0)
    expect(account_page.find("section-profile")).to_have_count(0)


def test_a_printed_password_leads_to_the_choice_of_another_one_alone(account_page: AccountPage) -> None:
    account_page.fake.account |= {"role": "admin", "password_required": True}
    account_page.sign_in()
    expect(account_page.find("first-password")).to_be_visible()
    expect(account_page.find("current-password")).to_be_visible()
    expect(account_page.find("sessions")).to_have_count(0)
    expect(account_page.find("section-profile")).to_have_count(0)


def test_staff_find_their_sign_in_and_the_way_to_the_desk(account_page: AccountPage) -> None:
    account_page.fake.account["role"] = "agent"
    account_page.sign_in()
    expect(account_page.find("to-desk")).to_have_attribute("href", "desk/")
    expect(account_page.find("section-data")).to_have_count(0)
    assert account_page.fake.asked("me/profile") == [], "people who work here have no profile"


@pytest.mark.parametrize(
    "place", ["", "#register", "#phone", "#security", "#privacy", "#data", "#notifications", "#profile"]
)
def test_nothing_is_wider_than_a_small_phone(account_page: AccountPage, place: str) -> None:
    account_page.page.set_viewport_size({"width": 320, "height": 640})
    if place in ("", "#register", "#phone"):
        account_page.open(place)
    else:
        account_page.sign_in(place)
    expect(account_page.find("account-content")).to_have_attribute("aria-busy", "false")
    width = account_page.page.evaluate("document.documentElement.scrollWidth")
    assert width == 320


def test_keyboard_reaches_every_way_to_sign_in(account_page: AccountPage) -> None:
    account_page.open()
    expect(account_page.find("provider-local")).to_be_visible()
    reached: list[str] = []
    for _ in range(14):
        account_page.page.keyboard.press("Tab")
        reached.append(
            account_page.page.evaluate("document.activeElement.dataset.testid ?? document.activeElement.className")
        )
    wanted = [
        "skip",
        "email",
        "password",
        "eye",
        "sign-in-submit",
        "to-forgot",
        "to-phone",
        "provider-local",
        "to-register",
    ]
    assert [name for name in reached if name in wanted][: len(wanted)] == wanted


def test_a_service_that_is_away_is_said_and_tried_again(account_page: AccountPage) -> None:
    account_page.fake.fails.add("account")
    account_page.open()
    expect(account_page.find("trouble")).to_contain_text("not possible just now")
    account_page.fake.fails.clear()
    account_page.page.get_by_role("button", name="Try again").click()
    expect(account_page.heading).to_have_text("Sign in")


def test_policy_forbids_everything_inline(account_page: AccountPage) -> None:
    answer = account_page.page.goto(f"{account_page.url}/account")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
