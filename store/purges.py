"""Runs of the purge: which process may run it, and what each run has deleted."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.schema import LeaseRow, RetentionRunRow

LEASE: Final = timedelta(minutes=10)
"""A run is over long before; a process that was killed in one holds it no longer."""
REPORT_EVERY: Final = timedelta(hours=24)
"""A run in which nothing was due is written down this often."""
_NAME: Final = "retention"


class Purges:
    """Repository of the right to run the purge, and of reports."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take_lease(self, holder: str, now: datetime) -> bool:
        """Whether the caller may run the purge now; nobody else may until it gives the lease back or LEASE is over."""
        row = await self._session.get(LeaseRow, _NAME, with_for_update=True)
        # A time further away than any lease comes from a clock that was wrong.
        if row is not None and row.holder != holder and now < row.until <= now + LEASE:
            return False
        if row is None:
            self._session.add(LeaseRow(name=_NAME, holder=holder, until=now + LEASE))
        else:
            row.holder, row.until = holder, now + LEASE
        await self._session.flush()
        return True

    async def give_lease_back(self, holder: str) -> None:
        """The caller's run is over."""
        await self._session.execute(delete(LeaseRow).where(LeaseRow.name == _NAME, LeaseRow.holder == holder))

    async def keep_report(self, report: dict[str, Any], now: datetime) -> bool:
        """Store a run's report; one in which nothing was due only now and then. True if it was stored."""
        last = await self._session.scalar(select(func.max(RetentionRunRow.at)))
        if not report["count"] and last is not None and timedelta(0) <= now - last < REPORT_EVERY:
            return False
        self._session.add(RetentionRunRow(id=new_id("w"), report=report, at=now))
        await self._session.flush()
        return True

    async def reports(self, limit: int = 50) -> list[dict[str, Any]]:
        """The newest reports first."""
        rows = await self._session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.at.desc()).limit(limit))
        return [row.report for row in rows]
