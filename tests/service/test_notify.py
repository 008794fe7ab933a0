"""The outbox: what is written in a transaction is sent once, whatever is killed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from privacy import KeyRing
from service.notify import Notifier, Outbox, Senders, SendFailed, Words
from store import Database, Delivery, StoreSettings

WORDS = Words(subject="Your code", text="Your code is 424242.", link="https://shop.example/account")


@dataclass
class Collecting:
    """A sender that keeps what it is given; fails first, as often and as it is told."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    pause_s: float = 0.0

    async def send(self, delivery: Delivery) -> None:
        await asyncio.sleep(self.pause_s)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(delivery)

    async def close(self) -> None:
        pass


@dataclass(frozen=True)
class Person:
    id: str = "a_person"
    email: str | None = "ana@example.org"
    phone: str | None = None


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    settings = StoreSettings(home=tmp_path)
    database = Database(settings, KeyRing.load_or_create(settings.key_file))
    await database.upgrade()
    yield database
    await database.close()


def outbox(db: Database, sender: Collecting) -> Outbox:
    return Outbox(db, Notifier(), Senders({"mail": sender, "push": sender, "phone": sender}))


async def write(db: Database, to: Person | str = Person(), channel: str = "mail") -> None:
    async with db.transaction() as tx:
        await Notifier().send(tx, to, "account", channel, WORDS)


async def test_what_commits_is_sent_and_its_words_are_deleted(db: Database, tmp_path: Path) -> None:
    sender = Collecting()
    await write(db)
    assert await outbox(db, sender).send_due() == 1
    (taken,) = sender.taken
    assert (taken.address, taken.subject, taken.text, taken.link, taken.attempt) == (
        "ana@example.org",
        "Your code",
        "Your code is 424242.",
        "https://shop.example/account",
        1,
    )
    async with db.reading() as tx:
        (record,) = await tx.notifications.of_account("a_person")
    assert record.state == "sent" and record.sent_at is not None
    assert await outbox(db, sender).send_due() == 0


async def test_what_rolls_back_is_never_sent(db: Database) -> None:
    sender = Collecting()
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await Notifier().send(tx, Person(), "account", "mail", WORDS)
            raise RuntimeError
    assert await outbox(db, sender).send_due() == 0


async def test_address_and_words_are_not_in_any_file(db: Database, tmp_path: Path) -> None:
    await write(db)
    await write(db, "bob@example.net")
    content = b"".join(path.read_bytes() for path in tmp_path.glob("attune.db*"))
    for secret in (b"ana@example.org", b"bob@example.net", b"424242"):
        assert secret not in content


async def test_a_message_without_account_has_a_key_of_its_own_that_goes_when_it_is_sent(db: Database) -> None:
    sender = Collecting()
    await write(db, "bob@example.net")
    await outbox(db, sender).send_due()
    assert sender.taken[0].address == "bob@example.net"
    async with db.transaction() as tx:
        assert await tx.vault.destroy(sender.taken[0].id) == 0


async def test_two_workers_send_each_message_once(db: Database) -> None:
    sender = Collecting(pause_s=0.02)
    for _ in range(20):
        await write(db)
    workers = [outbox(db, sender) for _ in range(4)]
    for _ in range(3):
        await asyncio.gather(*(worker.send_due() for worker in workers))
    assert len(sender.taken) == len({delivery.id for delivery in sender.taken}) == 20


async def test_a_killed_worker_s_claim_is_taken_over_after_the_lease(db: Database) -> None:
    await write(db)
    async with db.transaction() as tx:
        (lost,) = await tx.notifications.claim(8, timedelta(seconds=90))
    sender = Collecting()
    assert await outbox(db, sender).send_due() == 0
    with patch("store.notifications.datetime") as clock:
        clock.now.return_value = datetime.now(UTC) + timedelta(seconds=91)
        assert await outbox(db, sender).send_due() == 1
    assert sender.taken[0].id == lost.id and sender.taken[0].attempt == 2


async def test_a_failure_is_tried_again_later_and_given_up_in_the_end(db: Database) -> None:
    sender = Collecting(failures=[SendFailed("down", "down", retryable=True)] * 20)
    await write(db)
    worker, now = outbox(db, sender), datetime.now(UTC)
    with patch("store.notifications.datetime") as clock:
        clock.now.side_effect = lambda _: now
        attempts = 0
        for _ in range(20):
            attempts += await worker.send_due()
            now += timedelta(hours=13)
    assert attempts == 9
    async with db.reading() as tx:
        (record,) = await tx.notifications.of_account("a_person")
    assert (record.state, record.attempts, record.sent_at) == ("failed", 9, None)


async def test_a_refusal_for_good_is_not_tried_again(db: Database) -> None:
    sender = Collecting(failures=[SendFailed("refused", "no such box", retryable=False)])
    await write(db)
    await outbox(db, sender).send_due()
    async with db.reading() as tx:
        (record,) = await tx.notifications.of_account("a_person")
    assert (record.state, record.attempts) == ("failed", 1)


async def test_a_sender_that_raises_anything_does_not_stop_the_others(db: Database) -> None:
    sender = Collecting(failures=[ZeroDivisionError()])
    await write(db)
    await write(db)
    assert await outbox(db, sender).send_due() == 2
    assert len(sender.taken) == 1


async def test_a_message_to_an_erased_person_is_failed_without_words(db: Database) -> None:
    sender = Collecting()
    await write(db)
    async with db.transaction() as tx:
        await tx.vault.destroy("a_person")
    await outbox(db, sender).send_due()
    async with db.reading() as tx:
        (record,) = await tx.notifications.of_account("a_person")
    assert record.state == "failed" and sender.taken == []


async def test_an_account_without_an_address_is_not_told(db: Database) -> None:
    await write(db, Person(), "phone")
    await write(db, Person(), "push")
    async with db.reading() as tx:
        assert await tx.notifications.of_account("a_person") == []


async def test_the_worker_wakes_up_when_something_is_written(db: Database) -> None:
    sender, notifier = Collecting(), Notifier()
    worker = Outbox(db, notifier, Senders({"mail": sender}))
    worker.start()
    await asyncio.sleep(0.05)
    async with db.transaction() as tx:
        await notifier.send(tx, Person(), "account", "mail", WORDS)
    async with asyncio.timeout(1.5):
        while not sender.taken:  # noqa: ASYNC110 - the sender has no event to await
            await asyncio.sleep(0.01)
    await worker.stop()


@pytest.mark.parametrize("subject", ["", "two\nlines", "a\r\nBcc: all@example.org", "x" * 151])
def test_a_subject_is_one_printable_line(subject: str) -> None:
    with pytest.raises(ValueError, match="printable line"):
        Words(subject=subject, text="text")


async def test_an_unknown_channel_or_kind_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        with pytest.raises(ValueError, match="expected one of mail, push, phone"):
            await Notifier().send(tx, "a@example.org", "account", "pigeon", WORDS)
        with pytest.raises(ValueError, match="expected one of account"):
            await Notifier().send(tx, "a@example.org", "advert", "mail", WORDS)
