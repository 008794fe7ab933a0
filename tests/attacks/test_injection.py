"""SQL, templates, paths, odd types and odd Unicode in every field of every operation."""

from collections import Counter
from typing import Any
from urllib.parse import quote

import httpx
from sqlalchemy import text

from tests.attacks.conftest import MARKER
from tests.attacks.people import From, person, sign_in
from tests.attacks.routes import Operation, operations
from tests.service.talk import Talk
from vocabulary import Role

STRINGS = (
    f"{MARKER}' OR '1'='1",
    f'{MARKER}"; DROP TABLE accounts; --',
    f"{MARKER}'); DELETE FROM messages; --",
    f"{MARKER}' UNION SELECT password_hash FROM accounts --",
    f"{MARKER}%' ESCAPE '",
    f"../../../../etc/passwd {MARKER}",
    f"{MARKER}\0null",
    "${7*7}{{7*7}}#{7*7}" + MARKER,
    f"=cmd|'/c calc'!A0 {MARKER}",
    "\u202e" + MARKER + "\ufeff",
    MARKER * 400,
)
TYPES: tuple[Any, ...] = (None, True, -1, 1e308, 2**63, [], {}, [[[[[]]]]], {"$ne": None})
RAW = (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":' * 5000, b"[" * 30_000, b'"\\ud800' + MARKER.encode() + b'"')
# These end the session or the account on purpose: they are tried with a session of their own.
_ENDS = ("logout", "erasure", "password", "sessions")


async def rows(talk: Talk) -> dict[str, int]:
    async with talk.services.db.reading() as tx:
        session = tx._session
        names = list(await session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        return {name: (await session.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in names}


async def call(client: httpx.AsyncClient, operation: Operation, path: str, **options: Any) -> int:
    """One request; its status, which is never a fault of ours and never repeats what was sent."""
    answer = await client.request(operation.method, path, **options)
    assert answer.status_code < 500, (operation.method, operation.path, options, answer.text)
    if answer.status_code in (400, 422):
        assert MARKER not in answer.text, (operation.method, operation.path)
    return answer.status_code


async def test_no_field_reaches_the_database_or_a_file_as_anything_but_a_value(talk: Talk) -> None:
    await person(talk, "victim@example.org")
    await person(talk, "root@example.org", Role.ADMIN)
    customer = await talk.start()
    await customer.write("where is my order?")
    async with From(talk, "192.0.2.7").client() as client:
        await person(talk)
        token = (await sign_in(client)).cookies
        before = await rows(talk)
        talk.services.address_limit._burst = talk.services.address_limit._per_s = 10**9
        talk.services.accounts.limit._burst = talk.services.accounts.limit._per_s = 10**9
        statuses: Counter[int] = Counter()
        for operation in operations(talk.app):
            headers = dict(customer.headers) if "conversation_id" in operation.names else {}
            known = {"conversation_id": customer.id}
            for value in STRINGS:
                for name in operation.names:
                    await call(client, operation, operation.address(**{**known, name: quote(value, safe="")}))
                for name in operation.queries:
                    await call(client, operation, operation.address(**known), params={name: value}, headers=headers)
            for place in operation.fields:
                for value in (*STRINGS, *TYPES):
                    body = operation.with_field(place, value)
                    statuses[await call(client, operation, operation.address(**known), json=body, headers=headers)] += 1
            if operation.body is not None:
                headers["Content-Type"] = "application/json"
                for raw in RAW:
                    await call(client, operation, operation.address(**known), content=raw, headers=headers)
            if any(word in operation.path for word in _ENDS):
                client.cookies = token
    # Most tries reach the field that they are about.
    assert statuses.total() > 800 and statuses[401] + statuses[404] < statuses.total() / 4, statuses
    after = await rows(talk)
    for table in ("customers", "person_keys", "conversations", "messages"):
        assert after[table] >= before[table], table
    async with talk.services.db.reading() as tx:
        kept = {account.email for account in await tx.accounts.list()}
    assert {"victim@example.org", "root@example.org"} <= kept
    assert after.keys() == before.keys()
    assert (await customer.get()).status_code == 200
