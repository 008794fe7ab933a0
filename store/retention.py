"""What is past its time is deleted, type by type, with a report of how much and how late it was."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from privacy import KeyRing, new_id
from store.database import Database
from store.erasure.subject import Subject
from store.media import MediaStore
from store.settings import StoreSettings
from store.tracker import TrackerFile
from store.transaction import Transaction

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_ALL: Final = 1_000_000
_BATCH: Final = 200
"""Persons or conversations in one transaction: others write in between."""


@dataclass(frozen=True)
class Purged:
    """One type of data in one run. count: how many. late_s: by how much the oldest of them was past its time."""

    count: int = 0
    late_s: float = 0.0

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(self.count + other.count, max(self.late_s, other.late_s))

    def to_dict(self) -> dict[str, Any]:
        """For JSON and the report that is stored."""
        return {"count": self.count, "late_s": round(self.late_s, 3)}


@dataclass(frozen=True)
class Report:
    """One run. purged: by type. skipped: another process was at it, and nothing was done here."""

    at: datetime
    purged: dict[str, Purged]
    skipped: bool = False

    @property
    def count(self) -> int:
        """How much was deleted in all."""
        return sum(one.count for one in self.purged.values())

    @property
    def late_s(self) -> float:
        """How late the latest was."""
        return max((one.late_s for one in self.purged.values()), default=0.0)

    def to_dict(self) -> dict[str, Any]:
        """For JSON and the database."""
        return {
            "at": self.at.isoformat(),
            "skipped": self.skipped,
            "count": self.count,
            "late_s": round(self.late_s, 3),
            "types": {name: one.to_dict() for name, one in self.purged.items()},
        }


class Retention:
    """The purge of one installation. Only one process at a time runs it; each step may be repeated.

    clock: what counts as now; tests move it.
    """

    def __init__(
        self,
        settings: StoreSettings,
        keyring: KeyRing,
        db: Database,
        media: MediaStore,
        *,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._periods = {name: period.length for name, period in settings.periods.items()}
        self._db = db
        self._media = media
        self._tracker = TrackerFile(settings.tracker_db, keyring)
        self._clock = clock
        self._holder = new_id("w")

    async def run(self, *, dry_run: bool = False, only: Subject | None = None) -> Report:
        """Delete what is past its time. dry_run: only count. only: of one person. Raises: StoreError."""
        now = self._clock()
        async with self._db.transaction() as tx:
            if not await tx.purges.take_lease(self._holder, now):
                return Report(now, {}, skipped=True)
        try:
            purged = await self._purge(now, dry_run=dry_run, only=only)
        finally:
            async with self._db.transaction() as tx:
                await tx.purges.give_lease_back(self._holder)
        report = Report(now, purged)
        if not dry_run and only is None:
            async with self._db.transaction() as tx:
                if await tx.purges.keep_report(report.to_dict(), now) and report.count:
                    await tx.audit.add(
                        "retention", "data.purge", purpose="time is over", details={"count": report.count}
                    )
        return report

    async def _purge(self, now: datetime, *, dry_run: bool, only: Subject | None) -> dict[str, Purged]:
        purged: dict[str, Purged] = {}
        for name, length in self._periods.items():
            before = now - length
            found = await self._rows(name, before, dry_run=dry_run, only=only)
            found += await self._persons(name, before, dry_run=dry_run, only=only)
            purged[name] = found
        if only is None:
            purged["conversations"] += await self._assistant(now - self._periods["conversations"], dry_run=dry_run)
            if not dry_run:
                purged["media"] += Purged(await asyncio.to_thread(self._media.purge_expired))
                await asyncio.to_thread(self._tracker.drop_refusals)
                async with self._db.transaction() as tx:
                    await tx.overdue.drop_loose_keys(now)
        return purged

    async def _rows(self, name: str, before: datetime, *, dry_run: bool, only: Subject | None) -> Purged:
        """Rows that go by themselves."""
        async with self._db.reading() as tx:
            count, oldest = await tx.overdue.count(name, before, only)
        if count and not dry_run:
            async with self._db.transaction() as tx:
                count = await tx.overdue.delete(name, before, only)
        return Purged(count, _late_s(before, oldest)) if count else Purged()

    async def _persons(self, name: str, before: datetime, *, dry_run: bool, only: Subject | None) -> Purged:
        """Whole conversations, pseudonyms, accounts, and the names of old orders."""
        limit = _ALL if dry_run else _BATCH
        finders: dict[str, Callable[[Transaction], Awaitable[Sequence[tuple[Subject, datetime]]]]] = {
            "conversations": lambda tx: tx.overdue.conversations(before, limit, only),
            "unverified": lambda tx: tx.overdue.unverified(before, limit, only),
            "accounts": lambda tx: tx.overdue.accounts(before, limit, only),
            "orders": lambda tx: tx.overdue.orders(before, limit, only),
        }
        purged = Purged()
        while name in finders:
            async with self._db.reading() as tx:
                found = await finders[name](tx)
            if not found:
                break
            purged += Purged(len(found), max(_late_s(before, at) for _, at in found))
            if dry_run:
                break
            for subject, _ in found:
                await asyncio.to_thread(self._forget_files, subject)
            async with self._db.transaction() as tx:
                for subject, _ in found:
                    await tx.records.forget(subject)
        return purged

    async def _assistant(self, before: datetime, *, dry_run: bool) -> Purged:
        """What the assistant remembers of conversations that nothing else knows, such as other channels'."""
        idle = await asyncio.to_thread(self._tracker.idle_since, before.timestamp())
        async with self._db.reading() as tx:
            known = await tx.overdue.known_conversations(list(idle))
        unknown = {sender: last for sender, last in idle.items() if sender not in known}
        if not unknown:
            return Purged()
        if not dry_run:
            await asyncio.to_thread(self._tracker.forget, unknown)
        return Purged(len(unknown), before.timestamp() - min(unknown.values()))

    def _forget_files(self, subject: Subject) -> None:
        for media_id in subject.media:
            self._media.delete(media_id)
        self._tracker.forget(subject.conversations)


def _late_s(before: datetime, oldest: datetime | None) -> float:
    return 0.0 if oldest is None else max(0.0, (before - oldest) / timedelta(seconds=1))
