"""The assistant's own memory of dialogues, from outside: counted, read, forgotten, while the assistant runs.

The file belongs to the tracker store in bot/stores/. Every table there that has a column `sender_id` is one
conversation's; what else there is belongs to nobody. A conversation that is forgotten stays refused for an hour, so
that a turn that is under way cannot write it back.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from privacy import DataKey, DecryptionError, KeyRing, key_id_of
from store.compaction import compact_sqlite
from store.errors import StoreUnavailable
from store.tracker_db import PURPOSE, key_of, opened, table_names, writing

REFUSED_FOR_S: Final = 3600.0
"""Longer than any turn: the assistant gives one 20 s."""
_REFUSED: Final = "attune_erased"
_CHUNK: Final = 500
_MANNER: Final = {"attune_mode": "neutral", "attune_escalate": False, "attune_clarify": False}
"""The assistant's slots that a reading sets, and what they say without one."""


def refused_mark(sender: str) -> str:
    """What is kept of a forgotten conversation's id for that hour."""
    return hashlib.sha256(f"erased\0{sender}".encode("utf-8", "surrogatepass")).hexdigest()


class TrackerFile:
    """All methods block: call them from a worker thread. A file that is not there holds nothing."""

    def __init__(self, path: Path, keyring: KeyRing, *, busy_timeout_s: float = 10.0) -> None:
        self._path = path
        self._keyring = keyring
        self._busy_timeout_s = busy_timeout_s

    def count(self, senders: Iterable[str]) -> int:
        """How many events of these conversations are stored. Raises: StoreError."""
        if not self._path.exists():
            return 0
        with self._open() as db:
            if "events" not in table_names(db):
                return 0
            return sum(
                db.execute(f"SELECT count(*) FROM events WHERE sender_id IN ({_marks(part)})", part).fetchone()[0]  # noqa: S608 - only "?"
                for part in _parts(senders)
            )

    def events(self, sender: str) -> list[Any]:
        """What the assistant remembers of one conversation, in order. Raises: StoreError, PrivacyError."""
        if not self._path.exists():
            return []
        with self._open() as db:
            if "events" not in table_names(db):
                return []
            rows = db.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (sender,)).fetchall()
            key = key_of(db, self._keyring, sender)
        return [self._opened(str(data), key) for (data,) in rows]

    def forget(self, senders: Iterable[str]) -> int:
        """Delete conversations and refuse them from now on; gives the number of events. Raises: StoreError."""
        senders = tuple(senders)
        if not self._path.exists() or not senders:
            return 0
        now, events = time.time(), 0
        with self._open() as db, writing(db):
            db.execute(
                f"CREATE TABLE IF NOT EXISTS {_REFUSED} (fingerprint VARCHAR(64) PRIMARY KEY, at FLOAT NOT NULL)"
            )
            db.executemany(
                f"INSERT OR REPLACE INTO {_REFUSED} (fingerprint, at) VALUES (?, ?)",  # noqa: S608 - a constant
                [(refused_mark(sender), now) for sender in senders],
            )
            for table in _of_senders(db):
                for part in _parts(senders):
                    deleted = db.execute(f'DELETE FROM "{table}" WHERE sender_id IN ({_marks(part)})', part)  # noqa: S608
                    events += deleted.rowcount if table == "events" else 0
        return events

    def forget_manner(self, senders: Iterable[str]) -> int:
        """Take out of conversations how the assistant was to speak because of a reading; gives the number of events.

        In place: the assistant counts a conversation's events. What does not open is left. Raises: StoreError.
        """
        senders = tuple(senders)
        if not self._path.exists() or not senders:
            return 0
        with self._open() as db:
            if "events" not in table_names(db):
                return 0
            with writing(db):
                return sum(self._neutral(db, sender) for sender in senders)

    def _neutral(self, db: sqlite3.Connection, sender: str) -> int:
        rows = db.execute(
            "SELECT id, action_name, data FROM events WHERE sender_id = ? AND type_name = 'slot' "  # noqa: S608 - only "?"
            f"AND action_name IN ({_marks(tuple(_MANNER))})",
            (sender, *_MANNER),
        ).fetchall()
        key, count = key_of(db, self._keyring, sender) if rows else None, 0
        for number, slot, data in rows:
            try:
                event = self._opened(str(data), key)
            except DecryptionError:
                continue
            if event.get("value") in (None, _MANNER[slot]):
                continue
            plain = json.dumps({**event, "value": _MANNER[slot]}).encode()
            sealed = (key or self._keyring).encrypt(plain, purpose=PURPOSE)
            db.execute("UPDATE events SET data = ? WHERE id = ?", (sealed, number))
            count += 1
        return count

    def senders(self) -> set[str]:
        """Every conversation that is stored. Raises: StoreError."""
        if not self._path.exists():
            return set()
        with self._open() as db:
            return {
                str(sender)
                for table in _of_senders(db)
                for (sender,) in db.execute(f'SELECT DISTINCT sender_id FROM "{table}"')  # noqa: S608
            }

    def idle_since(self, before: float) -> dict[str, float]:
        """Conversations whose last event is older, with its time (seconds since 1970). Raises: StoreError."""
        if not self._path.exists():
            return {}
        with self._open() as db:
            if "events" not in table_names(db):
                return {}
            query = "SELECT sender_id, max(timestamp) FROM events GROUP BY sender_id HAVING max(timestamp) < ?"
            return {str(sender): float(last) for sender, last in db.execute(query, (before,))}

    def drop_refusals(self) -> int:
        """Forget that conversations were forgotten, after the hour; gives the number. Raises: StoreError."""
        if not self._path.exists():
            return 0
        with self._open() as db:
            if _REFUSED not in table_names(db):
                return 0
            with writing(db):
                oldest = time.time() - REFUSED_FOR_S
                return db.execute(f"DELETE FROM {_REFUSED} WHERE at < ? OR at > ?", (oldest, time.time() + 60)).rowcount  # noqa: S608

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty its journal. Raises: StoreError."""
        if not self._path.exists():
            return
        try:
            compact_sqlite(self._path)
        except sqlite3.Error as err:
            raise StoreUnavailable(
                f"{self._path} cannot be written anew ({type(err).__name__}); expected free disk space of its own size."
            ) from None

    def _opened(self, data: str, key: DataKey | None) -> Any:
        if not data.startswith("attune"):
            # From before the store was encrypted.
            return json.loads(data)
        if key_id_of(data) is None:
            # From before each conversation had a key of its own.
            return json.loads(self._keyring.decrypt(data, purpose=PURPOSE))
        if key is None:
            raise DecryptionError("the conversation's key is not in tracker.db: it was erased.", code="key_destroyed")
        return json.loads(key.decrypt(data, purpose=PURPOSE))

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self._path, self._busy_timeout_s)


def _tables(db: sqlite3.Connection) -> dict[str, set[str]]:
    return {name: {str(row[1]) for row in db.execute(f'PRAGMA table_info("{name}")')} for name in table_names(db)}


def _of_senders(db: sqlite3.Connection) -> list[str]:
    return [name for name, columns in _tables(db).items() if "sender_id" in columns]


def _parts(values: Iterable[str]) -> Iterator[Sequence[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def _marks(part: Sequence[str]) -> str:
    return ",".join("?" * len(part))
