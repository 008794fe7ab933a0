"""The tracker store and its key file."""

import base64
import hashlib
import json
import sqlite3
import stat
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.encrypted import AttuneTrackerStore
from bot.stores.keys import KeyFile, KeyFileError
from bot.stores.sender_keys import TrackerErasedError

DOMAIN = Domain.from_dict({"intents": ["greet"]})


def store_in(folder: Path) -> AttuneTrackerStore:
    return AttuneTrackerStore(DOMAIN, db=str(folder / "tracker.db"), key_file=str(folder / "keys.json"))


def turn(message_id: str, text: str = "hi") -> list:
    said = UserUttered(text, {"name": "greet", "confidence": 1.0}, metadata={"message_id": message_id})
    return [said, ActionExecuted("utter_hello"), BotUttered(f"re {text}"), ActionExecuted("action_listen")]


async def extend(store: AttuneTrackerStore, *events: object) -> DialogueStateTracker:
    tracker = await store.retrieve("c_1") or DialogueStateTracker.from_events("c_1", [])
    tracker.update_with_events(list(events), DOMAIN)
    await store.save(tracker)
    return tracker


async def test_what_is_saved_is_retrieved(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    saved = await extend(store, SessionStarted(), *turn("m1"))
    saved_again = await extend(store, *turn("m2"))

    found = await store.retrieve("c_1")

    assert found is not None and list(found.events) == list(saved_again.events)
    assert len(saved.events) == 5
    assert await store.retrieve("c_2") is None
    assert list(await store.keys()) == ["c_1"]


async def test_only_intents_and_actions_are_readable(tmp_path: Path) -> None:
    await extend(store_in(tmp_path), SessionStarted(), *turn("m1", "I am Rosalind"))

    with sqlite3.connect(str(tmp_path / "tracker.db")) as connection:
        rows = connection.execute("select type_name, intent_name, action_name, data from events").fetchall()

    assert [row[:3] for row in rows][1:3] == [("user", "greet", None), ("action", None, "utter_hello")]
    assert all(row[3].startswith("attune2:k_") and "Rosalind" not in row[3] for row in rows)


async def test_only_the_current_session_is_retrieved_even_if_the_clock_steps_back(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await extend(store, SessionStarted(timestamp=100.0), *turn("m1"))
    await extend(store, SessionStarted(timestamp=50.0), *turn("m2"))

    current, full = await store.retrieve("c_1"), await store.retrieve_full_tracker("c_1")

    assert current is not None and full is not None
    assert [event.type_name for event in current.events].count("user") == 1
    assert len(full.events) == 10


async def test_a_turn_is_found_by_its_message_id_in_any_session(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await extend(store, SessionStarted(), *turn("m1", "one"))
    await extend(store, *turn("m2", "two"))
    await extend(store, SessionStarted(), *turn("m3", "three"))

    texts = [event.text for event in store.turn_events("c_1", "m2") or [] if isinstance(event, BotUttered)]

    assert texts == ["re two"]
    assert store.turn_events("c_1", "m4") is None
    assert store.turn_events("c_2", "m2") is None


async def test_rows_of_the_stock_store_stay_readable(tmp_path: Path) -> None:
    stock = SQLTrackerStore(DOMAIN, db=str(tmp_path / "tracker.db"))
    await stock.save(DialogueStateTracker.from_events("c_1", [SessionStarted(), *turn("m1", "old")]))

    found = await store_in(tmp_path).retrieve("c_1")

    assert found is not None and found.latest_message is not None and found.latest_message.text == "old"


async def test_rows_that_the_key_file_itself_sealed_stay_readable_beside_new_ones(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await extend(store, SessionStarted(), *turn("m1", "old"))
    keys = KeyFile(tmp_path / "keys.json")
    with sqlite3.connect(str(tmp_path / "tracker.db")) as db:
        event = UserUttered("older still", {"name": "greet", "confidence": 1.0}).as_dict()
        sealed = keys.encrypt(json.dumps(event).encode(), purpose="tracker")
        db.execute("update events set data = ? where id = 2", (sealed,))
    await extend(store, *turn("m2", "new"))

    found = await store.retrieve("c_1")

    assert found is not None
    assert [one.text for one in found.events if isinstance(one, UserUttered)] == ["older still", "new"]


async def test_each_conversation_has_a_key_of_its_own_and_without_it_is_lost(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for sender in ("c_1", "c_2"):
        tracker = DialogueStateTracker.from_events(sender, [SessionStarted(), *turn("m1")])
        await store.save(tracker)
    with sqlite3.connect(str(tmp_path / "tracker.db")) as db:
        assert len({row[0] for row in db.execute("select key_id from attune_keys")}) == 2
        db.execute("delete from attune_keys where sender_id = 'c_1'")

    assert await store.retrieve("c_2") is not None
    with pytest.raises(KeyFileError, match="erased"):
        await store.retrieve("c_1")
    with pytest.raises(KeyFileError, match="erased"):
        store.turn_events("c_1", "m1")


async def test_an_erased_conversation_is_not_written_back(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    tracker = await extend(store, SessionStarted(), *turn("m1"))
    mark = hashlib.sha256(b"erased\0c_1").hexdigest()
    with sqlite3.connect(str(tmp_path / "tracker.db")) as db:
        for table in ("events", "attune_turns", "attune_keys"):
            db.execute(f"delete from {table}")
        db.execute("insert into attune_erased values (?, 0)", (mark,))
    tracker.update_with_events(turn("m2"), DOMAIN)

    with pytest.raises(TrackerErasedError):
        await store.save(tracker)

    with sqlite3.connect(str(tmp_path / "tracker.db")) as db:
        tables = ("events", "attune_turns", "attune_keys")
        assert [db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables] == [0, 0, 0]


async def test_what_is_deleted_is_overwritten_in_the_file(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await extend(store, SessionStarted(), *turn("m1"))
    with store.session_scope() as session:
        assert session.connection().exec_driver_sql("pragma secure_delete").scalar() == 1


async def test_without_the_right_key_nothing_is_read(tmp_path: Path) -> None:
    await extend(store_in(tmp_path), SessionStarted(), *turn("m1"))
    (tmp_path / "keys.json").unlink()

    with pytest.raises(KeyFileError, match="does not open"):
        await store_in(tmp_path).retrieve("c_1")


def test_a_store_without_a_key_file_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="key_file"):
        AttuneTrackerStore(DOMAIN, db=str(tmp_path / "tracker.db"))


def test_database_and_key_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    store_in(tmp_path)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("tracker.db", "keys.json")]
    assert modes == [0o600, 0o600]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    KeyFile.load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyFile(path)


def test_a_new_key_is_read_when_a_value_names_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    early = KeyFile.load_or_create(path)
    raw = json.loads(path.read_text())
    raw["keys"]["k2"] = base64.b64encode(b"k" * 32).decode()
    path.write_text(json.dumps({**raw, "current": "k2"}))

    envelope = KeyFile(path).encrypt(b"words", purpose="tracker")

    assert envelope.startswith("attune1:k2:")
    assert early.decrypt(envelope, purpose="tracker") == b"words"


def test_a_rotated_file_is_used_for_the_next_value(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    early = KeyFile.load_or_create(path)
    raw = json.loads(path.read_text())
    raw["keys"]["k2"] = base64.b64encode(b"k" * 32).decode()
    (tmp_path / "new").write_text(json.dumps({**raw, "current": "k2"}))
    (tmp_path / "new").chmod(0o600)
    (tmp_path / "new").replace(path)

    assert early.encrypt(b"words", purpose="tracker").startswith("attune1:k2:")


def test_keys_come_from_the_environment_or_a_command_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "keys.json", tmp_path / "other.json"
    sealed = KeyFile.load_or_create(other).encrypt(b"words", purpose="tracker")
    monkeypatch.setenv("ATTUNE_KEY_COMMAND", f"cat '{other}'")
    assert KeyFile.from_environment(path).decrypt(sealed, purpose="tracker") == b"words"
    monkeypatch.setenv("ATTUNE_KEYS", other.read_text())
    monkeypatch.setenv("ATTUNE_KEY_COMMAND", "false")
    assert KeyFile.from_environment(path).decrypt(sealed, purpose="tracker") == b"words"
    assert not path.exists()
    monkeypatch.delenv("ATTUNE_KEYS")
    with pytest.raises(KeyFileError, match="ATTUNE_KEY_COMMAND failed"):
        KeyFile.from_environment(path)


def test_another_purpose_does_not_open_a_value(tmp_path: Path) -> None:
    keys = KeyFile.load_or_create(tmp_path / "keys.json")
    with pytest.raises(KeyFileError):
        keys.decrypt(keys.encrypt(b"words", purpose="media"), purpose="tracker")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"current": "k1", "keys": {}}', '{"current": "k1", "keys": {"k1": "AA=="}}']
)
def test_a_file_that_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        KeyFile(path)
