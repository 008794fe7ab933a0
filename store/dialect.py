"""The only place that knows which database is behind the engine."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, DateTime, Dialect, Integer, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

WRITES: Final = "attune_writes"
"""Execution option of a connection that is going to write."""

# Any number, the same in every process: PostgreSQL's advisory locks are known by number.
_UPGRADE_LOCK = 7_210_417
_AUDIT_LOCK = 7_210_418
_BUDGET_LOCK = 7_210_419


class UtcDateTime(TypeDecorator[datetime]):
    """Timezone-aware datetimes in UTC. SQLite has no time zones: stored naive, given back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; expected e.g. datetime.now(UTC).")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_sqlite(engine: Engine) -> bool:
    """True if writers of one process should queue inside the process."""
    return engine.dialect.name == "sqlite"


def prepare(engine: Engine, busy_timeout_s: float) -> None:
    """Set up each new connection of the engine."""
    if not is_sqlite(engine):
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # The driver must not begin transactions on its own: it would begin deferred ones, and two of
        # those that turn into writers fail at once with "database is locked" instead of queueing.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # An acknowledged message survives a power cut, not only a killed process.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # Deleted scores are overwritten, not only unlinked.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Bytes(FunctionElement[bytes]):
    """A text column as the bytes that are stored. SQLite keeps bytes that are no text, and its driver fails on them in
    a way that leaves the connection inside an old transaction; other databases store text only and give it as it is."""

    inherit_cache = True


@compiles(Bytes)
def _text_itself(element: Bytes, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Bytes, "sqlite")
def _as_blob(element: Bytes, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BLOB)"


class PositionOf(FunctionElement[int]):
    """Where in a text (first argument) another one begins, from 1; 0 where it does not occur."""

    type = Integer()
    inherit_cache = True


@compiles(PositionOf)
def _strpos(element: PositionOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(PositionOf, "sqlite")
def _instr(element: PositionOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


def lock_for_upgrade(connection: Connection) -> None:
    """Let one process at a time change the schema. On SQLite, BEGIN IMMEDIATE has done it already."""
    _lock(connection, _UPGRADE_LOCK)


def lock_for_audit(connection: Connection) -> None:
    """Let one transaction at a time write audit entries, so that each knows the one before. SQLite: as above."""
    _lock(connection, _AUDIT_LOCK)


def lock_for_budget(connection: Connection) -> None:
    """Let one transaction at a time spend from the budget of private statistics. SQLite: as above."""
    _lock(connection, _BUDGET_LOCK)


def _lock(connection: Connection, key: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


async def insert_new(
    session: AsyncSession, table: type[DeclarativeBase], key: Any, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert the rows that break no rule of uniqueness, and leave out the others; gives how many were new.

    key: a column that every row has.
    """
    name = session.get_bind().dialect.name
    insert = postgresql.insert if name == "postgresql" else sqlite.insert
    # What comes back is counted: drivers do not agree on the number of rows of many inserts.
    statement = insert(table).on_conflict_do_nothing().returning(key)
    connection = await session.connection()
    return len((await connection.execute(statement, [dict(row) for row in rows])).all())


def rewrite(connection: Connection) -> None:
    """Rewrite the database without what was deleted. Outside transactions."""
    connection.exec_driver_sql("VACUUM (FULL)" if connection.dialect.name == "postgresql" else "VACUUM")


def empty_log(connection: Connection) -> bool:
    """Empty the log of changes beside an SQLite database. False while another connection reads it or does the same."""
    if connection.dialect.name == "postgresql":
        return True
    return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()


def is_busy(err: DBAPIError) -> bool:
    """True if the statement failed only because of another writer."""
    message = str(err.orig).lower()
    return isinstance(err, OperationalError) and (
        "database is locked" in message or "database table is locked" in message or "deadlock" in message
    )
