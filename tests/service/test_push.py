"""Web push reaches a browser, encrypted for it alone and signed by this installation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from py_vapid import Vapid02

from privacy import KeyRing
from service.notify import Notifier, Outbox, Senders, Words
from service.notify.push import PushSender, PushServices, VapidKey, check_browser_keys
from store import Account, Database, StoreSettings
from tests.service.push_service import Browser, PushService, push_service
from vocabulary import Role

SECRET = "a session secret of the tests' own, long enough"
WORDS = Words(subject="Your answer is here", text="There is an answer to your question.", link="/chat")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    settings = StoreSettings(home=tmp_path)
    database = Database(settings, KeyRing.load_or_create(settings.key_file))
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as started:
        yield started


@pytest.fixture
async def person(db: Database) -> Account:
    async with db.transaction() as tx:
        return await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org")


async def send(db: Database, person: Account, *origins: str) -> None:
    sender = PushSender(db, VapidKey(SECRET), PushServices(origins), "mailto:service@shop.example")
    async with db.transaction() as tx:
        await Notifier().send(tx, person, "answer_waiting", "push", WORDS)
    await Outbox(db, Notifier(), Senders({"push": sender})).send_due()
    await sender.close()


async def subscribe(db: Database, person: Account, service: PushService, browser: Browser) -> None:
    async with db.transaction() as tx:
        await tx.push.add(person.id, endpoint=service.endpoint(browser), **browser.keys)


async def test_each_browser_can_read_its_message_and_nobody_else_s(
    db: Database, person: Account, service: PushService
) -> None:
    phone, laptop = Browser("phone"), Browser("laptop")
    await subscribe(db, person, service, phone)
    await subscribe(db, person, service, laptop)
    await send(db, person, service.origin)
    bodies = {name: body for name, _, body in service.arrived}
    assert phone.read(bodies["phone"]) == laptop.read(bodies["laptop"])
    assert phone.read(bodies["phone"]) == {"title": WORDS.subject, "body": WORDS.text, "url": "/chat"}
    with pytest.raises(Exception, match=r"."):
        laptop.read(bodies["phone"])
    assert all(WORDS.text.encode() not in body for body in bodies.values())


async def test_the_signature_is_this_installation_s_and_for_this_service(
    db: Database, person: Account, service: PushService
) -> None:
    await subscribe(db, person, service, Browser("phone"))
    await send(db, person, service.origin)
    (_, headers, _) = service.arrived[0]
    assert Vapid02.verify(headers["authorization"])
    assert f"k={VapidKey(SECRET).public}" in headers["authorization"]
    assert not Vapid02.verify(headers["authorization"].replace("t=ey", "t=eY"))
    assert headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) > 0


def test_the_key_outlives_a_restart_and_differs_between_installations() -> None:
    assert VapidKey(SECRET).public == VapidKey(SECRET).public != VapidKey(SECRET + "2").public


@pytest.mark.parametrize(
    ("status", "state", "browsers"),
    [
        (404, "failed", 0),
        (410, "failed", 0),
        (400, "failed", 1),
        (307, "failed", 1),
        (429, "waiting", 1),
        (503, "waiting", 1),
    ],
)
async def test_the_service_s_answer_decides(
    db: Database, person: Account, service: PushService, status: int, state: str, browsers: int
) -> None:
    await subscribe(db, person, service, Browser("phone"))
    service.status = status
    await send(db, person, service.origin)
    async with db.reading() as tx:
        (record,) = await tx.notifications.of_account(person.id)
        assert (record.state, len(await tx.push.of_account(person.id))) == (state, browsers)


async def test_a_service_that_is_not_known_is_never_asked(db: Database, person: Account, service: PushService) -> None:
    await subscribe(db, person, service, Browser("phone"))
    await send(db, person, "https://push.example")
    assert service.arrived == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1:8000/api",
        "https://evil.example/.push.apple.com",
        "https://push.apple.com:22/x",
        "file:///etc/passwd",
        "https://[::1/x",
        "",
    ],
)
def test_addresses_of_other_machines_are_not_known(endpoint: str) -> None:
    known = PushServices(("https://fcm.googleapis.com", "https://*.push.apple.com"))
    assert known.knows("https://web.push.apple.com/abc") and known.knows("https://fcm.googleapis.com/fcm/send/1")
    assert not known.knows(endpoint)


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", "AAAA"), ("ü", "ü"), ("B" * 87, "A" * 22), ("A" * 5000, "A" * 22)]
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    assert not check_browser_keys(p256dh, auth)
    assert check_browser_keys(**Browser("phone").keys)


async def test_a_browser_belongs_to_who_signed_in_last_and_an_account_has_ten(db: Database, person: Account) -> None:
    browser, first = Browser("phone"), person.id
    async with db.transaction() as tx:
        second = (await tx.accounts.create(Role.CUSTOMER, name="Bob", email="bob@example.org")).id
        await tx.push.add(first, endpoint="https://push.example/1", **browser.keys)
        await tx.push.add(second, endpoint="https://push.example/1", **browser.keys)
        assert await tx.push.of_account(first) == []
        assert not await tx.push.remove(first, "https://push.example/1")
        assert await tx.push.remove(second, "https://push.example/1")
        for number in range(12):
            await tx.push.add(first, endpoint=f"https://push.example/{number}", **browser.keys)
        kept = await tx.push.of_account(first)
    assert [one.endpoint.rpartition("/")[2] for one in kept] == [str(number) for number in range(2, 12)]
