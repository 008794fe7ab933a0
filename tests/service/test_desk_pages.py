"""The staff pages over HTTP: sign-in, cookie, and no page without a session."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest

from service.desk.sign_in import SecondStep
from tests.service.talk import Talk, talking
from vocabulary import Role


@pytest.fixture
async def staffed(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, desk=True) as talk:
        await talk.staff(Role.AGENT, "Kim Lee", "kim@example.org")
        yield talk


async def sign_in(talk: Talk, password: str = "correct horse", **headers: str) -> int:
    form = {"email": "kim@example.org", "password": password}
    return (await talk.client.post("/desk/login", data=form, headers=headers)).status_code


async def second_factor(talk: Talk, email: str) -> str:
    """Set one up for an account; its secret."""
    async with talk.services.db.transaction() as tx:
        account = await tx.accounts.by_email(email)
        assert account is not None
        secret = await tx.second_factor.start(account.id)
        # A code of half a minute ago: the one of now is left for the test.
        assert await tx.second_factor.confirm(account.id, pyotp.TOTP(secret).at(int(time.time()) - 30)) is not None
    return secret


def current_code(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).now()


@pytest.mark.parametrize("path", ["/desk/", "/desk/conversations/c_AAAAAAAAAAAAAAAAAAAAAA", "/desk/admin"])
async def test_no_page_opens_without_a_session(staffed: Talk, path: str) -> None:
    for cookie in (None, "made-up", "InRva2VuIg.abc.def"):
        headers = {} if cookie is None else {"Cookie": f"attune_session={cookie}"}
        response = await staffed.client.get(path, headers=headers)
        assert (response.status_code, response.headers["location"]) == (303, "/desk/login")


async def test_the_right_password_opens_the_queue_and_the_cookie_is_closed_to_scripts(staffed: Talk) -> None:
    form = {"email": "kim@example.org", "password": "correct horse"}
    response = await staffed.client.post("/desk/login", data=form)
    assert response.status_code == 303
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    page = await staffed.client.get("/desk/")
    assert page.status_code == 200 and "Waiting for a person" in page.text
    assert (await staffed.client.get("/desk/login")).status_code == 303
    # An agent is led away from the admins' page.
    assert (await staffed.client.get("/desk/admin")).headers["location"] == "/desk/"


async def test_a_wrong_password_says_so_and_repeated_ones_lock(staffed: Talk) -> None:
    form = {"email": '"><script>alert(1)</script>@example.org', "password": "guess"}
    response = await staffed.client.post("/desk/login", data=form)
    assert response.status_code == 401 and "E-mail or password is wrong." in response.text
    assert "<script>" not in response.text
    assert [await sign_in(staffed, "guess") for _ in range(6)] == [401] * 5 + [429]
    assert await sign_in(staffed) == 429


async def test_the_second_factor_is_a_second_step_and_the_password_is_in_no_page(staffed: Talk) -> None:
    secret = await second_factor(staffed, "kim@example.org")
    form = {"email": "kim@example.org", "password": "correct horse"}
    page = await staffed.client.post("/desk/login", data=form)
    assert page.status_code == 200 and "set-cookie" not in page.headers and "correct horse" not in page.text
    step = re.search(r'name="step" value="([^"]+)"', page.text)
    assert step is not None
    wrong = await staffed.client.post("/desk/login", data={"step": step[1], "code": "000000"})
    assert wrong.status_code == 401 and "This code is wrong" in wrong.text and "set-cookie" not in wrong.headers
    for forged in ("", "attune2:k_AAAAAAAAAAAAAAAAAAAAAA:AAAA", step[1][:-8] + "AAAAAAA="):
        refused = await staffed.client.post("/desk/login", data={"step": forged, "code": current_code(secret)})
        assert refused.status_code == 401 and "sign in again" in refused.text
    opened = await staffed.client.post("/desk/login", data={"step": step[1], "code": current_code(secret)})
    assert (opened.status_code, opened.headers["location"]) == (303, "/desk/")


def test_the_second_step_ends_after_five_minutes() -> None:
    now = [0.0]
    step = SecondStep(lambda: now[0])
    sealed = step.seal("kim@example.org", "päss\ud800")
    assert step.open(sealed) == ("kim@example.org", "päss\ud800")
    now[0] = 301.0
    assert step.open(sealed) is None
    assert SecondStep(lambda: 0.0).open(sealed) is None, "another process's"


async def test_an_admin_without_the_demanded_second_factor_reaches_only_their_account(tmp_path: Path) -> None:
    async with talking(tmp_path, desk=True, admin_second_factor=True) as talk:
        await talk.staff(Role.ADMIN, "Ada Park", "ada@example.org")
        form = {"email": "ada@example.org", "password": "correct horse"}
        response = await talk.client.post("/desk/login", data=form)
        assert (response.status_code, response.headers["location"]) == (303, "/account")
        for path in ("/desk/", "/desk/admin", "/desk/people"):
            assert (await talk.client.get(path)).headers["location"] == "/account"
        assert (await talk.client.get("/desk/paper/retention.html")).status_code == 403
        await second_factor(talk, "ada@example.org")
        assert (await talk.client.get("/desk/admin")).status_code == 200


async def test_a_customer_who_signs_in_here_is_led_to_their_own_page(staffed: Talk) -> None:
    await staffed.staff(Role.CUSTOMER, "Chris Roe", "chris@example.org")
    form = {"email": "chris@example.org", "password": "correct horse"}
    assert (await staffed.client.post("/desk/login", data=form)).headers["location"] == "/account"
    assert (await staffed.client.get("/desk/")).headers["location"] == "/account"


async def test_a_form_on_another_site_cannot_sign_in(staffed: Talk) -> None:
    assert await sign_in(staffed, Origin="https://evil.example") == 403
    assert await sign_in(staffed, Origin="http://attune.test") == 303


async def test_signing_out_clears_the_cookie(staffed: Talk) -> None:
    await sign_in(staffed)
    response = await staffed.client.get("/desk/signed-out")
    assert "You are signed out." in response.text and "Max-Age=0" in response.headers["set-cookie"]


async def test_nicegui_does_not_answer_for_the_rest_of_the_application(staffed: Talk) -> None:
    response = await staffed.client.get("/nothing")
    assert response.status_code == 404 and response.json()["error"]["code"] == "not_found"
