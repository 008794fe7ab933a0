"""Signing in by telephone."""

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import update

from store.schema import OneTimeCodeRow
from tests.service.accounts.people import PASSWORD, Place, code_of
from vocabulary import Role

NUMBER = "+447911123456"
_LOCAL = "07911 123456"
_HOURS = timedelta(hours=2)


async def test_the_first_code_makes_the_account_and_the_next_one_opens_it(place: Place) -> None:
    browser = place.browser()
    assert (await browser.post("phone/start", phone=_LOCAL)).json() == {"state": "check_phone"}
    made = await browser.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert made.status_code == 200
    body = made.json()
    assert (body["phone"], body["phone_verified"], body["has_password"], body["role"]) == (
        NUMBER,
        True,
        False,
        "customer",
    )
    again = place.browser()
    await again.post("phone/start", phone="+44 (0)7911 123456")
    opened = await again.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert opened.json()["id"] == body["id"]


async def test_a_code_works_once_and_dies_after_five_wrong_tries(place: Place) -> None:
    browser = place.browser()
    await browser.post("phone/start", phone=NUMBER)
    code = await place.letters.digits(NUMBER)
    answers = await asyncio.gather(*(place.browser().post("phone/confirm", phone=NUMBER, code=code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    await browser.post("phone/start", phone=NUMBER)
    code = await place.letters.digits(NUMBER)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert code_of(await browser.post("phone/confirm", phone=NUMBER, code=wrong)) == (401, "wrong_code")
    assert code_of(await browser.post("phone/confirm", phone=NUMBER, code=code)) == (401, "wrong_code")


@pytest.mark.parametrize("phone", ["12", "not a number", "+1", "٠٧٧٠٠٩٠٠١٢٣x", "+44 7911 123456 " * 3, "'; DROP TABLE"])
async def test_what_is_no_number_is_refused(place: Place, phone: str) -> None:
    answer = await place.browser().post("phone/start", phone=phone)
    assert code_of(answer) in ((422, "phone_invalid"), (422, "invalid_field"))


async def test_the_sixth_code_within_an_hour_is_refused(place: Place) -> None:
    answers = [(await place.browser().post("phone/start", phone=NUMBER)).status_code for _ in range(6)]
    assert answers == [202] * 5 + [429]


async def test_the_eleventh_code_within_a_day_is_refused_though_hours_lie_between(place: Place) -> None:
    answers = []
    for _ in range(11):
        answers.append((await place.browser().post("phone/start", phone=NUMBER)).status_code)
        async with place.talk.services.db.transaction() as tx:
            await tx.codes._session.execute(update(OneTimeCodeRow).values(created_at=datetime.now(UTC) - _HOURS))
    assert answers == [202] * 10 + [429]


async def test_a_signed_in_person_adds_the_number_and_signs_in_by_it(place: Place) -> None:
    browser = await place.signed_in()
    await browser.post("phone/start", phone=NUMBER)
    added = await browser.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert (added.json()["email"], added.json()["phone"]) == ("ana@example.org", NUMBER)
    assert "telephone" in (await place.letters.next("ana@example.org")).text
    other = place.browser()
    await other.post("phone/start", phone=NUMBER)
    opened = await other.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert opened.json()["id"] == added.json()["id"]
    stranger = await place.signed_in("bo@example.org")
    await stranger.post("phone/start", phone=NUMBER)
    taken = await stranger.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert code_of(taken) == (409, "phone_taken")


async def test_the_second_factor_is_asked_for_here_too(place: Place) -> None:
    account = await place.account(phone=NUMBER, phone_verified=True)
    async with place.talk.services.db.transaction() as tx:
        secret = await tx.second_factor.start(account.id)
        codes = await tx.second_factor.confirm(account.id, pyotp.TOTP(secret).now())
    assert codes is not None
    browser = place.browser()
    await browser.post("phone/start", phone=NUMBER)
    code = await place.letters.digits(NUMBER)
    assert code_of(await browser.post("phone/confirm", phone=NUMBER, code=code)) == (401, "second_factor")
    given = {"phone": NUMBER, "code": code, "second_factor": codes[0]}
    assert (await browser.post("phone/confirm", **given)).status_code == 200
    await browser.post("logout")
    await browser.post("phone/start", phone=NUMBER)
    code = await place.letters.digits(NUMBER)
    wrong = {"phone": NUMBER, "code": code, "second_factor": "000000"}
    assert code_of(await browser.post("phone/confirm", **wrong)) == (401, "wrong_code")
    right = {**wrong, "second_factor": codes[1]}
    assert code_of(await browser.post("phone/confirm", **right)) == (401, "wrong_code"), "the code is used up"


async def test_staff_sign_in_with_their_password(place: Place) -> None:
    await place.account(role=Role.ADMIN, phone=NUMBER, phone_verified=True)
    browser = place.browser()
    await browser.post("phone/start", phone=NUMBER)
    answer = await browser.post("phone/confirm", phone=NUMBER, code=await place.letters.digits(NUMBER))
    assert code_of(answer) == (401, "wrong_code")
    assert browser.token is None
    assert (await browser.login(password=PASSWORD)).status_code == 200


async def test_it_can_be_switched_off(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from tests.service.accounts.people import place_in

    async with place_in(tmp_path, phone_sender="none") as place:
        assert code_of(await place.browser().post("phone/start", phone=NUMBER)) == (422, "phone_off")
