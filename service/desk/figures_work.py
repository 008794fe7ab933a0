"""How customers felt, together: figures with noise that hides each single one."""

from collections.abc import Sequence

from service.desk.gate import Gate
from service.errors import Refused
from service.statistics import Budget, PrivateStatistics
from store import Database, Released, StoreError
from vocabulary import Right


class FiguresWork:
    """What may be read of past weeks, and releasing the latest one."""

    def __init__(self, db: Database, gate: Gate, statistics: PrivateStatistics) -> None:
        self._db = db
        self._gate = gate
        self._statistics = statistics

    async def known(self, token: str) -> Sequence[Released]:
        """The weeks that were released, newest first; reading them costs nothing. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.EMOTION_AGGREGATE)
        return await self._statistics.known()

    async def budget(self, token: str) -> Budget:
        """What releases of this month have cost. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.EMOTION_AGGREGATE)
        return await self._statistics.budget()

    async def release(self, token: str, week: str | None = None) -> Released:
        """Release a week, such as 2026-W09; the last whole one by default. A second time costs nothing.

        Raises: NotAllowed, Refused (no week, or this month's budget is spent), Unavailable.
        """
        async with self._db.reading() as tx:
            member = await self._gate.require(tx, token, Right.EMOTION_RELEASE)
        try:
            return await self._statistics.week(week, actor=member.id)
        except StoreError as err:
            if err.code != "budget_spent":
                raise
            raise Refused(
                "budget_spent", "This month's budget for figures is spent. Figures that were released stay readable."
            ) from None
