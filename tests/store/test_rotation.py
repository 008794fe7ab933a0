"""Keys change and go while other processes write and read."""

import asyncio
import json
import multiprocessing
import sqlite3
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any

import pytest

from privacy import DataKey, DecryptionError, KeyFileError, KeyRing
from store import Database, KeyInUse, MediaStore, NewConversation, Rotation, StoreSettings
from tests.store.test_own_keys import check, fill

ROOT = Path(__file__).resolve().parents[2]


def tracker(settings: StoreSettings, keyring: KeyRing) -> None:
    """A tracker database with an event of each age: in clear, by the ring, by its conversation's key."""
    key = DataKey.new()
    with sqlite3.connect(settings.tracker_db) as db:
        db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        db.execute("CREATE TABLE attune_keys (sender_id TEXT PRIMARY KEY, key_id TEXT NOT NULL, wrapped TEXT NOT NULL)")
        db.execute("INSERT INTO attune_keys VALUES ('c_1', ?, ?)", (key.id, key.wrap(keyring)))
        for sender, data in (
            ("c_1", '{"event": "clear"}'),
            ("c_1", keyring.encrypt(b'{"event": "ring"}', purpose="tracker")),
            ("c_1", key.encrypt(b'{"event": "own"}', purpose="tracker")),
            ("c_2", keyring.encrypt(b'{"event": "other"}', purpose="tracker")),
        ):
            db.execute("INSERT INTO events (sender_id, data) VALUES (?, ?)", (sender, data))
    db.close()


def remembered(settings: StoreSettings, keyring: KeyRing) -> list[str]:
    """The events in order, opened as the assistant does."""
    with sqlite3.connect(settings.tracker_db) as db:
        rows = db.execute(
            "SELECT data, key_id, wrapped FROM events LEFT JOIN attune_keys USING (sender_id) ORDER BY id"
        ).fetchall()
    db.close()
    found = []
    for data, key_id, wrapped in rows:
        if data.startswith("attune2:"):
            data = DataKey.unwrap(key_id, wrapped, keyring).decrypt(data, purpose="tracker").decode()
        found.append(json.loads(data)["event"])
    return found


async def test_after_a_rotation_and_a_retirement_everything_opens_with_the_new_key_alone(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    await fill(db, conversation)
    tracker(settings, keyring)
    rotation = Rotation(settings, keyring, db)
    assert set(await rotation.named("k1")) == {"person_keys.wrapped", "tracker.attune_keys", "tracker.events"}

    rotated = await rotation.rotate()

    assert (rotated.key, rotated.added) == ("k2", True)
    assert (rotated.resealed.people, rotated.resealed.conversations, rotated.resealed.events) == (3, 1, 2)
    assert await rotation.named("k1") == {}
    retired = await rotation.retire("k1")
    assert retired.damaged == {}
    fresh = KeyRing.load_or_create(settings.key_file)
    assert list(fresh.content.keys) == ["k2"]
    again = Database(settings, fresh)
    await again.upgrade()
    await check(again, conversation)
    assert remembered(settings, fresh) == ["clear", "ring", "own", "other"]
    async with again.reading() as tx:
        assert [entry.act for entry in await tx.audit.entries()] == ["keys.retire", "keys.rotate"]
        assert (await tx.audit.verify()).ok
    await again.close()


async def test_a_key_that_opens_a_recording_stays_until_the_recording_is_gone(
    db: Database, settings: StoreSettings, keyring: KeyRing
) -> None:
    media = MediaStore(settings.media_dir, keyring)
    media_id = media.put_bytes(b"a voice")
    rotation = Rotation(settings, keyring, db)
    await rotation.rotate()
    with pytest.raises(KeyInUse, match="1 in media"):
        await rotation.retire("k1")
    assert media.get_bytes(media_id) == b"a voice"
    media.delete(media_id)
    await rotation.retire("k1")


async def test_a_value_that_nothing_seals_anew_keeps_its_key(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    async with db.transaction() as tx:
        await tx.orders.add_complaint(conversation.id, "It broke.")
    old = keyring.encrypt(b'"It broke."', purpose="complaint")
    with sqlite3.connect(settings.home / "attune.db") as raw:
        raw.execute("UPDATE complaints SET sealed = ?", (old,))
    raw.close()
    rotation = Rotation(settings, keyring, db)
    await rotation.rotate()
    with pytest.raises(KeyInUse, match=r"1 in complaints\.sealed"):
        await rotation.retire("k1")
    assert KeyRing.load_or_create(settings.key_file).decrypt(old, purpose="complaint") == b'"It broke."'


async def test_damaged_values_are_counted_and_hold_nothing_up(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    await fill(db, conversation)
    tracker(settings, keyring)
    with sqlite3.connect(settings.home / "attune.db") as raw:
        raw.execute("UPDATE person_keys SET wrapped = substr(wrapped, 1, 30) WHERE owner = 'not-stored'")
    with sqlite3.connect(settings.tracker_db) as raw:
        raw.execute("UPDATE events SET data = substr(data, 1, 30) WHERE id = 2")
    raw.close()
    rotation = Rotation(settings, keyring, db)
    rotated = await rotation.rotate()
    assert (rotated.resealed.people, rotated.resealed.events) == (2, 1)
    assert (await rotation.retire("k1")).damaged == {"person_keys.wrapped": 1, "tracker.events": 1}


async def test_the_current_key_is_not_dropped(db: Database, settings: StoreSettings, keyring: KeyRing) -> None:
    with pytest.raises(KeyFileError, match="current"):
        await Rotation(settings, keyring, db).retire("k1")
    async with db.reading() as tx:
        assert await tx.audit.entries() == []


def _write_and_read(home: str, conversation_id: str, name: str, stop: Any, done: Any) -> None:
    """A process of its own, as the web process is: writes, reads everything back, opens media; no error allowed."""

    async def run() -> int:
        settings = StoreSettings(home=Path(home))
        keyring = settings.keyring()
        db = Database(settings, keyring, busy_timeout_s=30)
        media = MediaStore(settings.media_dir, keyring)
        number = 0
        while not stop.is_set():
            async with db.transaction() as tx:
                await tx.inbox.receive(conversation_id, f"{name}-message-{number}", f"{name} {number} a@b.example")
                guest = await tx.conversations.create()
                await tx.inbox.receive(guest.id, "message-of-guest", "hello")
            media_id = media.put_bytes(b"sound")
            assert media.get_bytes(media_id) == b"sound"
            media.delete(media_id)
            number += 1
            if number == 1:
                done.put(0)
            async with db.reading() as tx:
                texts = {message.text for message in await tx.inbox.history(conversation_id, limit=100_000)}
                assert {f"{name} {one} a@b.example" for one in range(number)} <= texts
        await db.close()
        return number

    done.put(asyncio.run(run()))


async def test_other_processes_write_and_read_while_keys_come_and_go(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    context = multiprocessing.get_context("spawn")
    stop, done = context.Event(), context.Queue()
    workers = [
        context.Process(target=_write_and_read, args=(str(settings.home), conversation.id, name, stop, done))
        for name in ("one", "two")
    ]
    for worker in workers:
        worker.start()
    patient = Database(settings, keyring, busy_timeout_s=30)
    rotation = Rotation(settings, keyring, patient)
    try:
        for _ in workers:
            assert await asyncio.to_thread(done.get, timeout=60) == 0
        for _ in range(3):
            before = keyring.current
            await rotation.rotate()
            await _retire(rotation, before)
    finally:
        stop.set()
    for worker in workers:
        await asyncio.to_thread(worker.join, 60)
        assert worker.exitcode == 0
    counts = [done.get(timeout=5) for _ in workers]
    assert keyring.current == "k4" and list(keyring.content.keys) == ["k4"]
    fresh = Database(settings, KeyRing.load_or_create(settings.key_file))
    async with fresh.reading() as tx:
        assert len(await tx.inbox.history(conversation.id, limit=100_000)) == sum(counts)
    await fresh.close()
    await patient.close()


async def _retire(rotation: Rotation, key_id: str) -> None:
    for _ in range(100):
        try:
            await rotation.retire(key_id)
            return
        except KeyInUse as err:
            # A recording of that very moment; everything else is held while the key goes.
            assert "in media" in str(err) and "person_keys" not in str(err)
            await asyncio.sleep(0.05)
    raise AssertionError("recordings of a moment hold a key for ever")


ASSISTANT = """
import asyncio, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from bot.stores.encrypted import AttuneTrackerStore

domain = Domain.from_dict({"intents": ["greet"]})
store = AttuneTrackerStore(domain, db=sys.argv[1], key_file=sys.argv[2])

async def turn(sender, text):
    tracker = await store.retrieve(sender) or DialogueStateTracker.from_events(sender, [SessionStarted()])
    tracker.update_with_events([UserUttered(text, metadata={"message_id": text})], domain)
    await store.save(tracker)
    found = await store.retrieve(sender)
    return [event.text for event in found.events if isinstance(event, UserUttered)]

print("ready", flush=True)
for number, line in enumerate(sys.stdin):
    said = [asyncio.run(turn(sender, f"turn-{number}")) for sender in ("c_1", f"c_new_{number}")]
    print(len(said[0]), len(said[1]), flush=True)
"""


@pytest.mark.processes
async def test_the_assistant_goes_on_while_keys_come_and_go(
    db: Database, settings: StoreSettings, keyring: KeyRing
) -> None:
    command = [str(ROOT / ".venvs/rasa/bin/python"), "-c", ASSISTANT, str(settings.tracker_db), str(settings.key_file)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    assert process.stdin is not None and process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n"
        rotation = Rotation(settings, keyring, db)
        for number in range(4):
            process.stdin.write(b"turn\n")
            if number % 2:
                # While the turn is written.
                before = keyring.current
                await rotation.rotate()
                await rotation.retire(before)
            assert await process.stdout.readline() == f"{number + 1} 1\n".encode()
    finally:
        process.stdin.close()
        await process.wait()
    with sqlite3.connect(settings.tracker_db) as raw:
        wrapped = [row[0] for row in raw.execute("SELECT wrapped FROM attune_keys")]
        data = [row[0] for row in raw.execute("SELECT data FROM events")]
    raw.close()
    assert len(wrapped) == 5
    for sealed in wrapped:
        with pytest.raises(DecryptionError):
            KeyRing.load_or_create(settings.home / "stranger.json").decrypt(sealed, purpose="data-key")
    assert all(one.startswith("attune2:k_") for one in data)
