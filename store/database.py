"""One engine per process, and transactions over it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from privacy import DecryptionError, HeadFile, KeyRing, Redactor
from store.dialect import WRITES, empty_log, is_busy, is_sqlite, lock_for_upgrade, prepare, rewrite
from store.errors import AlreadyExists, StoreBusy, StoreError, StoreUnavailable
from store.key_check import check_key, key_mismatch
from store.sealing import Sealer
from store.settings import StoreSettings
from store.transaction import Transaction

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class Database:
    """The product's database.

    Build one per process and event loop. Keep transactions short: no model and no network inside one.
    """

    def __init__(self, settings: StoreSettings, keyring: KeyRing, *, busy_timeout_s: float = 5.0) -> None:
        self._busy_timeout_s = busy_timeout_s
        self._url = make_url(settings.database_url)
        self._engine = create_async_engine(self._url, pool_pre_ping=False)
        self._on_sqlite = is_sqlite(self._engine.sync_engine)
        prepare(self._engine.sync_engine, busy_timeout_s)
        self._writing_engine = self._engine.execution_options(**{WRITES: True})
        self.keyring = keyring
        self._sealer = Sealer(keyring)
        self.redactor = Redactor()
        self._audit_head = HeadFile(settings.audit_head_file)
        # SQLite has one writer at a time: within a process they queue here, in order and without
        # polling; between processes its busy timeout makes them wait.
        self._one_writer = asyncio.Lock()

    async def upgrade(self) -> None:
        """Bring the schema up to date; makes the database if it is missing. Safe in two processes at once.

        Raises: StoreUnavailable, StoreBusy; StoreError if the key file is not this database's.
        """
        try:
            self._make_file()
            async with self._writer_slot(), self._writing_engine.begin() as connection:
                await connection.run_sync(_upgrade, self._sealer.keyring)
                # In the same transaction: with another database's key file nothing is changed.
                async with AsyncSession(connection) as session:
                    await check_key(session, self._sealer)
        except DBAPIError as err:
            raise self._translated(err) from None
        except DecryptionError:
            # A migration opens what it changes.
            raise key_mismatch() from None
        except OSError as err:
            raise StoreUnavailable(
                f"{self._url.database} cannot be made ({err.strerror}); expected a folder that this user may "
                "write to, with free space. Set ATTUNE_HOME to such a folder."
            ) from None
        except CommandError:
            raise StoreUnavailable(
                f"the database {self._where} was made by another version of the product; expected schema "
                f"{_newest()} or older. Install the newer version, or restore a backup.",
                code="schema_unknown",
            ) from None

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def compact(self) -> None:
        """Rewrite the files without what was deleted: after an erasure no page and no log holds it any more.

        Takes about as long as copying the database; writers wait. Raises: StoreBusy, and then asking again helps;
        StoreUnavailable (no space for the copy).
        """
        # A connection of its own: those of the pool must never leave the drivers' own transactions switched on.
        waits = {"timeout": self._busy_timeout_s} if self._on_sqlite else {}
        engine = create_async_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=waits)
        try:
            async with self._writer_slot(), engine.connect() as connection:
                await connection.run_sync(rewrite)
                # The rewritten pages went through the log.
                deadline = time.monotonic() + self._busy_timeout_s
                while not await connection.run_sync(empty_log):
                    if time.monotonic() > deadline:
                        raise self._busy()
                    await asyncio.sleep(0.02)
        except DBAPIError as err:
            raise self._translated(err) from None
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Read and write; commits on success, rolls back on any error. Never open one inside another.

        Raises: StoreBusy when another writer holds the database for over 5 s; StoreUnavailable.
        """
        async with self._writer_slot():
            session = AsyncSession(self._writing_engine, expire_on_commit=False)
            try:
                async with session:
                    transaction = Transaction(session, self._sealer, self._audit_head, self.redactor, writing=True)
                    yield transaction
                    await transaction.committing()
                    await session.commit()
                    await transaction.committed()
            except (DBAPIError, UnicodeEncodeError) as err:
                raise self._translated(err) from None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Read one consistent state; whatever is changed is thrown away."""
        session = AsyncSession(self._engine, expire_on_commit=False)
        try:
            async with session:
                yield Transaction(session, self._sealer, self._audit_head, self.redactor, writing=False)
        except (DBAPIError, UnicodeEncodeError) as err:
            raise self._translated(err) from None

    def _writer_slot(self) -> AbstractAsyncContextManager[None]:
        return self._queued() if self._on_sqlite else nullcontext()

    @asynccontextmanager
    async def _queued(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._busy_timeout_s):
                await self._one_writer.acquire()
        except TimeoutError:
            raise self._busy() from None
        try:
            yield
        finally:
            self._one_writer.release()

    def _make_file(self) -> None:
        if self._on_sqlite and self._url.database not in (None, "", ":memory:"):
            path = Path(str(self._url.database))
            path.parent.mkdir(parents=True, exist_ok=True)
            # SQLite gives the files beside it the same mode.
            path.touch(mode=0o600)

    def _translated(self, err: DBAPIError | UnicodeEncodeError) -> StoreError:
        # The driver's message may hold a statement's values: it is left out.
        if isinstance(err, UnicodeEncodeError):
            return StoreError("an id or a name is not valid Unicode; expected text.", code="text_invalid")
        if is_busy(err):
            return self._busy()
        if isinstance(err, IntegrityError):
            return AlreadyExists(
                "a row with the same id is stored, or what it belongs to is not; expected a fresh id and "
                "stored parents. Nothing was changed.",
                code="conflict",
            )
        return StoreUnavailable(
            f"the database {self._where} refused a statement ({type(err.orig).__name__}); expected a reachable, "
            "up-to-date database with free disk space. Run: attune db upgrade"
        )

    def _busy(self) -> StoreBusy:
        return StoreBusy(f"the database was busy for {self._busy_timeout_s:g} s; expected a free moment. Try again.")

    @property
    def _where(self) -> str:
        return self._url.render_as_string(hide_password=True)


def _newest() -> str:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head() or "none"


def _upgrade(connection: Connection, keyring: KeyRing) -> None:
    lock_for_upgrade(connection)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes.update(connection=connection, keyring=keyring)
    command.upgrade(config, "head")
