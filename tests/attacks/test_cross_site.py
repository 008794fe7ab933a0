"""Cross-site requests: every operation that changes something, and every socket, with the victim's cookie."""

from pathlib import Path

import pytest

from service.accounts.cookie import PLAIN_NAME
from tests.attacks.people import From, person, sign_in
from tests.attacks.routes import UNSAFE, operations
from tests.service.routes import routes_of
from tests.service.talk import Talk, talking
from vocabulary import Role

ATTACKS = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
    {"Origin": "http://evil.attune.test", "Sec-Fetch-Site": "same-site"},
)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN])
async def test_no_operation_runs_for_another_site(talk: Talk, role: Role) -> None:
    account = await person(talk, role=role)
    unsafe = [operation for operation in operations(talk.app) if operation.method in UNSAFE]
    assert len(unsafe) > 30
    async with From(talk, "192.0.2.7").client() as victim:
        assert (await sign_in(victim)).status_code == 200
        for operation in unsafe:
            for headers in ATTACKS:
                answer = await victim.request(
                    operation.method, operation.address(), json=operation.body, headers=headers
                )
                assert answer.status_code == 403, (operation.method, operation.path, headers)
                assert answer.json()["error"]["code"] == "cross_site"
        assert (await victim.get("/api/account")).json()["id"] == account.id


async def test_reading_for_another_site_changes_nothing_and_is_not_shared(talk: Talk) -> None:
    """Cookies do not travel with other sites' requests (SameSite); if they did, the page could not read the answer."""
    await person(talk)
    async with From(talk, "192.0.2.7").client() as victim:
        await sign_in(victim)
        cookie = victim.cookies[PLAIN_NAME]
        for operation in operations(talk.app):
            if operation.method != "get" or "providers" in operation.path:
                continue
            headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
            answer = await victim.get(operation.address(), headers=headers)
            assert "access-control-allow-origin" not in answer.headers, operation.path
            assert "set-cookie" not in answer.headers, operation.path
        assert victim.cookies[PLAIN_NAME] == cookie
        assert (await victim.options("/api/account", headers={"Origin": "https://evil.example"})).status_code == 405


async def test_every_socket_and_mount_is_behind_the_check(tmp_path: Path) -> None:
    """Sent to the whole application: nothing is mounted beside the middleware."""
    async with talking(tmp_path, desk=True) as talk:
        calls = [found.call.partition(" ") for found in routes_of(talk.app)]
        sockets = [path for kind, _, path in calls if kind == "SOCKET"]
        mounts = [path for kind, _, path in calls if kind == "MOUNT"]
        assert sockets and "/desk" in mounts
        for path in [*sockets, *(f"{mount}/anything" for mount in mounts)]:
            said: list[dict[str, object]] = []

            async def receive() -> dict[str, object]:
                return {"type": "websocket.connect"}

            async def send(event: dict[str, object], into: list[dict[str, object]] = said) -> None:
                into.append(event)

            scope = {
                "type": "websocket",
                "path": path,
                "raw_path": path.encode(),
                "root_path": "",
                "scheme": "ws",
                "query_string": b"",
                "headers": [(b"host", b"attune.test"), (b"origin", b"http://evil.example")],
                "client": ("192.0.2.66", 1),
                "subprotocols": [],
                "state": {},
            }
            await talk.app(scope, receive, send)  # type: ignore[arg-type]
            assert [event["type"] for event in said] == ["websocket.close"], path
