"""A new password needs the one that holds."""

from tests.service.conftest import talk
from tests.service.talk import Talk

__all__ = ["talk"]

OLD, NEW = "correct horse", "quiet-otter-maps-7-lanterns"


async def test_the_present_password_is_asked_for(talk: Talk) -> None:
    await talk.staff(email="kim@example.org")
    signed_in = await talk.client.post("/api/account/login", json={"email": "kim@example.org", "password": OLD})
    assert signed_in.status_code == 200
    for current in ("", "wrong", NEW, OLD.upper()):
        answer = await talk.client.post("/api/account/password", json={"current": current, "new": NEW})
        assert answer.status_code in (401, 403, 422), answer.text
    changed = await talk.client.post("/api/account/password", json={"current": OLD, "new": NEW})
    assert changed.is_success, changed.text
    talk.client.cookies.clear()
    for password, status in ((OLD, 401), (NEW, 200)):
        answer = await talk.client.post("/api/account/login", json={"email": "kim@example.org", "password": password})
        assert answer.status_code == status
