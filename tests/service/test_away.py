"""Customers with an account learn that an answer waits, once, and only if they are away."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from privacy import KeyRing
from service.hub import Hub
from service.notify import Away, Choices, Notifier, Outbox, Senders, Words, ask_whether_settled
from store import Account, Database, Reply, StoreSettings
from tests.service.push_service import Browser
from tests.service.test_notify import Collecting
from vocabulary import Role


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    settings = StoreSettings(home=tmp_path)
    database = Database(settings, KeyRing.load_or_create(settings.key_file))
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
async def person(db: Database) -> Account:
    async with db.transaction() as tx:
        return await tx.accounts.create(Role.CUSTOMER, name="Ana", email="ana@example.org", email_verified=True)


@pytest.fixture
async def conversation(db: Database, person: Account) -> str:
    async with db.transaction() as tx:
        return (await tx.conversations.create(customer_id=person.customer_id)).id


class Scene:
    """Somebody asks, the assistant answers, and the outbox is emptied a minute later."""

    def __init__(self, db: Database) -> None:
        self.db, self.hub, self.sender = db, Hub(), Collecting()
        self.notifier = Notifier("https://shop.example")
        self.away = Away(db, self.hub, self.notifier)
        self.count = 0

    async def ask_and_answer(self, conversation: str, text: str = "Your order is on its way.") -> bool:
        self.count += 1
        message = f"message-{self.count:04}"
        async with self.db.transaction() as tx:
            await tx.inbox.receive(conversation, message, "Where is order 417123?")
            await tx.inbox.answer(conversation, message, [Reply(text=text)])
        return await self.away.look(conversation)

    async def a_minute_later(self) -> list[str]:
        senders = Senders({"mail": self.sender, "push": self.sender})
        with patch("store.notifications.datetime") as clock:
            clock.now.return_value = datetime.now(UTC) + timedelta(seconds=61)
            await Outbox(self.db, self.notifier, senders, self.hub).send_due()
        return [f"{one.channel}: {one.subject}" for one in self.sender.taken]


async def test_a_customer_who_is_away_gets_one_mail_until_they_write_again(db: Database, conversation: str) -> None:
    scene = Scene(db)
    assert await scene.ask_and_answer(conversation)
    assert not await scene.away.look(conversation)
    assert await scene.a_minute_later() == ["mail: You have an answer"]
    assert await scene.ask_and_answer(conversation)
    assert len(await scene.a_minute_later()) == 2


async def test_the_mail_holds_nothing_of_the_conversation(db: Database, conversation: str) -> None:
    scene = Scene(db)
    await scene.ask_and_answer(conversation, "You sound angry; zebra-7319 is refunded.")
    await scene.a_minute_later()
    (mail,) = scene.sender.taken
    assert mail.address == "ana@example.org" and mail.link == "https://shop.example/account"
    assert "zebra" not in mail.text and "angry" not in mail.text and "417123" not in mail.text
    assert "https://shop.example/account#notifications" in mail.text


async def test_a_customer_who_reads_along_is_not_told(db: Database, conversation: str) -> None:
    scene = Scene(db)
    with scene.hub.subscribe(conversation):
        assert not await scene.ask_and_answer(conversation)
    assert await scene.a_minute_later() == []


async def test_a_customer_who_comes_within_the_minute_is_not_told(db: Database, conversation: str) -> None:
    scene = Scene(db)
    assert await scene.ask_and_answer(conversation)
    with scene.hub.subscribe(conversation):
        pass
    assert await scene.a_minute_later() == []
    async with db.reading() as tx:
        assert await tx.notifications.claim(8, timedelta(seconds=1)) == []


async def test_a_guest_and_an_unproved_address_are_not_told(db: Database) -> None:
    scene = Scene(db)
    async with db.transaction() as tx:
        unproved = await tx.accounts.create(Role.CUSTOMER, name="Bob", email="bob@example.org")
        theirs = (await tx.conversations.create(customer_id=unproved.customer_id)).id
        guests = (await tx.conversations.create()).id
    assert not await scene.ask_and_answer(guests)
    await scene.ask_and_answer(theirs)
    assert await scene.a_minute_later() == []


async def test_what_the_person_chose_holds(db: Database, person: Account) -> None:
    words, notifier, sender = Words("Solved?", "Was your question solved?"), Notifier(), Collecting()

    async def told(kind: str, settings: dict[str, dict[str, bool]]) -> list[str]:
        sender.taken.clear()
        async with db.transaction() as tx:
            await tx.accounts.set_notification_settings(person.id, settings)
            await notifier.tell(tx, person, kind, words)
        await Outbox(db, notifier, Senders({"mail": sender, "push": sender})).send_due()
        return sorted(one.channel for one in sender.taken)

    async with db.transaction() as tx:
        await tx.push.add(person.id, endpoint="https://push.example/1", **Browser("phone").keys)
    assert await told("follow_up", {}) == []
    assert await told("data_request", {}) == ["mail", "push"]
    assert await told("follow_up", {"mail": {"follow_up": True}}) == ["mail"]
    assert await told("data_request", {"mail": {"data_request": False}}) == ["push"]
    with pytest.raises(ValueError, match="expected one of answer_waiting"):
        await told("account", {})


async def test_follow_up_comes_once_a_week_if_wished_and_not_to_who_wrote_again(
    db: Database, person: Account, conversation: str
) -> None:
    scene = Scene(db)
    scene.notifier.site = "https://shop.example"

    async def a_day_later() -> list[str]:
        with patch("store.notifications.datetime") as clock:
            clock.now.return_value = datetime.now(UTC) + timedelta(days=1, seconds=1)
            await Outbox(db, scene.notifier, Senders({"mail": scene.sender}), scene.hub).send_due()
        return [one.subject for one in scene.sender.taken]

    async def close() -> None:
        async with db.transaction() as tx:
            await ask_whether_settled(tx, scene.notifier, conversation)

    await close()
    assert await a_day_later() == []
    async with db.transaction() as tx:
        await tx.accounts.set_notification_settings(person.id, {"mail": {"follow_up": True}})
    await close()
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation, "message-again", "It is broken again")
    assert await a_day_later() == []
    await close()
    await close()
    assert await a_day_later() == ["Is everything settled?"]


def test_choices_come_back_as_they_were_stored_and_nonsense_is_the_default() -> None:
    chosen = Choices.stored({"mail": {"follow_up": True, "answer_waiting": False}})
    assert Choices.stored(chosen.to_store()) == chosen
    assert Choices.stored({"mail": 7, "push": []}) == Choices.stored({})
    assert not Choices.stored({}).mail["follow_up"]
