"""A shop's own program keeps the catalogue up to date over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.service.talk import Talk, talking

KETTLE: dict[str, Any] = {
    "id": "kettle-1",
    "title": "Quiet kettle",
    "description": "Boils a litre.",
    "path": ["Kitchen", "Kettles"],
    "price": 29.9,
    "stock": 4,
    "attributes": {"colour": "red"},
    "relations": [{"kind": "accessory_of", "target_id": "hob-1"}],
    "image": "https://pictures.example/kettle.jpg",
}


class Program:
    """A client with a key."""

    def __init__(self, talk: Talk, secret: str, key_id: str) -> None:
        self.talk, self.secret, self.key_id = talk, secret, key_id

    async def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        return await self.talk.client.request(method, f"/api/catalogue/{path}", headers=headers, **options)

    async def send(self, content: bytes, name: str = "items.csv", **fields: str) -> httpx.Response:
        return await self("POST", "import", files={"file": (name, content)}, data=fields)

    async def ids(self) -> list[str]:
        return [item["id"] for item in (await self("GET", "items")).json()["items"]]


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with talking(tmp_path, program_burst=1000, max_catalogue_bytes=200_000) as talk:
        async with talk.services.db.transaction() as tx:
            key, secret = await tx.program_keys.create("stock export", timedelta(days=1))
        yield Program(talk, secret, key.id)


async def test_an_item_lives_through_every_call(program: Program) -> None:
    made = await program("POST", "items", json=KETTLE)
    assert made.status_code == 201, made.text
    expected = {**KETTLE, "category": "Kettles", "currency": "EUR", "url": None}
    assert {name: made.json()[name] for name in expected} == expected
    assert made.headers["etag"] == f'"{made.json()["version"]}"'
    assert (await program("POST", "items", json=KETTLE)).json()["error"]["code"] == "item_exists"

    read = await program("GET", "items/kettle-1")
    assert read.json() == made.json() and read.headers["etag"] == made.headers["etag"]
    changed = await program("PATCH", "items/kettle-1", json={"price": None, "attributes": {}})
    assert (changed.json()["price"], changed.json()["stock"], changed.json()["attributes"]) == (None, 4, {})
    moved = await program("PATCH", "items/kettle-1", json={"category": "Tea"})
    assert moved.json()["path"] == ["Tea"]
    put = await program("PUT", "items/kettle-1", json={"title": "Kettle", "category": "Tea"})
    assert put.json()["stock"] is None and put.json()["relations"] == []
    assert (await program("PUT", "items/new", json={"title": "New", "category": "Tea"})).status_code == 200
    assert await program.ids() == ["kettle-1", "new"]
    status = (await program("GET", "status")).json()
    assert status["items"] == 2 and status["categories"] == 1
    assert (await program("DELETE", "items/kettle-1")).status_code == 204
    assert (await program("DELETE", "items/kettle-1")).json()["error"]["code"] == "unknown_item"
    assert await program.ids() == ["new"]


async def test_whoever_saw_an_older_version_changes_nothing(program: Program) -> None:
    tag = (await program("POST", "items", json=KETTLE)).headers["etag"]
    bodies = [{"stock": number} for number in range(4)]
    answers = await asyncio.gather(
        *(program("PATCH", "items/kettle-1", json=body, headers={"If-Match": tag}) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await program("GET", "items/kettle-1")).json() == won
    for method, options in (("PUT", {"json": {"title": "x", "category": "y"}}), ("DELETE", {})):
        stale = await program(method, "items/kettle-1", headers={"If-Match": tag}, **options)
        assert (stale.status_code, stale.json()["error"]["code"]) == (412, "item_changed"), method
    gone = await program("PUT", "items/none", json={"title": "x", "category": "y"}, headers={"If-Match": tag})
    assert gone.status_code == 404
    for wrong in ("12", 'W/"1"', '"x"', '"99999999999999999"', ""):
        answer = await program("PATCH", "items/kettle-1", json={"stock": 1}, headers={"If-Match": wrong})
        assert answer.json()["error"]["code"] == "bad_if_match", wrong


@pytest.mark.parametrize(
    "change",
    [
        {"id": "a b"},
        {"id": "x" * 65},
        {"title": ""},
        {"title": "  "},
        {"title": None},
        {"title": "x" * 301},
        {"title": "bell\x07"},
        {"price": -1},
        {"price": "NaN"},
        {"price": "1e400"},
        {"price": True},
        {"price": 1.001},
        {"price": [1]},
        {"stock": -1},
        {"stock": 1.5},
        {"stock": True},
        {"currency": "eur"},
        {"category": "Kettles", "path": ["Tea"]},
        {"path": [], "category": None},
        {"image": "http://pictures.example/kettle.jpg"},
        {"image": "https://"},
        {"image": "https://a.example/'; script-src *"},
        {"url": "javascript:alert(1)"},
        {"attributes": {"": "x"}},
        {"attributes": {"size": 3}},
        {"attributes": {str(number): "x" for number in range(101)}},
        {"relations": [{"kind": "twin_of", "target_id": "a"}]},
        {"colour": "red"},
    ],
)
async def test_an_item_that_cannot_be_is_refused(program: Program, change: dict[str, Any]) -> None:
    answer = await program("POST", "items", json={**KETTLE, **change})
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "retryable"} and error["message"]
    assert await program.ids() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"[" * 100_000, b'{"title": "\\ud800", "category": "x"}']
)
async def test_a_body_that_is_no_item_is_refused(program: Program, body: bytes) -> None:
    for method, path in (("POST", "items"), ("PUT", "items/a"), ("PATCH", "items/a")):
        answer = await program(method, path, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), (method, answer.text)


async def test_of_many_rows_the_good_ones_hold_and_the_others_are_told(program: Program) -> None:
    for item_id in ("a", "b", "c"):
        await program("PUT", f"items/{item_id}", json={"title": item_id, "category": "x", "price": 1, "stock": 1})
    rows = [
        {"id": "a", "stock": 7},
        {"id": "b", "price": 2.5},
        {"id": "nowhere", "stock": 1},
        {"id": "b", "stock": -1},
        {"id": "c"},
        "nonsense",
        {"id": "a", "price": None},
        {"id": 5, "stock": 1},
        {"id": "c", "stock": 1, "title": "x"},
    ]
    told = (await program("PATCH", "items", json=rows)).json()
    assert told["changed"] == 2
    assert [(one["row"], one["id"]) for one in told["rejected"]] == [
        (2, "nowhere"), (3, "b"), (4, "c"), (5, None), (7, None), (8, "c"),
    ]  # fmt: skip
    assert all(one["reason"] for one in told["rejected"])
    items = {item["id"]: item for item in (await program("GET", "items")).json()["items"]}
    assert (items["a"]["stock"], items["a"]["price"]) == (7, None)
    assert (items["b"]["stock"], items["b"]["price"]) == (1, 2.5)
    assert (await program("PATCH", "items", json=[])).json()["changed"] == 0
    assert (await program("PATCH", "items", json=[{"id": "a", "stock": 1}] * 5001)).status_code == 422
    assert (await program("PATCH", "items", content=b"[" + b" " * 2_000_000)).status_code == 413


async def test_a_file_is_looked_at_first_and_then_taken(program: Program) -> None:
    await program("POST", "items", json=KETTLE)
    content = "Artikelnummer;Bezeichnung;Preis;Kategorie\nt-1;Teekanne;19,90;Tee\nt-2;;x;Tee\n".encode("cp1252")
    looked = await program.send(content, dry_run="true", currency="EUR")
    assert looked.status_code == 200, looked.text
    told = looked.json()
    assert (told["rows"], told["imported"], told["stored"]) == (2, 1, False)
    assert [one["line"] for one in told["rejected"]] == [3] and told["rejected_total"] == 1
    assert told["mapping"]["title"] == "Bezeichnung" and await program.ids() == ["kettle-1"]

    kept = await program.send(content, update="true", mapping=json.dumps(told["mapping"]))
    assert kept.json()["stored"] and kept.json()["imported"] == 1
    assert await program.ids() == ["kettle-1", "t-1"]
    assert (await program.send(content)).json()["stored"]
    assert await program.ids() == ["t-1"]
    item = (await program("GET", "items/t-1")).json()
    assert (item["title"], item["price"], item["currency"]) == ("Teekanne", 19.9, "EUR")


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"", {}),
        (b"\0" * 1000, {}),
        (b"title,category\n", {}),
        (b"title,category\na,b\n", {"mapping": "[1]"}),
        (b"title,category\na,b\n", {"mapping": '{"title": "Nowhere"}'}),
        (b"title,category\na,b\n", {"mapping": '{"heading": "title"}'}),
        (b"title,category\na,b\n", {"mapping": "[" * 50_000}),
        (b"title,category\na,b\n", {"currency": "EURO"}),
        (b"title,category\na,b\n", {"dry_run": "perhaps"}),
        (b"title,category\na,b\n", {"relations": "some"}),
        (b"title,category\na,b\n", {"encoding": "klingon"}),
        (b"title,category\na,b\n", {"speed": "high"}),
        (b"PAR1" + b"x" * 100, {}),
    ],
)
async def test_a_file_that_cannot_be_read_leaves_the_catalogue(
    program: Program, content: bytes, fields: dict[str, str]
) -> None:
    await program("POST", "items", json=KETTLE)
    answer = await program.send(content, **fields)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["message"] and await program.ids() == ["kettle-1"]


async def test_what_is_no_form_or_too_large_is_refused(program: Program) -> None:
    assert (await program("POST", "import", content=b"title\na\n")).json()["error"]["code"] == "form_malformed"
    assert (await program("POST", "import", data={"dry_run": "true"})).status_code == 422
    large = await program.send(b"title,category\n" + b"a,b\n" * 100_000)
    assert large.status_code == 413 and "attune catalogue import" in large.json()["error"]["message"]


async def test_two_imports_at_once_take_turns(program: Program) -> None:
    content = b"id,title,category\n" + b"".join(b"i-%d,Thing %d,x\n" % (number, number) for number in range(3000))
    answers = await asyncio.gather(program.send(content), program.send(content))
    assert sorted(answer.status_code for answer in answers) == [200, 503]
    assert len((await program("GET", "items?limit=500")).json()["items"]) == 500


async def test_each_change_is_on_record_with_the_key_that_made_it(program: Program) -> None:
    await program("POST", "items", json=KETTLE)
    await program("PATCH", "items/kettle-1", json={"stock": 1})
    await program("PATCH", "items", json=[{"id": "kettle-1", "stock": 2}])
    await program("PATCH", "items", json=[{"id": "none", "stock": 2}])
    await program.send(b"title,category\na,b\n")
    await program("DELETE", "items/kettle-1")
    async with program.talk.services.db.reading() as tx:
        entries = [entry for entry in await tx.audit.entries() if entry.act.startswith("catalogue.")]
    assert {entry.actor for entry in entries} == {f"program:{program.key_id}"}
    assert sorted(entry.act for entry in entries) == ["catalogue.change"] * 3 + ["catalogue.import"]


async def test_a_key_that_is_none_any_more_opens_nothing(program: Program) -> None:
    assert (await program("GET", "status")).status_code == 200
    for secret in (program.secret[:-1] + "!", "apk_" + "x" * 43, "apk_"):
        wrong = Program(program.talk, secret, "")
        answer = await wrong("GET", "status")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "bad_key")
    async with program.talk.services.db.transaction() as tx:
        await tx._session.execute(text("UPDATE program_keys SET expires_at = '2020-01-01 00:00:00'"))
    assert (await program("PATCH", "items", json=[])).status_code == 401
    async with program.talk.services.db.transaction() as tx:
        assert [key.used_at is not None for key in await tx.program_keys.all()] == [True]


async def test_a_program_that_asks_too_often_waits(tmp_path: Path) -> None:
    async with talking(tmp_path, program_burst=3, programs_per_s=0.01) as talk:
        async with talk.services.db.transaction() as tx:
            _, secret = await tx.program_keys.create("a program")
        program = Program(talk, secret, "")
        answers = [(await program("GET", "status")).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]


async def test_a_key_opens_nothing_of_people(program: Program) -> None:
    customer = await program.talk.start()
    headers = {"Authorization": f"Bearer {program.secret}"}
    for path in (f"/api/conversations/{customer.id}", "/api/me/consents", "/api/account"):
        answer = await program.talk.client.get(path, headers=headers)
        assert answer.status_code in (401, 403, 404), path
