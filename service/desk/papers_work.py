"""The governance papers, for whoever may read them."""

import asyncio
from collections.abc import Sequence

from privacy import Paper
from service.desk.gate import Gate
from service.papers import papers_in_force
from service.settings import Settings
from store import Database
from vocabulary import Right


class PapersWork:
    """Papers name no person; they are made anew each time from what is in force."""

    def __init__(self, db: Database, gate: Gate, settings: Settings) -> None:
        self._db = db
        self._gate = gate
        self._settings = settings

    async def list(self, token: str) -> Sequence[Paper]:
        """All papers, in the order in which an auditor reads them. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.PAPERS_VIEW)
        return await asyncio.to_thread(papers_in_force, self._settings)
