"""Which ids were erased, by keyed fingerprint: in the database, and in a file that outlives a restored backup."""

import fcntl
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import KeyRing
from store.erasure.subject import Subject
from store.schema import ErasedIdRow
from store.vault import erased_mark

FILE: Final = "erased.ids"


def ids_of(subject: Subject) -> tuple[str, ...]:
    """The ids that are known again in a restored backup: of the account, pseudonyms, talks, orders and plans."""
    own = (subject.account,) if subject.account else ()
    orders = (f"order:{number}" for number in subject.orders)
    plans = (f"plan:{plan}" for plan in subject.plans)
    return (*own, *subject.customers, *subject.conversations, *orders, *plans)


class TombstoneFile:
    """Lines of fingerprint, erasure and time, mode 0600; added to, flushed to the disk, never changed."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def add(self, fingerprints: Iterable[str], erasure_id: str, at: datetime) -> None:
        """Blocks. Raises: OSError."""
        lines = "".join(f"{one} {erasure_id} {at.isoformat()}\n" for one in fingerprints)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

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

    async def add(self, fingerprints: Iterable[str], erasure_id: str, at: datetime | None = None) -> None:
        """Remember erased ids; known ones stay as they are."""
        wanted = list(dict.fromkeys(fingerprints))
        known = await self.known(wanted)
        at = at or datetime.now(UTC)
        self._session.add_all(
            ErasedIdRow(fingerprint=one, erasure_id=erasure_id, at=at) for one in wanted if one not in known
        )
        await self._session.flush()

    async def known(self, fingerprints: Iterable[str]) -> set[str]:
        """Which of these were erased."""
        wanted, found = list(fingerprints), set()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            query = select(ErasedIdRow.fingerprint).where(ErasedIdRow.fingerprint.in_(part))
            found.update((await self._session.scalars(query)).all())
        return found

    async def were_erased(self, ids: Iterable[str]) -> set[str]:
        """Which of these ids were erased."""
        by_print = {self.fingerprint(one): one for one in ids}
        return {by_print[found] for found in await self.known(by_print)}
