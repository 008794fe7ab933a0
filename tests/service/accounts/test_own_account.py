"""One's own account: details, password, address, browsers, second factor."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pyotp
import pytest

from store import BotExamples, example_source
from tests.service.accounts.people import NEW_PASSWORD, PASSWORD, Browser, Place, code_of, place_in
from vocabulary import STAFF_ROLES, Role, Signal

NUMBER = "+447911123456"


async def with_app(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Set up a second factor; the app and the recovery codes."""
    started = (await browser.post("second-factor/start")).json()
    app = pyotp.TOTP(started["secret"])
    confirmed = await browser.post("second-factor/confirm", code=app.now())
    assert confirmed.status_code == 200, confirmed.text
    return app, confirmed.json()["recovery_codes"]


async def test_details_are_changed_one_by_one(place: Place) -> None:
    browser = await place.signed_in()
    assert (await browser.patch(name=" Ana ", language="de")).json()["name"] == "Ana"
    body = (await browser.patch(birth_year=1987)).json()
    assert (body["name"], body["language"], body["birth_year"]) == ("Ana", "de", 1987)
    body = (await browser.patch(language=None)).json()
    assert (body["language"], body["birth_year"]) == (None, 1987)
    for wrong in ({"email": "x@example.org"}, {"role": "admin"}, {"name": "x" * 121}, {"birth_year": "soon"}):
        assert code_of(await browser.patch(**wrong)) == (422, "invalid_field")


async def test_a_young_person_is_not_assessed_from_then_on(place: Place) -> None:
    browser = await place.signed_in()
    async with place.talk.services.db.transaction() as tx:
        account = await tx.accounts.by_email("ana@example.org")
        assert account is not None and account.customer_id is not None
        from privacy import NOTICE_VERSION
        from vocabulary import Purpose

        await tx.consents.answer(account.customer_id, Signal.TEXT, Purpose.ASSIST, True, NOTICE_VERSION)
        await tx.consents.answer(account.customer_id, Signal.TEXT, Purpose.IMPROVE, True, NOTICE_VERSION)
    services = place.talk.services
    examples, source = services.settings.bot_examples, example_source(services.settings.keyring(), account.customer_id)
    BotExamples(examples).add("greet", "good morning", source)
    await browser.patch(birth_year=datetime.now(UTC).year - 12)
    assert BotExamples(examples).count([source]) == 0, "nothing is taught by a minor's words"
    async with place.talk.services.db.reading() as tx:
        customer = await tx.customers.get(account.customer_id)
        assert customer is not None and customer.minor
        assert not await tx.consents.granted(account.customer_id)


async def test_a_new_password_ends_the_other_sessions_and_renews_this_one(place: Place) -> None:
    browser = await place.signed_in()
    other = place.browser()
    await other.login()
    before = browser.token
    assert code_of(await browser.post("password", current="wrong", new=NEW_PASSWORD)) == (401, "wrong_credentials")
    assert code_of(await browser.post("password", new=NEW_PASSWORD)) == (401, "wrong_credentials")
    assert code_of(await browser.post("password", current=PASSWORD, new="ana@example.org")) == (422, "weak_password")
    assert (await browser.post("password", current=PASSWORD, new=NEW_PASSWORD)).status_code == 200
    assert browser.token != before
    assert (await browser.get()).status_code == 200
    assert code_of(await other.get()) == (401, "not_signed_in")
    assert (await place.browser().login(password=NEW_PASSWORD)).status_code == 200
    assert "replaced" in (await place.letters.next("ana@example.org")).text


async def test_the_password_cannot_be_guessed_from_a_stolen_session(place: Place) -> None:
    browser = await place.signed_in()
    answers = [(await browser.post("password", current="wrong", new=NEW_PASSWORD)).status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


async def test_without_a_password_a_fresh_sign_in_counts(place: Place) -> None:
    browser = place.browser()
    await browser.post("phone/start", phone=NUMBER)
    await browser.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    with patch("service.accounts.own.datetime") as clock:
        clock.now.return_value = datetime.now(UTC) + timedelta(minutes=16)
        assert code_of(await browser.post("password", new=NEW_PASSWORD)) == (401, "sign_in_again")
        assert code_of(await browser.post("email", email="ana@example.org")) == (401, "sign_in_again")
    assert code_of(await browser.post("second-factor/start")) == (409, "password_needed")
    assert (await browser.post("password", new=NEW_PASSWORD)).json()["has_password"]


async def test_a_new_address_counts_once_its_link_is_opened_by_its_owner(place: Place) -> None:
    browser = await place.signed_in()
    assert code_of(await browser.post("email", email="new@example.org", password="x")) == (401, "wrong_credentials")
    asked = await browser.post("email", email="New@example.org", password=PASSWORD)
    assert (asked.status_code, asked.json()) == (202, {"state": "check_mail"})
    token = await place.letters.token("new@example.org")
    assert (await browser.get()).json()["email"] == "ana@example.org"
    stranger = await place.signed_in("bo@example.org")
    for other in (place.browser(), stranger):
        assert code_of(await other.post("verify", token=token)) == (401, "not_signed_in")
    assert (await browser.post("verify", token=token)).json()["email"] == "new@example.org"
    assert "another e-mail address" in (await place.letters.next("ana@example.org")).text
    assert (await place.browser().login("new@example.org")).status_code == 200


async def test_a_taken_address_gets_the_same_answer(place: Place) -> None:
    await place.account("bo@example.org")
    browser = await place.signed_in()
    asked = await browser.post("email", email="bo@example.org", password=PASSWORD)
    assert (asked.status_code, asked.json()) == (202, {"state": "check_mail"})
    assert "verify" not in (await place.letters.next("bo@example.org")).link


async def test_browsers_are_listed_and_signed_out_one_by_one(place: Place) -> None:
    browser = await place.signed_in(agent="Mozilla/5.0 (X11; Linux) Firefox/130.0")
    phone = place.browser(agent="Mozilla/5.0 (iPhone) Safari/604.1")
    await phone.login()
    found = (await browser.get("sessions")).json()["sessions"]
    assert {(one["device"], one["current"]) for one in found} == {
        ("Firefox on Linux", True),
        ("Safari on iPhone", False),
    }
    other = next(one["id"] for one in found if not one["current"])
    stranger = await place.signed_in("bo@example.org")
    assert code_of(await stranger.delete(f"sessions/{other}")) == (404, "unknown_session")
    assert code_of(await browser.delete("sessions/ss_nothing")) == (404, "unknown_session")
    assert (await browser.delete(f"sessions/{other}")).status_code == 200
    assert code_of(await phone.get()) == (401, "not_signed_in")


async def test_without_a_session_nothing_is_open(place: Place) -> None:
    browser = place.browser()
    for method, path in (
        ("GET", ""), ("PATCH", ""), ("POST", "/password"), ("POST", "/email"), ("GET", "/sessions"),
        ("DELETE", "/sessions/ss_x"), ("POST", "/second-factor/start"), ("POST", "/second-factor/confirm"),
        ("DELETE", "/second-factor"), ("POST", "/logout-everywhere"),
    ):  # fmt: skip
        assert code_of(await browser.client.request(method, f"/api/account{path}", json={})) == (401, "not_signed_in")


async def test_the_app_is_asked_for_at_sign_in_and_each_code_opens_once(place: Place) -> None:
    browser = await place.signed_in()
    other = place.browser()
    await other.login()
    before = browser.token
    assert code_of(await browser.post("second-factor/confirm", code="123456")) == (409, "second_factor_not_started")
    started = (await browser.post("second-factor/start")).json()
    assert started["uri"].startswith("otpauth://totp/Attune:ana%40example.org?secret=")
    assert started["qr_svg"].startswith("<svg") and "<script" not in started["qr_svg"]
    app = pyotp.TOTP(started["secret"])
    assert code_of(await browser.post("second-factor/confirm", code="000000")) == (401, "wrong_code")
    codes = (await browser.post("second-factor/confirm", code=app.now())).json()["recovery_codes"]
    assert len(codes) == 10
    assert browser.token != before, "rights rose: the token is new"
    assert code_of(await other.get()) == (401, "not_signed_in")
    assert (await browser.get()).json()["has_second_factor"]
    assert code_of(await browser.post("second-factor/start")) == (409, "second_factor_exists")

    fresh = place.browser()
    assert code_of(await fresh.login()) == (401, "second_factor")
    assert fresh.token is None
    assert code_of(await fresh.login(code=app.now())) == (401, "second_factor"), "it has been used to confirm"
    assert code_of(await fresh.login(password="wrong", code=codes[0])) == (401, "wrong_credentials")
    assert (await fresh.login(code=codes[0])).status_code == 200
    assert code_of(await place.browser().login(code=codes[0])) == (401, "second_factor")
    later = app.at(datetime.now(UTC) + timedelta(seconds=30))
    assert (await place.browser().login(code=later)).status_code == 200


async def test_codes_cannot_be_tried_out(place: Place) -> None:
    browser = await place.signed_in()
    await with_app(browser)
    attacker = place.browser("192.0.2.66")
    answers = [(await attacker.login(code=f"{number:06d}")).status_code for number in range(7)]
    assert answers == [401] * 5 + [429] * 2


async def test_asking_for_the_code_is_no_wrong_try(place: Place) -> None:
    browser = await place.signed_in()
    _, codes = await with_app(browser)
    other = place.browser("192.0.2.9")
    for _ in range(8):
        assert code_of(await other.login()) == (401, "second_factor")
    assert (await other.login(code=codes[3])).status_code == 200


async def test_it_is_removed_with_the_password_only(place: Place) -> None:
    browser = await place.signed_in()
    await with_app(browser)
    assert code_of(await browser.delete("second-factor", password="wrong")) == (401, "wrong_credentials")
    removed = await browser.delete("second-factor", password=PASSWORD)
    assert removed.status_code == 200 and not removed.json()["has_second_factor"]
    assert (await place.browser().login()).status_code == 200


async def test_admins_set_up_a_second_factor_before_anything_else(tmp_path: Path) -> None:
    async with place_in(tmp_path, admin_second_factor=True) as place:
        admin = await place.signed_in("ada@example.org", Role.ADMIN)
        assert (await admin.get()).json()["second_factor_required"]
        await with_app(admin)
        assert not (await admin.get()).json()["second_factor_required"]
        agent = await place.signed_in("kim@example.org", Role.AGENT)
        assert not (await agent.get()).json()["second_factor_required"]


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_staff_have_the_same_page(place: Place, role: Role) -> None:
    browser = await place.signed_in(role=role)
    assert (await browser.patch(name="Kim")).json()["name"] == "Kim"
    await with_app(browser)


async def test_every_change_of_weight_is_in_the_audit_record(place: Place) -> None:
    browser = await place.signed_in()
    await browser.patch(name="Ana")
    await with_app(browser)
    await browser.delete("second-factor", password=PASSWORD)
    await browser.post("password", current=PASSWORD, new=NEW_PASSWORD)
    async with place.talk.services.db.reading() as tx:
        acts = [entry.act for entry in await tx.audit.entries() if entry.act.startswith("account.")]
    assert list(reversed(acts)) == [
        "account.details",
        "account.second_factor",
        "account.no_second_factor",
        "account.password",
    ]
