"""How much tampering `attune audit verify` finds: single bytes, removed entries and swapped ones, each undone again."""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from store import AuditReport, Database, StoreSettings

COLUMNS: Final = ("number", "at", "actor", "act", "purpose", "subject", "details", "previous", "hash")
KINDS: Final = ("byte", "removed", "swapped")
_INSERT: Final = f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608

Row = tuple[Any, ...]


class AuditBenchError(Exception):
    """The measurement itself is wrong: a chain that nobody touched is not whole."""

    code = "audit_bench"


def bench_audit(tamperings: int, entries: int, seed: int) -> dict[str, Any]:
    """Sampled with replacement, evenly over the kinds; each is undone, and the chain checked whole, before the next."""
    return asyncio.run(_run(tamperings, entries, random.Random(seed)))


async def _run(tamperings: int, entries: int, chance: random.Random) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="attune-audit-") as folder:
        settings = StoreSettings(home=Path(folder), database_url="")
        db = Database(settings, settings.keyring())
        try:
            await db.upgrade()
            await _fill(db, entries, chance)
            return await _tamper(db, settings.home / "attune.db", tamperings, chance)
        finally:
            await db.close()


async def _fill(db: Database, entries: int, chance: random.Random) -> None:
    for number in range(entries):
        subject = chance.choice((None, f"p_{number % 7:022}"))
        async with db.transaction() as tx:
            await tx.audit.add(
                f"a_{number % 5:022}", "case.view", subject=subject, purpose="an answer", details={"n": number}
            )


async def _tamper(db: Database, path: Path, tamperings: int, chance: random.Random) -> dict[str, Any]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    _disarm(connection)
    whole = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY number").fetchall()  # noqa: S608
    tried, found, exact = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0), 0
    missed: list[str] = []
    seconds = 0.0
    for step in range(tamperings):
        kind = KINDS[step % len(KINDS)]
        changed, first, what = _CHANGES[kind](whole, chance)
        _store(connection, changed)
        began = time.perf_counter()
        report = await _checked(db)
        seconds += time.perf_counter() - began
        tried[kind] += 1
        found[kind] += not report.ok
        exact += report.first_bad == first
        if report.ok:
            missed.append(what)
        _store(connection, whole)
        untouched = await _checked(db)
        if not untouched.ok:
            raise AuditBenchError(f"the chain is not whole after {what} was undone: {untouched.problem}.")
    connection.close()
    return {
        "tamperings": tamperings,
        "found": sum(found.values()),
        "found_share": sum(found.values()) / tamperings if tamperings else 1.0,
        "first_bad_exact": exact,
        "entries": len(whole),
        "by_kind": {kind: {"tried": tried[kind], "found": found[kind]} for kind in KINDS},
        "missed": missed[:10],
        "verify_ms": seconds / max(tamperings, 1) * 1000,
    }


async def _checked(db: Database) -> AuditReport:
    async with db.reading() as tx:
        return await tx.audit.verify()


def _disarm(connection: sqlite3.Connection) -> None:
    """What somebody who may write to the file can do first: remove the triggers that keep entries as they are."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')


def _store(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM audit")
    connection.executemany(_INSERT, rows)
    # What is no text any more stays text for SQLite, as after a change of the file itself.
    for column in COLUMNS[1:]:
        connection.execute(f"UPDATE audit SET {column} = CAST({column} AS TEXT) WHERE typeof({column}) = 'blob'")  # noqa: S608
    connection.execute("COMMIT")


def _byte(rows: Sequence[Row], chance: random.Random) -> tuple[list[Row], int, str]:
    """One byte of one value becomes another; in a number, one bit."""
    at = chance.randrange(len(rows))
    column = chance.choice([n for n, value in enumerate(rows[at]) if value is not None])
    changed, value = list(rows), rows[at][column]
    if isinstance(value, int):
        numbers = {row[0] for row in rows}
        new: Any = chance.choice([n for bit in range(31) if (n := value ^ (1 << bit)) not in numbers])
        first = min(value, new)
    else:
        data = bytearray(value.encode())
        place = chance.randrange(len(data))
        data[place] ^= chance.randrange(1, 256)
        new, first = bytes(data), rows[at][0]
    changed[at] = (*rows[at][:column], new, *rows[at][column + 1 :])
    return changed, first, f"byte of {COLUMNS[column]}"


def _removed(rows: Sequence[Row], chance: random.Random) -> tuple[list[Row], int, str]:
    """One entry, or all from one on."""
    at = chance.randrange(len(rows))
    rest = [] if chance.random() < 0.5 else list(rows[at + 1 :])
    return [*rows[:at], *rest], rows[at][0], "entry removed" if rest else "end cut"


def _swapped(rows: Sequence[Row], chance: random.Random) -> tuple[list[Row], int, str]:
    """Two entries change places: with their hashes, with all but the links, or in one value alone."""
    one, two = sorted(chance.sample(range(len(rows)), 2))
    choices = [range(1, 9), range(1, 7), *([n] for n in range(1, 9) if rows[one][n] != rows[two][n])]
    columns = set(chance.choice(choices))
    changed = list(rows)
    for here, there in ((one, two), (two, one)):
        changed[here] = tuple(rows[there if n in columns else here][n] for n in range(len(COLUMNS)))
    return changed, rows[one][0], f"swap of {len(columns)} values"


_CHANGES: Final = {"byte": _byte, "removed": _removed, "swapped": _swapped}
