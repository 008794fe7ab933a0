"""What may be said about all customers of a week together, and what it costs them."""

import asyncio
import json
import logging
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from privacy import WEEK_COST, PersonInWeek
from service.errors import Refused, Unavailable
from store import Database, Released, month_of
from vocabulary import LABELS, StateName

log = logging.getLogger(__name__)
_LONGEST_S: Final = 60.0
_MOST_WEEKS_BACK: Final = 520
_ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Budget:
    """What this month's releases may cost, have cost, and what each of them was."""

    period: str
    limit: float
    spent: float
    releases: tuple[Released, ...]

    @property
    def left(self) -> float:
        return max(0.0, self.limit - self.spent)


class PrivateStatistics:
    """A week's figures on how customers felt, with noise that hides each single one. Made once, then only read.

    Each release is made by a short process of its own, because OpenDP's memory would stay with the web process.
    """

    def __init__(self, db: Database, *, month_may_cost: float, minimum: int) -> None:
        self._db = db
        self._month_may_cost = month_may_cost
        self._minimum = minimum
        self._one_at_a_time = asyncio.Lock()

    async def week(self, week: str | None, *, actor: str, now: datetime | None = None) -> Released:
        """The figures of an ISO week, such as 2026-W09; None: the last whole one. Written into the audit.

        Raises: Refused (422: no week, or not over), StoreError (budget_spent, audit), Unavailable (503).
        """
        now = now or datetime.now(UTC)
        name, since = _whole_week(week, now)
        query = f"emotion:{name}"
        async with self._one_at_a_time:
            async with self._db.transaction() as tx:
                await tx.audit.add(
                    actor, "statistics.week", purpose="how customers felt, together", details={"week": name}
                )
                known = await tx.statistics.released(query)
                if known is not None:
                    return known
                await tx.statistics.reserve(query, WEEK_COST, month_may_cost=self._month_may_cost)
            async with self._db.reading() as tx:
                people = await tx.statistics.people(since, since + timedelta(days=7))
            result = await _released(people, self._minimum)
            async with self._db.transaction() as tx:
                return await tx.statistics.settle(query, result)

    async def known(self) -> list[Released]:
        """What was released already, newest first; costs nothing."""
        async with self._db.reading() as tx:
            return await tx.statistics.releases()

    async def budget(self) -> Budget:
        """How much of this month's budget is left."""
        period = month_of(datetime.now(UTC))
        async with self._db.reading() as tx:
            spent = await tx.statistics.spent(period)
            releases = await tx.statistics.releases(period)
        return Budget(period, self._month_may_cost, spent, tuple(releases))


def _whole_week(week: str | None, now: datetime) -> tuple[str, datetime]:
    """Its name and its first moment. A week that goes on is refused: its figures would change."""
    today = now.astimezone(UTC).date()
    if week is None:
        first = today - timedelta(days=today.weekday() + 7)
    else:
        try:
            first = date.fromisoformat(f"{week}-1" if len(week) == len("2026-W09") and week[4:6] == "-W" else "")
        except ValueError:
            raise Refused("invalid_week", f"{week[:20]!r} is no week; expected one such as 2026-W09.") from None
    if first + timedelta(days=7) > today or (today - first).days > _MOST_WEEKS_BACK * 7:
        raise Refused("invalid_week", f"{week} is not over, or too long ago; expected a week that has passed.")
    year, number, _ = first.isocalendar()
    return f"{year}-W{number:02}", datetime(first.year, first.month, first.day, tzinfo=UTC)


async def _released(people: list[PersonInWeek], minimum: int) -> dict[str, Any]:
    given = {
        "people": [asdict(person) for person in people],
        "states": [state.value for state in StateName],
        "labels": list(LABELS),
        "minimum": minimum,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "privacy.statistics_process",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        # None of our settings or secrets is its business.
        env={name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ},
    )
    try:
        async with asyncio.timeout(_LONGEST_S):
            output, _ = await process.communicate(json.dumps(given).encode())
    except TimeoutError:
        output = b""
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0 or not output:
        log.error("no private statistics were made", extra={"status": process.returncode})
        raise Unavailable(
            "statistics_failed", "The figures could not be made. Nothing was spent twice: try again.", retry_after_s=30
        )
    result: dict[str, Any] = json.loads(output)
    return result
