"""Which ids were erased, by keyed fingerprint: in the database, and in a file that outlives a restored backup."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import KeyRing
from store.erasure.subject import Subject
from store.schema import ErasedIdRow
from store.vault import erased_mark

FILE: Final = "erased.ids"
_CHUNK: Final = 500


def ids_of(subject: Subject) -> tuple[str, ...]:
    """The ids that are known again in a restored backup: of the account, pseudonyms, talks, imported logs, orders
    and plans."""
    own = (subject.account,) if subject.account else ()
    orders = (f"order:{number}" for number in subject.orders)
    plans = (f"plan:{plan}" for plan in subject.plans)
    return (*own, *subject.customers, *subject.conversations, *subject.imported, *orders, *plans)


class TombstoneFile:
    """Lines of fingerprint, erasure and time, mode 0600; added to, flushed to the disk, never changed."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def add(self, fingerprints: Iterable[str], erasure_id: str, at: datetime) -> None:
        """Blocks. Raises: OSError."""
        lines = "".join(f"{one} {erasure_id} {at.isoformat()}\n" for one in fingerprints)
        with self._locked() as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def drop_before(self, oldest: datetime) -> int:
        """Forget erasures from before a time: no backup is that old any more. Gives the number of lines. Blocks."""
        if not any(at < oldest for _, _, at in self.read()):
            return 0
        with self._locked():
            lines = self.read()
            kept = [(one, erasure_id, at) for one, erasure_id, at in lines if at >= oldest]
            temporary = self.path.with_name(f".{self.path.name}.new")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.writelines(f"{one} {erasure_id} {at.isoformat()}\n" for one, erasure_id, at in kept)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        return len(lines) - len(kept)

    @contextmanager
    def _locked(self) -> Iterator[IO[str]]:
        while True:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # Another process may have put a shorter file in its place while this one waited.
                if self.path.exists() and os.fstat(file.fileno()).st_ino == self.path.stat().st_ino:
                    yield file
                    return

    def read(self) -> list[tuple[str, str, datetime]]:
        """Every whole line; one that a kill cut short is left out: its erasure is begun again. Blocks."""
        try:
            lines = self.path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            parts = line.split(" ")
            try:
                fingerprint, erasure_id, at = parts
                found.append((fingerprint, erasure_id, datetime.fromisoformat(at)))
            except ValueError:
                continue
        return found


class Tombstones:
    """The same in the database."""

    def __init__(self, session: AsyncSession, keyring: KeyRing) -> None:
        self._session = session
        self._keyring = keyring

    def fingerprint(self, kept_id: str) -> str:
        """What is kept of an erased id."""
        return erased_mark(self._keyring, kept_id)

    async def learn(self, lines: Sequence[tuple[str, str, datetime]]) -> None:
        """Remember erased ids: fingerprint, erasure and time of each; known ones stay as they are."""
        known = await self.known(one for one, _, _ in lines)
        new = {one: (erasure_id, at) for one, erasure_id, at in lines if one not in known}
        self._session.add_all(
            ErasedIdRow(fingerprint=one, erasure_id=erasure_id, at=at) for one, (erasure_id, at) in new.items()
        )
        await self._session.flush()

    async def known(self, fingerprints: Iterable[str]) -> set[str]:
        """Which of these were erased."""
        wanted = list(fingerprints)
        found: set[str] = set()
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            query = select(ErasedIdRow.fingerprint).where(ErasedIdRow.fingerprint.in_(part))
            found.update((await self._session.scalars(query)).all())
        return found

    async def were_erased(self, ids: Iterable[str]) -> set[str]:
        """Which of these ids were erased."""
        if await self._session.scalar(select(ErasedIdRow.fingerprint).limit(1)) is None:
            return set()
        by_print = {self.fingerprint(one): one for one in ids}
        return {by_print[found] for found in await self.known(by_print)}
