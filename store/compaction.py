"""A SQLite file written anew without what was deleted from it, while others use it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from store.errors import StoreBusy

_PAUSE_S = 0.05


def compact_sqlite(path: Path, *, within_s: float = 20.0) -> None:
    """Rebuild the file and empty its journal; other connections may read and write before and after. Blocks.

    Raises: StoreBusy if others leave no moment free; sqlite3.Error.
    """
    with closing(sqlite3.connect(path, timeout=within_s, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete = ON")
        deadline = time.monotonic() + within_s
        while not _done(db):
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{path.name} was in use for {within_s:g} s without a pause, so what was deleted may still lie in "
                    "its journal. Try again."
                )
            time.sleep(_PAUSE_S)


def _done(db: sqlite3.Connection) -> bool:
    try:
        db.execute("VACUUM")
        # The journal can be emptied only while nobody reads an older state of the file.
        return bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except sqlite3.OperationalError as err:
        if "locked" in str(err) or "busy" in str(err):
            return False
        raise
