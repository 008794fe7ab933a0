"""What is past its time goes, at the latest an hour later, whatever the clock does and whoever restarts."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from privacy import KeyRing
from store import Database, MediaStore, StoreSettings
from store.purges import LEASE
from store.retention import Report, Retention
from tests.store.known_person import Known, left_of, move_in
from tests.store.processes import in_other_processes

DAY = timedelta(days=1)
START = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(home=tmp_path / "home", bot_examples=tmp_path / "nlu" / "from_conversations.yml")


class MovedClock:
    """A clock that says what the test wants."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def retention(settings: StoreSettings, keyring: KeyRing, db: Database, clock: MovedClock) -> Retention:
    return Retention(settings, keyring, db, MediaStore(settings.media_dir, keyring), clock=clock)


def counts(report: Report) -> dict[str, int]:
    return {name: one.count for name, one in report.purged.items() if one.count}


async def rows(db: Database, table: str) -> int:
    async with db.reading() as tx:
        return int(await tx._session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_each_type_goes_when_its_time_has_come_and_not_before(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    await move_in(db, settings, keyring)
    async with db.transaction() as tx:
        # Only what is settled goes; what still waits stays.
        await tx._session.execute(text("UPDATE escalations SET state = 'closed'"))
        await tx._session.execute(text("UPDATE notifications SET state = 'sent'"))
        await tx._session.execute(text("UPDATE messages SET status = 'answered' WHERE author = 'customer'"))
    assert counts(await retention.run()) == {"orders": 0} or counts(await retention.run()) == {}
    due: list[tuple[timedelta, dict[str, int]]] = [
        (29 * DAY, {"sign_in": 1}),
        (31 * DAY, {"originals": 1, "receipts": 1, "notifications": 1}),
        (91 * DAY, {"readings": 2, "events": 1}),
        (366 * DAY, {"conversations": 1}),
        (1096 * DAY, {"accounts": 1}),
        (3651 * DAY, {"orders": 1}),
    ]
    for after, expected in due:
        clock.now = START + after
        found = counts(await retention.run())
        found.pop("reports", None)
        assert expected.items() <= found.items(), (after, found)
        assert counts(await retention.run()).keys() <= {"reports"}, "a second run finds nothing"
    async with db.reading() as tx:
        order = await tx.orders.find("100417")
        assert order is not None and order.email == ""


async def test_what_is_left_after_all_times_is_nothing_of_the_person(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    known = await move_in(db, settings, keyring)
    async with db.transaction() as tx:
        await tx._session.execute(text("UPDATE escalations SET state = 'closed'"))
        await tx._session.execute(text("UPDATE plans SET status = 'cancelled', renews_on = '2026-01-01'"))
    clock.now = START + 3700 * DAY
    await retention.run()
    clock.now += timedelta(hours=2)
    await retention.run()
    await db.compact()
    ids = [known.account, known.customer, known.conversation, known.email, *known.media]
    assert left_of(ids, settings.home / "attune.db", settings.tracker_db, settings.media_dir) == []
    assert await rows(db, "person_keys") == 0


async def test_a_dry_run_counts_and_deletes_nothing(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    await move_in(db, settings, keyring)
    clock.now = START + 100 * DAY
    told = counts(await retention.run(dry_run=True))
    assert told == counts(await retention.run(dry_run=True)) and told["readings"] == 2
    done = counts(await retention.run())
    assert told.items() <= done.items()


async def test_one_person_s_overdue_data_can_be_purged_alone(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    known = await move_in(db, settings, keyring)
    await move_in(db, settings, keyring, "Juniper Neighbour", order="100418")
    clock.now = START + 100 * DAY
    async with db.reading() as tx:
        subject = await tx.subjects.find(known.account)
    assert counts(await retention.run(only=subject))["readings"] == 2
    assert counts(await retention.run(dry_run=True))["readings"] == 2, "the neighbour's wait for their own run"


async def test_a_conversation_that_waits_for_a_person_is_kept(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    await move_in(db, settings, keyring)
    clock.now = START + 400 * DAY
    assert "conversations" not in counts(await retention.run())
    assert await rows(db, "escalations") == 1


async def test_the_purge_is_never_more_than_an_hour_late_over_restarts_and_clock_changes(
    db: Database, settings: StoreSettings, keyring: KeyRing, clock: MovedClock
) -> None:
    """Two days of runs every ten minutes of running time. The clock jumps and the process restarts in between."""
    from service.rights.keeper import EVERY_S

    rng, media = random.Random(7), MediaStore(settings.media_dir, keyring)
    async with db.transaction() as tx:
        talk = await tx.conversations.create()
    latest_s = 0.0
    retention = Retention(settings, keyring, db, media, clock=clock)
    for number in range(300):
        if number % 5 == 0:
            await _event(db, talk.id, clock.now - 90 * DAY + timedelta(seconds=rng.uniform(0, 2 * EVERY_S)))
        if rng.random() < 0.1:
            retention = Retention(settings, keyring, db, media, clock=clock)
        jump = rng.choice([0.0, 0.0, 0.0, 1800.0, -1800.0, -86_400.0 * 2])
        clock.now += timedelta(seconds=EVERY_S + jump)
        report = await retention.run()
        assert not report.skipped
        latest_s = max(latest_s, report.purged["events"].late_s - max(jump, 0.0))
        assert await _overdue(db, clock.now - 90 * DAY) == 0
    assert 0 < latest_s <= 3600


async def _event(db: Database, conversation: str, at: datetime) -> None:
    async with db.transaction() as tx:
        await tx.events.add("test", {}, conversation_id=conversation)
        await tx._session.execute(
            text("UPDATE events SET at = :at WHERE number = (SELECT max(number) FROM events)"),
            {"at": at.replace(tzinfo=None).isoformat(" ")},
        )


async def _overdue(db: Database, before: datetime) -> int:
    async with db.reading() as tx:
        found = await tx.overdue.count("events", before, None)
        return found[0]


def test_of_several_processes_one_purges(settings: StoreSettings, keyring: KeyRing) -> None:
    def job(at_once: asyncio.Event | None = None) -> Callable[[Database], object]:
        async def run(database: Database) -> int:
            await database.upgrade()
            retention = Retention(settings, keyring, database, MediaStore(settings.media_dir, keyring))
            taken = 0
            for _ in range(5):
                async with database.transaction() as tx:
                    taken += await tx.purges.take_lease(retention._holder, START)
            return taken

        return run

    results = in_other_processes(settings, keyring, [job(), job(), job()])  # type: ignore[list-item]
    assert sorted(results) == [0, 0, 5]


async def test_a_lease_of_a_killed_process_or_of_a_wrong_clock_ends(
    db: Database, retention: Retention, clock: MovedClock
) -> None:
    async with db.transaction() as tx:
        assert await tx.purges.take_lease("w_other", START)
    assert (await retention.run()).skipped
    clock.now = START + LEASE + timedelta(seconds=1)
    assert not (await retention.run()).skipped
    async with db.transaction() as tx:
        assert await tx.purges.take_lease("w_other", START + 30 * DAY)
    assert not (await retention.run()).skipped


async def test_runs_are_on_record_and_idle_ones_once_a_day(
    db: Database, settings: StoreSettings, keyring: KeyRing, retention: Retention, clock: MovedClock
) -> None:
    known: Known = await move_in(db, settings, keyring)
    for _ in range(3):
        clock.now += timedelta(hours=1)
        await retention.run()
    assert await rows(db, "retention_runs") == 1
    clock.now = START + 31 * DAY
    await retention.run()
    async with db.reading() as tx:
        newest = (await tx.purges.reports())[0]
    assert newest["types"]["originals"]["count"] == 1 and newest["types"]["originals"]["late_s"] > 0
    assert not [trace for trace in known.traces if trace in str(newest)]
