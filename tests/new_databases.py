"""New databases for tests: the schema that the migrations make, written down once in each test process."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from privacy import KeyRing
from store import database

_by_steps = database._upgrade
_MAY_USE_THE_MIGRATIONS = ("tests/store/test_database.py", "tests/store/accounts/")


def by_migrations(node_id: str) -> bool:
    """Whether a test is about the migrations themselves."""
    return node_id.startswith(_MAY_USE_THE_MIGRATIONS)


def written_down(folder: Path, keyring: KeyRing) -> list[str]:
    """The statements that make what the migrations make of an empty SQLite database. No row in it is sealed."""
    path = folder / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        _by_steps(connection, keyring)
    engine.dispose()
    with sqlite3.connect(path) as made:
        # Its own transaction is the caller's.
        return [line for line in made.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]


def at_once(statements: Callable[[], list[str]]) -> Callable[[Connection, KeyRing], None]:
    """What brings a database up to date: an empty one by the statements, any other by its migrations."""

    def upgrade(connection: Connection, keyring: KeyRing) -> None:
        if connection.dialect.name != "sqlite" or connection.scalar(text("SELECT count(*) FROM sqlite_master")):
            _by_steps(connection, keyring)
            return
        for statement in statements():
            connection.exec_driver_sql(statement)

    return upgrade
