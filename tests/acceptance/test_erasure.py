"""A person who has used everything is erased while the real processes run: no byte of theirs is left."""

import asyncio
import contextlib
import io
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from websockets.sync.client import connect

from benchmarks import Stack
from privacy import NOTICE_VERSION, hash_password
from store import BotExamples, Order, OrderStatus
from tests.store.known_person import left_of
from vocabulary import Role

pytestmark = pytest.mark.processes

EMAIL = "marigold@canary.example"
NAME = "Marigold Canarywood"
PASSWORD = "canary password 7319"
TYPED, FOLLOWING = "canarytyped7319", "canaryfollowing7319"
INTEREST, STREET, EXAMPLE = "canaryinterest7319", "Canarystreet 7319", "canaryexample7319"
QUESTION = "I need a quiet kettle"
VISIT = "visit-canary-7319"


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("erasure")
    stack = Stack(home, extra_environment={"ATTUNE_BOT_EXAMPLES": str(home / "nlu" / "from_conversations.yml")})
    stack.set_up()
    stack.start()
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.stop()


@dataclass
class Person:
    """A signed-in customer, and everything that only they have."""

    stack: Stack
    account: str
    customer: str
    session: str
    conversation: str = ""
    token: str = ""
    traces: list[str] = field(default_factory=list)

    def client(self) -> httpx.Client:
        headers = {"Cookie": f"attune_session={self.session}", "Sec-Fetch-Site": "same-origin"}
        return httpx.Client(base_url=self.stack.url, headers=headers, timeout=90)

    def talk(self) -> httpx.Client:
        """A client of the conversation, which belongs to the account."""
        client = self.client()
        client.base_url = httpx.URL(f"{self.stack.url}/api/conversations/{self.conversation}")
        return client

    def say(self, text: str) -> dict[str, Any]:
        message_id = str(uuid4())
        self.traces.append(message_id)
        with self.talk() as client:
            answer = client.post("/messages", params={"wait": 60}, json={"id": message_id, "text": text})
            answer.raise_for_status()
            return dict(answer.json())


async def _register(stack: Stack) -> tuple[str, str, str]:
    db = stack.database()
    try:
        async with db.transaction() as tx:
            account = await tx.accounts.create(
                Role.CUSTOMER, name=NAME, email=EMAIL, password_hash=hash_password(PASSWORD), email_verified=True
            )
            order = Order(
                number="731900",
                status=OrderStatus.DELIVERED,
                placed_on=(await tx.orders.find("417203")).placed_on,  # type: ignore[union-attr]
                customer_name=NAME,
                email=EMAIL,
                street=STREET,
                postcode="12345",
                city="Somewhere",
                lines=(await tx.orders.find("417203")).lines,  # type: ignore[union-attr]
                payment_method="card",
            )
            await tx.orders.add_many([order])
            assert account.customer_id is not None
            return account.id, account.customer_id, await tx.sessions.open(account.id, "A browser")
    finally:
        await db.close()


def move_in(stack: Stack, spoken: Path) -> Person:
    """Use everything that the product offers."""
    person = Person(stack, *asyncio.run(_register(stack)))
    with person.client() as client:
        made = client.post("/api/conversations").raise_for_status().json()
        person.conversation, person.token = made["conversation"], made["token"]
        for signal in ("text", "voice", "face"):
            answer = {"signal": signal, "purpose": "assist", "granted": True, "text_version": NOTICE_VERSION}
            client.put("/api/me/consents", json=answer).raise_for_status()
        for purpose in ("assist", "personalise", "improve"):
            answer = {"signal": "behaviour", "purpose": purpose, "granted": True, "text_version": NOTICE_VERSION}
            client.put("/api/me/consents", json=answer).raise_for_status()
        client.put("/api/me/profile", json={"interests": [INTEREST]}).raise_for_status()
    person.say(f"hello, my word is {TYPED}, write to {EMAIL}")
    person.say("I want to make a formal complaint, the driver was rude")
    person.say(f"he threw {TYPED} on the floor")
    shown = person.say("can you recommend wireless headphones")["suggestions"]
    with person.client() as client:
        told = client.put(f"/api/me/suggestions/{shown[0]['id']}", json={"verdict": "not_for_me"})
        told.raise_for_status()
        client.headers["User-Agent"] = "Mozilla/5.0 Firefox/130.0"
        for item in client.get("/api/shop/items").raise_for_status().json()["items"][:12]:
            for kind in ("storefront.view", "storefront.purchase"):
                event = {"type": kind, "item_id": item["id"], "session": VISIT}
                client.post("/api/events", json=event).raise_for_status()
    assert attune(stack, "recommend", "train")
    heard = say_aloud(person, spoken)
    photo(person)
    BotExamples(stack.home / "nlu" / "from_conversations.yml").add("greet", EXAMPLE, source_of(stack, person))
    person.traces += [person.account, person.customer, person.conversation, person.token, person.session]
    person.traces += [VISIT, EMAIL, NAME, PASSWORD, TYPED, INTEREST, STREET, EXAMPLE, heard]
    return person


def source_of(stack: Stack, person: Person) -> str:
    from store import example_source

    return example_source(stack.settings.keyring(), person.customer)


def say_aloud(person: Person, clip: Path) -> str:
    with person.talk() as client:
        content = clip.read_bytes()
        headers = {"Content-Type": "application/octet-stream"}
        answer = client.post("/audio", params={"id": str(uuid4()), "wait": 60}, content=content, headers=headers)
        answer.raise_for_status()
        return str(answer.json()["transcript"])


def photo(person: Person) -> None:
    """A picture that waits for a message which does not come."""
    out = io.BytesIO()
    Image.new("RGB", (320, 320), (180, 140, 120)).save(out, "JPEG")
    with person.talk() as client:
        headers = {"Content-Type": "image/jpeg"}
        path, params = "/frames", {"message_id": "message-that-never-comes"}
        client.post(path, params=params, content=out.getvalue(), headers=headers).raise_for_status()


def attune(stack: Stack, *arguments: str) -> dict[str, Any]:
    finished = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, "--json"],
        env=stack.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return dict(json.loads(finished.stdout.strip().splitlines()[-1]))


def values_with(traces: list[str], *databases: Path) -> list[tuple[str, str, str]]:
    """Every table and column that holds a trace, read value by value."""
    found = []
    for path in databases:
        db = sqlite3.connect(path)
        try:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in db.execute(f'SELECT * FROM "{table}"'):
                    found += [(table, str(value)[:20], one) for value in row for one in traces if one in str(value)]
        finally:
            db.close()
    return found


def test_no_byte_of_an_erased_person_is_left_while_the_processes_run(
    own_stack: Stack, flite_clip: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    stack = own_stack
    alone = attune(stack, "recommend", QUESTION)
    person = move_in(stack, flite_clip("my parcel never arrived and the marigold vase is broken"))
    before = left_of([person.conversation, person.customer], stack.home)
    assert {"attune.db", "tracker.db"} <= {name for name, _ in before} | {"attune.db"}, "the search finds what is there"
    assert any(name.startswith("tracker.db") for name, _ in before)
    kinds_are_known(stack.home)

    # A turn is under way and a tab is open when the person is erased.
    address = stack.url.replace("http", "ws") + f"/api/conversations/{person.conversation}/socket"
    headers = {"Cookie": f"attune_session={person.session}", "Origin": stack.url}
    socket = connect(address, proxy=None, additional_headers=headers)
    socket.send(json.dumps({"type": "auth", "after": 0}))
    assert json.loads(socket.recv(10))["type"] == "hello"

    def speak_on() -> None:
        with contextlib.suppress(httpx.HTTPError):
            for _ in range(20):
                person.say(f"and {FOLLOWING} on top of it")

    person.traces.append(FOLLOWING)
    speaking = threading.Thread(target=speak_on)
    speaking.start()
    time.sleep(0.3)
    started = time.monotonic()
    certificate = attune(stack, "privacy", "erase", EMAIL)
    seconds = time.monotonic() - started
    speaking.join()
    closed = None
    with contextlib.suppress(TimeoutError):
        for _ in range(200):
            try:
                socket.recv(5)
            except Exception as err:  # noqa: BLE001 - whatever the end of the socket is called
                closed = getattr(getattr(err, "rcvd", None), "code", None)
                break
    assert closed == 4404, "the open tab was closed"

    assert certificate["ok"] and certificate["residual"] == [], certificate
    counts = {store["name"]: store["count"] for store in certificate["stores"]}
    for name in ("conversations", "readings", "consents", "profiles", "suggestion_feedback", "complaints", "accounts"):
        assert counts[name] > 0, (name, counts)
    for name in ("interactions", "slates", "recommender"):
        assert counts[name] > 0, (name, counts)
    for name in ("media", "tracker", "keys", "orders", "sign_in", "bot_examples"):
        assert counts[name] > 0, (name, counts)
    assert seconds < 60
    with person.client() as client:
        assert client.get("/api/me/conversations").status_code == 401
    time.sleep(3)
    assert left_of(person.traces, stack.home) == []
    assert values_with(person.traces, stack.home / "attune.db", stack.home / "tracker.db") == []
    assert attune(stack, "recommend", QUESTION) == alone, "suggestions are those of a shop that never met the person"
    assert attune(stack, "audit", "verify")["ok"]
    with capsys.disabled():
        sys.stdout.write(
            json.dumps({"erased_s": round(seconds, 2), "hits": 0, "stores": len(counts), **certificate["search"]})
            + "\n"
        )


def kinds_are_known(home: Path) -> None:
    """Every file that the running product has made belongs to a place."""
    from privacy import places

    patterns = [pattern for place in places() for pattern in place.files]
    strange = [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and path.relative_to(home).parts[0] != "nlu"
        if not any(_is_of(path.relative_to(home), pattern) for pattern in patterns)
    ]
    assert strange == []


def _is_of(path: Path, pattern: str) -> bool:
    """Whether a pattern names the file, or the folder that it is somewhere below."""
    return path.match(pattern) or (pattern.endswith("/*") and path.parts[0] == pattern.removesuffix("/*"))
