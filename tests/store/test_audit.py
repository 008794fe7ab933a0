"""Entries are written with what they tell about, and every later change is found."""

import asyncio
import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from benchmarks.audit import bench_audit
from privacy import SELF, Head, KeyRing
from store import AlreadyExists, AuditRefused, Database, NewConversation, StoreError, StoreSettings, StoreUnavailable
from tests.store.processes import Job, in_other_processes

SEES = "answering the customer"


async def write(db: Database, *, subject: str | None = None, number: int = 0) -> None:
    async with db.transaction() as tx:
        await tx.audit.add("a_agent", "case.view", subject=subject, purpose=SEES, details={"n": number})


def on_file(settings: StoreSettings, *statements: str) -> None:
    connection = sqlite3.connect(settings.home / "attune.db")
    connection.execute("DROP TRIGGER IF EXISTS audit_keeps_update")
    connection.execute("DROP TRIGGER IF EXISTS audit_keeps_delete")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


async def test_entry_is_read_as_it_was_written(db: Database) -> None:
    async with db.transaction() as tx:
        written = await tx.audit.add(
            "a_agent", "case.view", subject="p_1", purpose=SEES, note="asked by Jo", details={"message": 3, "ok": True}
        )
    async with db.reading() as tx:
        (entry,) = await tx.audit.entries()
        report = await tx.audit.verify()
    assert entry == written
    assert (entry.number, entry.subject, entry.note, entry.details) == (
        1,
        "p_1",
        "asked by Jo",
        {"message": 3, "ok": True},
    )
    assert report.ok and report.entries == 1 and report.head == Head(1, entry.hash)


async def test_neither_the_subject_nor_the_note_is_in_the_file(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        await tx.audit.add("a_agent", "case.view", subject="p_canary", purpose=SEES, note="Jo Canary asked")
    await db.close()
    stored = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert b"case.view" in stored
    rows = sqlite3.connect(settings.home / "attune.db").execute("SELECT * FROM audit").fetchall()
    assert "canary" not in str(rows).lower()


async def test_entry_of_an_erased_person_stays_whole_and_says_no_more_whose_it_was(db: Database) -> None:
    await write(db, subject="p_1")
    await write(db, subject="p_2")
    async with db.transaction() as tx:
        await tx.vault.destroy("p_1")
    async with db.reading() as tx:
        second, first = await tx.audit.entries()
        assert (first.subject, first.note, first.erased) == (None, None, True)
        assert (second.subject, second.erased) == ("p_2", False)
        assert (await tx.audit.verify()).ok


async def test_entries_are_found_by_person_act_and_actor(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.audit.add("a_1", "case.view", subject="p_1", purpose=SEES)
        await tx.audit.add("a_2", "case.reveal", subject="p_1", purpose=SEES)
        await tx.audit.add("a_2", "cases", subject="p_2", purpose=SEES)
    async with db.reading() as tx:
        find = tx.audit.entries
        assert [e.number for e in await find(subject="p_1")] == [2, 1]
        assert await find(subject="p_unknown") == []
        assert [e.number for e in await find(act="case.")] == [2, 1]
        assert [e.number for e in await find(act="case")] == []
        assert [e.number for e in await find(act="ca%.")] == []
        assert [e.number for e in await find(actor="a_2")] == [3, 2]
        assert [e.number for e in await find(before=3, limit=1)] == [2]


async def test_guest_who_becomes_a_customer_keeps_their_entries(db: Database) -> None:
    await write(db, subject="p_guest")
    async with db.transaction() as tx:
        await tx.vault.adopt("p_guest", "p_customer")
    async with db.reading() as tx:
        assert [entry.subject for entry in await tx.audit.entries(subject="p_customer")] == ["p_guest"]


async def test_people_with_their_own_data_are_not_named_in_the_clear(db: Database) -> None:
    async with db.transaction() as tx:
        entry = await tx.audit.add("p_1", "data.export", subject="p_1", purpose="own request")
    assert (entry.actor, entry.subject) == (SELF, "p_1")


async def test_what_is_not_written_did_not_happen(db: Database, conversation: NewConversation) -> None:
    """A refused entry takes the change with it, even where the caller goes on as if nothing were."""
    with pytest.raises(AuditRefused):
        async with db.transaction() as tx:
            await tx.inbox.receive(conversation.id, "message-1", "hello")
            with contextlib.suppress(AuditRefused):
                await tx.audit.add("p_1", "case.view", subject="p_2", purpose=SEES)
    async with db.reading() as tx:
        assert await tx.inbox.history(conversation.id) == []
        assert await tx.audit.entries() == []


async def test_entry_of_a_failed_transaction_is_gone_and_leaves_no_gap(db: Database) -> None:
    await write(db)
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await tx.audit.add("a_1", "case.view", purpose=SEES)
            raise RuntimeError
    async with db.transaction() as tx:
        savepoint = await tx.audit._session.begin_nested()
        await tx.audit.add("a_1", "case.view", purpose=SEES)
        await savepoint.rollback()
        await tx.audit.add("a_1", "case.reveal", purpose=SEES)
    async with db.transaction() as tx:
        await tx.audit.add("a_1", "case.view", purpose=SEES)
        savepoint = await tx.audit._session.begin_nested()
        await tx.audit.add("a_1", "case.view", purpose=SEES)
        await savepoint.rollback()
    await write(db)
    async with db.reading() as tx:
        assert [entry.number for entry in await tx.audit.entries()] == [4, 3, 2, 1]
        assert (await tx.audit.verify()).ok


async def test_entry_is_refused_where_it_would_be_thrown_away(db: Database) -> None:
    async with db.reading() as tx:
        with pytest.raises(AuditRefused) as caught:
            await tx.audit.add("a_1", "case.view", purpose=SEES)
    assert caught.value.code == "audit_reading"


@pytest.mark.parametrize(
    "fields",
    [
        {"actor": ""},
        {"actor": "x" * 65},
        {"act": "a\nb"},
        {"purpose": " "},
        {"purpose": "x" * 201},
        {"note": "of nobody"},
        {"note": "x" * 1001, "subject": "p_1"},
        {"details": {"who": "p_canary"}, "subject": "p_canary"},
        {"purpose": "look at p_canary", "subject": "p_canary"},
        {"details": {"x": float("inf")}},
        {"subject": "p_\ud800", "actor": "a_1"},
    ],
)
async def test_entry_that_says_too_little_or_too_much_is_refused(db: Database, fields: dict[str, object]) -> None:
    words = {"actor": "a_1", "act": "case.view", "purpose": SEES, **fields}
    with pytest.raises(StoreError):
        async with db.transaction() as tx:
            await tx.audit.add(words.pop("actor"), words.pop("act"), **words)  # type: ignore[arg-type]
    async with db.reading() as tx:
        assert await tx.audit.entries() == []


async def test_nobody_sees_anything_while_the_head_cannot_be_written(db: Database, settings: StoreSettings) -> None:
    await write(db)
    settings.audit_head_file.unlink()
    with pytest.raises(AuditRefused, match="is missing") as caught:
        await write(db)
    assert caught.value.code == "audit_head"
    settings.audit_head_file.mkdir()
    with pytest.raises(AuditRefused, match="cannot be used"):
        await write(db)
    async with db.reading() as tx:
        report = await tx.audit.verify()
    assert (report.ok, report.entries, report.first_bad, report.problem) == (False, 1, None, "head_unusable")


async def test_full_disk_refuses_the_access(db: Database, settings: StoreSettings) -> None:
    await write(db)
    on_file(settings, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk'); END")
    with pytest.raises((AuditRefused, AlreadyExists, StoreUnavailable)):
        await write(db)


async def test_the_database_itself_keeps_entries_as_they_are(db: Database, settings: StoreSettings) -> None:
    await write(db)
    connection = sqlite3.connect(settings.home / "attune.db")
    for statement in ("UPDATE audit SET actor = 'a_2'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(statement)
    connection.close()


def test_sampled_tampering_is_found_at_its_place(request: pytest.FixtureRequest) -> None:
    tamperings = request.config.getoption("--tamperings")
    result = bench_audit(tamperings, 60, seed=11)
    assert result["found"] == result["first_bad_exact"] == tamperings
    assert result["missed"] == [] and min(kind["tried"] for kind in result["by_kind"].values()) > 0


async def test_cut_end_is_found_by_the_head_outside(db: Database, settings: StoreSettings) -> None:
    for number in range(4):
        await write(db, number=number)
    on_file(settings, "DELETE FROM audit WHERE number > 2")
    async with db.reading() as tx:
        report = await tx.audit.verify()
    assert (report.ok, report.entries, report.first_bad, report.problem) == (False, 2, 3, "cut")
    with pytest.raises(AuditRefused, match="knows entry 4"):
        await write(db)


async def test_all_entries_gone_is_no_empty_chain(db: Database, settings: StoreSettings) -> None:
    await write(db)
    on_file(settings, "DELETE FROM audit")
    async with db.reading() as tx:
        assert (await tx.audit.verify()).first_bad == 1


async def test_rollback_of_database_and_head_is_found_by_an_exported_head(
    db: Database, settings: StoreSettings
) -> None:
    await write(db)
    await db.close()
    old = settings.home.with_name("old")
    shutil.copytree(settings.home, old)
    await write(db)
    async with db.reading() as tx:
        exported = await tx.audit.head()
    await db.close()
    for name in ("attune.db", "audit.head"):
        shutil.copy(old / name, settings.home / name)
    async with db.reading() as tx:
        assert (await tx.audit.verify()).ok
        assert (await tx.audit.verify(known=exported)).first_bad == 2
    await write(db)
    async with db.reading() as tx:
        report = await tx.audit.verify(known=exported)
    assert (report.ok, report.first_bad, report.problem) == (False, 2, "forked")


async def test_head_may_be_behind_after_a_kill(db: Database, settings: StoreSettings) -> None:
    await write(db)
    behind = settings.audit_head_file.read_bytes()
    await write(db)
    settings.audit_head_file.write_bytes(behind)
    async with db.reading() as tx:
        assert (await tx.audit.verify()).ok
    await write(db)
    assert settings.audit_head_file.read_text().strip().startswith("3:")


async def test_restored_backup_goes_on_and_says_so(db: Database, settings: StoreSettings) -> None:
    for _ in range(3):
        await write(db)
    async with db.reading() as tx:
        lost = await tx.audit.head()
    with pytest.raises(AuditRefused) as caught:
        async with db.transaction() as tx:
            await tx.audit.resume("command", purpose="nothing is missing")
    assert caught.value.code == "audit_whole"
    on_file(settings, "DELETE FROM audit WHERE number > 1")
    async with db.transaction() as tx:
        entry = await tx.audit.resume("command", purpose="backup of Sunday restored")
    assert entry.number == 2 and entry.details["known"] == str(lost)
    await write(db)
    async with db.reading() as tx:
        report = await tx.audit.verify()
        assert (report.ok, report.entries, report.resumed) == (True, 3, 1)
        assert not (await tx.audit.verify(known=lost)).ok


async def test_altered_entries_can_still_be_looked_at(db: Database, settings: StoreSettings) -> None:
    await write(db, subject="p_1")
    on_file(
        settings,
        "UPDATE audit SET actor = CAST(x'ff41' AS TEXT), at = 'yesterday', details = '[', subject = 'attune2:k_x'",
    )
    async with db.reading() as tx:
        (entry,) = await tx.audit.entries()
        report = await tx.audit.verify()
    assert entry.details == {"unreadable": True} and entry.erased and json.dumps(entry.actor)
    assert report.first_bad == 1 and report.problem == "altered"


def test_writers_of_several_processes_make_one_chain(settings: StoreSettings, keyring: KeyRing) -> None:
    async def prepare() -> None:
        database = Database(settings, keyring)
        await database.upgrade()
        await database.close()

    asyncio.run(prepare())

    async def job(database: Database) -> int:
        for number in range(15):
            await write(database, subject=f"p_{number}", number=number)
        return 15

    jobs: list[Job] = [job] * 4
    assert sum(in_other_processes(settings, keyring, jobs)) == 60

    async def check() -> None:
        database = Database(settings, keyring)
        async with database.reading() as tx:
            report = await tx.audit.verify()
        await database.close()
        assert report.ok and report.entries == 60
        assert settings.audit_head_file.read_text().strip() == str(report.head)

    asyncio.run(check())


async def test_long_chain_is_read_in_parts(db: Database, settings: StoreSettings) -> None:
    async with db.transaction() as tx:
        for number in range(2100):
            await tx.audit.add("a_1", "case.view", purpose=SEES, details={"n": number})
    async with db.reading() as tx:
        assert (await tx.audit.verify()).entries == 2100
        assert [link.number async for link in tx.audit.links()] == list(range(1, 2101))
    on_file(settings, "UPDATE audit SET purpose = 'other' WHERE number = 2050")
    async with db.reading() as tx:
        assert (await tx.audit.verify()).first_bad == 2050


def test_nothing_of_the_head_is_world_readable(settings: StoreSettings, keyring: KeyRing) -> None:
    async def main() -> None:
        database = Database(settings, keyring)
        await database.upgrade()
        await write(database)
        await database.close()

    asyncio.run(main())
    assert Path(settings.audit_head_file).stat().st_mode & 0o777 == 0o600
