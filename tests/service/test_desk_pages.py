"""The staff pages over HTTP: sign-in, cookie, and no page without a session."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
