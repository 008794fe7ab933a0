"""Transactions, upgrades and what happens when the database cannot do its part."""

import asyncio
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, select

from privacy import KeyRing
from store import (
    AlreadyExists,
    Database,
    NewConversation,
    StoreBusy,
    StoreError,
    StoreSettings,
    StoreUnavailable,
    Verdict,
)
from store.schema import AssessmentRow, Base, ConversationRow
from tests.store.migrating import migrate
from tests.store.processes import in_other_processes
from vocabulary import Assessment, Author, CustomerState, Decision, Mode, Owner, Perceived, StateName


async def test_models_and_migrations_agree(db: Database, settings: StoreSettings) -> None:
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert difference == []


async def test_upgrading_twice_keeps_what_is_stored(db: Database, conversation: NewConversation) -> None:
    await db.upgrade()
    async with db.reading() as tx:
        assert await tx.conversations.get(conversation.id) is not None


async def test_key_file_of_another_database_is_named_at_start(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "hello")
    settings.key_file.unlink()
    stranger = Database(settings, KeyRing.load_or_create(settings.key_file))
    with pytest.raises(StoreError, match="key file that was made with it") as caught:
        await stranger.upgrade()
    assert caught.value.code == "key_mismatch"
    await stranger.close()


def test_two_processes_may_make_the_database_at_once(settings: StoreSettings, keyring: KeyRing) -> None:
    async def start(database: Database) -> int:
        await database.upgrade()
        async with database.transaction() as tx:
            await tx.conversations.create()
            return await tx.catalogue.version()

    assert in_other_processes(settings, keyring, [start] * 4) == [0] * 4


async def test_database_file_is_private(db: Database, settings: StoreSettings) -> None:
    for path in settings.home.glob("attune.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_error_inside_a_transaction_undoes_all_of_it(db: Database, conversation: NewConversation) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await tx.conversations.set_owner(conversation.id, Owner.AGENT, "s_1")
            await tx.inbox.receive(conversation.id, "message-1", "hello")
            raise RuntimeError
    async with db.reading() as tx:
        found = await tx.conversations.get(conversation.id)
        assert found is not None
        assert found.owner == Owner.BOT
        assert await tx.inbox.history(conversation.id) == []


async def test_changes_while_reading_are_thrown_away(db: Database, conversation: NewConversation) -> None:
    async with db.reading() as tx:
        await tx.conversations.set_owner(conversation.id, Owner.AGENT)
    async with db.reading() as tx:
        found = await tx.conversations.get(conversation.id)
    assert found is not None
    assert found.owner == Owner.BOT


async def test_cancelled_transaction_leaves_the_database_free(db: Database, conversation: NewConversation) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with db.transaction() as tx:
            await tx.inbox.receive(conversation.id, "message-1", "hello")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.transaction() as tx:
        assert (await tx.inbox.receive(conversation.id, "message-1", "hello")).created


async def test_database_held_by_another_process_is_busy_and_loses_nothing(
    db: Database, settings: StoreSettings, keyring: KeyRing, conversation: NewConversation
) -> None:
    impatient = Database(settings, keyring, busy_timeout_s=0.1)
    other = sqlite3.connect(settings.home / "attune.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="busy") as caught:
        async with impatient.transaction() as tx:
            await tx.inbox.receive(conversation.id, "message-1", "hello")
    assert caught.value.retryable
    # Readers are never held up by a writer.
    async with impatient.reading() as tx:
        assert await tx.conversations.get(conversation.id) is not None
    other.execute("ROLLBACK")
    other.close()
    async with impatient.transaction() as tx:
        assert (await tx.inbox.receive(conversation.id, "message-1", "hello")).created
    await impatient.close()


async def test_writer_of_the_same_process_waits_its_turn(
    settings: StoreSettings, keyring: KeyRing, db: Database
) -> None:
    impatient = Database(settings, keyring, busy_timeout_s=0.1)
    async with impatient.transaction():
        with pytest.raises(StoreBusy):
            async with impatient.transaction():
                pass
    await impatient.close()


async def test_missing_schema_is_named_with_the_command_that_makes_it(
    settings: StoreSettings, keyring: KeyRing
) -> None:
    database = Database(settings, keyring)
    with pytest.raises(StoreUnavailable, match="attune db upgrade"):
        async with database.reading() as tx:
            await tx.catalogue.version()
    await database.close()


async def test_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path, keyring: KeyRing) -> None:
    (tmp_path / "file").write_text("")
    database = Database(StoreSettings(home=tmp_path / "file" / "home"), keyring)
    with pytest.raises(StoreUnavailable, match="ATTUNE_HOME"):
        await database.upgrade()
    await database.close()


async def test_file_that_is_no_database_is_a_clear_error(settings: StoreSettings, keyring: KeyRing) -> None:
    (settings.home / "attune.db").write_text("This is a diary, not a database. " * 100)
    database = Database(settings, keyring)
    with pytest.raises(StoreUnavailable, match="DatabaseError"):
        await database.upgrade()
    await database.close()


async def test_database_of_a_newer_version_is_not_touched(db: Database, settings: StoreSettings) -> None:
    with sqlite3.connect(settings.home / "attune.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreUnavailable, match="another version") as caught:
        await db.upgrade()
    assert caught.value.code == "schema_unknown"


async def test_row_that_breaks_a_rule_is_a_conflict_without_its_content(db: Database) -> None:
    with pytest.raises(AlreadyExists) as caught:
        async with db.transaction() as tx:
            tx.conversations._session.add(
                ConversationRow(
                    id="c_1", customer_id="nobody", channel="web", owner="bot", last_seq=0, created_at=datetime.now(UTC)
                )
            )
    assert caught.value.code == "conflict"
    assert "nobody" not in str(caught.value)


async def test_id_that_is_not_unicode_is_refused(db: Database) -> None:
    with pytest.raises(StoreError) as caught:
        async with db.reading() as tx:
            await tx.conversations.get("c_\ud800")
    assert caught.value.code == "text_invalid"


def test_settings_take_paths_from_home_and_make_them_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_HOME", "data")
    settings = StoreSettings()
    assert settings.home == tmp_path / "data"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/attune.db"
    assert settings.key_file == tmp_path / "data" / "keys.json"
    assert settings.media_dir == tmp_path / "data" / "media"
    assert settings.media_ttl_s == 300


async def test_going_back_to_the_version_before_and_up_again_keeps_turns_and_forgets_the_new_signals(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    decision = Decision(Mode.SLOW, offers_allowed=True, escalate=False, reason="Frustration is 40.")
    state = CustomerState(40.0, 5.0, StateName.CALM, 0.5, 1)
    async with db.transaction() as tx:
        await tx.assessments.save(Assessment(conversation.id, "message-1", state=state), decision)
        await tx.baselines.put(conversation.id, {"turns": 1})
        await tx.frames.add(conversation.id, "message-2", "media-1")
        await tx.behaviour.offer_help(conversation.id, "batch-1")
        said = Verdict(conversation.id, "message-1", Author.CUSTOMER, conversation.customer_id, Perceived.LESS_UPSET)
        await tx.verdicts.put(said)
        # As the version before stored them: without what has come since.
        row = await tx._session.scalar(select(AssessmentRow))
        assert row is not None
        raw = await tx.vault.open(row.sealed, "assessment")
        raw["state"] = {name: raw["state"][name] for name in ("frustration", "trend", "name", "confidence", "turns")}
        raw["decision"] = {name: value for name, value in raw["decision"].items() if not name.startswith("clarif")}
        del raw["explanations"]
        row.sealed = tx._sealer.seal(raw, "assessment")
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, "0003")
    await asyncio.to_thread(migrate, settings, keyring, "head")
    again = Database(settings, keyring)
    await again.upgrade()
    async with again.reading() as tx:
        stored = await tx.assessments.get(conversation.id, "message-1")
        assert stored is not None and stored.assessment.state == state and stored.decision == decision
        assert await tx.baselines.get(conversation.id) is None
        assert await tx.frames.of_message(conversation.id, "message-2") == ()
        assert not await tx.behaviour.help_was_offered(conversation.id) and await tx.verdicts.recent() == []
    await again.close()
