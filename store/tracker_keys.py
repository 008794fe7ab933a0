"""The conversations' keys in the assistant's database, from outside, while the assistant runs (bot/stores)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from privacy import DataKey, DecryptionError, KeyRing
from store.tracker_db import PURPOSE, key_of, opened, table_names, writing

_BATCH: Final = 200


class TrackerKeys:
    """All methods block: call them from a worker thread. A file that is not there, or has no such tables, is empty."""

    def __init__(self, path: Path, keyring: KeyRing, *, busy_timeout_s: float = 10.0) -> None:
        self._path = path
        self._keyring = keyring
        self._busy_timeout_s = busy_timeout_s

    def count_named(self, key_id: str) -> dict[str, int]:
        """How many keys and events a key of the ring sealed, by table. Raises: StoreError."""
        with self._open() as db:
            return {} if db is None else _count_named(db, KeyRing.mark(key_id))

    def reseal(self) -> tuple[int, int]:
        """Seal every conversation's key by the ring's current key, and what the ring sealed itself by a key of its
        conversation. Gives the number of keys and of events; what does not open stays. Raises: StoreError."""
        with self._open() as db:
            if db is None:
                return 0, 0
            keys, events = self._reseal_keys(db), 0
            after: int | None = 0
            while after is not None:
                with writing(db):
                    after, count = self._reseal_events(db, after)
                events += count
            return keys, events

    @contextmanager
    def held(self, key_id: str) -> Iterator[dict[str, int]]:
        """What this older key of the ring seals, with nothing that opens among it, while nobody else can write.

        Raises: StoreError.
        """
        with self._open() as db:
            if db is None:
                yield {}
                return
            with writing(db):
                self._reseal_keys(db)
                after: int | None = 0
                while after is not None:
                    after, _ = self._reseal_events(db, after)
                yield _count_named(db, KeyRing.mark(key_id))

    def _reseal_keys(self, db: sqlite3.Connection) -> int:
        count = 0
        for sender, key_id, wrapped in db.execute("SELECT sender_id, key_id, wrapped FROM attune_keys").fetchall():
            try:
                resealed = self._keyring.resealed(wrapped, purpose=f"data-key:{key_id}")
            except DecryptionError:
                continue
            if resealed is not None:
                # A conversation that was erased meanwhile is not brought back.
                count += db.execute(
                    "UPDATE attune_keys SET wrapped = ? WHERE sender_id = ? AND wrapped = ?",
                    (resealed, sender, wrapped),
                ).rowcount
        return count

    def _reseal_events(self, db: sqlite3.Connection, after: int) -> tuple[int | None, int]:
        prefix = f"{KeyRing.PREFIX}:"
        rows = db.execute(
            "SELECT id, sender_id, data FROM events WHERE id > ? AND substr(data, 1, ?) = ? ORDER BY id LIMIT ?",
            (after, len(prefix), prefix, _BATCH),
        ).fetchall()
        keys: dict[str, DataKey] = {}
        count = 0
        for number, sender, data in rows:
            try:
                event = self._keyring.decrypt(data, purpose=PURPOSE)
            except DecryptionError:
                continue
            if sender not in keys:
                keys[sender] = self._key(db, sender)
            sealed = keys[sender].encrypt(event, purpose=PURPOSE)
            db.execute("UPDATE events SET data = ? WHERE id = ?", (sealed, number))
            count += 1
        return (int(rows[-1][0]) if rows else None), count

    def _key(self, db: sqlite3.Connection, sender: str) -> DataKey:
        found = key_of(db, self._keyring, sender)
        if found is not None:
            return found
        key = DataKey.new()
        db.execute(
            "INSERT INTO attune_keys (sender_id, key_id, wrapped) VALUES (?, ?, ?)",
            (sender, key.id, key.wrap(self._keyring)),
        )
        return key

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        if not self._path.exists():
            yield None
            return
        with opened(self._path, self._busy_timeout_s) as db:
            has_events = "events" in table_names(db)
            if has_events:
                db.execute(
                    "CREATE TABLE IF NOT EXISTS attune_keys (sender_id VARCHAR(255) NOT NULL PRIMARY KEY, "
                    "key_id VARCHAR(64) NOT NULL, wrapped TEXT NOT NULL)"
                )
            yield db if has_events else None


def _count_named(db: sqlite3.Connection, mark: str) -> dict[str, int]:
    counts = {}
    for table, column in (("attune_keys", "wrapped"), ("events", "data")):
        query = f"SELECT count(*) FROM {table} WHERE substr({column}, 1, ?) = ?"  # noqa: S608 - the two above
        number = int(db.execute(query, (len(mark), mark)).fetchone()[0])
        if number:
            counts[f"tracker.{table}"] = number
    return counts
