"""The assistant's database, opened from outside while the assistant runs. The file belongs to bot/stores/."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from privacy import DataKey, KeyRing
from store.errors import StoreBusy, StoreUnavailable

PURPOSE: Final = "tracker"
"""What the assistant's events are sealed for."""


@contextmanager
def opened(path: Path, busy_timeout_s: float) -> Iterator[sqlite3.Connection]:
    """A connection that overwrites what it deletes. Raises: StoreBusy, StoreUnavailable."""
    try:
        connection = sqlite3.connect(
            path,
            timeout=busy_timeout_s,
            isolation_level=None,
            # Held from one worker thread, let go from another; never used by two at once.
            check_same_thread=False,
        )
        with closing(connection) as db:
            db.execute("PRAGMA secure_delete = ON")
            yield db
    except sqlite3.Error as err:
        if "locked" in str(err) or "busy" in str(err):
            raise StoreBusy(f"{path.name} was locked for {busy_timeout_s:g} s. Try again.") from None
        raise StoreUnavailable(
            f"{path} cannot be used ({type(err).__name__}); expected the assistant's database."
        ) from None


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction, alone among all writers from its beginning."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def table_names(db: sqlite3.Connection) -> list[str]:
    """The tables that the file has."""
    return [str(name) for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def key_of(db: sqlite3.Connection, keyring: KeyRing, sender: str) -> DataKey | None:
    """The conversation's key; None where it has none. Raises: PrivacyError."""
    if "attune_keys" not in table_names(db):
        return None
    row = db.execute("SELECT key_id, wrapped FROM attune_keys WHERE sender_id = ?", (sender,)).fetchone()
    return None if row is None else DataKey.unwrap(str(row[0]), str(row[1]), keyring)
