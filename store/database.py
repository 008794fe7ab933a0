"""One engine per process, and transactions over it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from privacy import KeyRing
from store.dialect import BUSY_TIMEOUT_S, WRITES, is_busy, is_sqlite, lock_for_upgrade, prepare
from store.errors import StoreBusy, StoreUnavailable
from store.sealing import Sealer
from store.settings import StoreSettings
from store.transaction import Transaction

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class Database:
    """The product's database.

    Build one per process and event loop. Keep transactions short: no model and no network inside one.
    """

    def __init__(self, settings: StoreSettings, keyring: KeyRing) -> None:
        self._url = make_url(settings.database_url)
        self._engine = create_async_engine(self._url, pool_pre_ping=False)
        self._on_sqlite = is_sqlite(self._engine.sync_engine)
        prepare(self._engine.sync_engine)
        self._writing_engine = self._engine.execution_options(**{WRITES: True})
        self._sealer = Sealer(keyring)
        # SQLite has one writer at a time: within a process they queue here, in order and without
        # polling; between processes its busy timeout makes them wait.
        self._one_writer = asyncio.Lock()

    async def upgrade(self) -> None:
        """Bring the schema up to date; makes the database if it is missing. Safe in two processes at once.

        Raises: StoreUnavailable, StoreBusy.
        """
        if self._on_sqlite and self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        try:
            async with self._writer_slot(), self._writing_engine.begin() as connection:
                await connection.run_sync(_upgrade)
        except DBAPIError as err:
            raise self._translated(err) from None

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Read and write; commits on success, rolls back on any error. Never open one inside another.

        Raises: StoreBusy when another writer holds the database for over 5 s; StoreUnavailable.
        """
        async with self._writer_slot():
            session = AsyncSession(self._writing_engine, expire_on_commit=False)
            try:
                async with session:
                    yield Transaction(session, self._sealer)
                    await session.commit()
            except DBAPIError as err:
                raise self._translated(err) from None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Read one consistent state; whatever is changed is thrown away."""
        session = AsyncSession(self._engine, expire_on_commit=False)
        try:
            async with session:
                yield Transaction(session, self._sealer)
        except DBAPIError as err:
            raise self._translated(err) from None

    def _writer_slot(self) -> AbstractAsyncContextManager[None]:
        return self._queued() if self._on_sqlite else nullcontext()

    @asynccontextmanager
    async def _queued(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(BUSY_TIMEOUT_S):
                await self._one_writer.acquire()
        except TimeoutError:
            raise StoreBusy(
                f"the database was busy for {BUSY_TIMEOUT_S:.0f} s; expected a free moment. Try again."
            ) from None
        try:
            yield
        finally:
            self._one_writer.release()

    def _translated(self, err: DBAPIError) -> Exception:
        # The driver's message may hold a statement's values: it is left out.
        if is_busy(err):
            return StoreBusy(f"the database was busy for {BUSY_TIMEOUT_S:.0f} s; expected a free moment. Try again.")
        name = type(err.orig).__name__
        where = self._url.render_as_string(hide_password=True)
        return StoreUnavailable(
            f"the database {where} refused a statement ({name}); expected a reachable, up-to-date database "
            "with free disk space. Run: attune db upgrade"
        )


def _upgrade(connection: Connection) -> None:
    lock_for_upgrade(connection)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
