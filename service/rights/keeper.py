"""What the web process does for people's data by itself: the purge, unfinished erasures, restored backups.

Everything here may run in several processes at once, and again after a kill: the store sees to it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from privacy import PrivacyError
from store import Database, Eraser, Retention, StoreError

log = logging.getLogger(__name__)

EVERY_S: Final = 600.0
"""Between two purges. It is counted by a clock that nobody sets, so a change of the time of day delays nothing."""
SWEEP_EVERY: Final = 6
"""Each so many purges, erased ids are looked for again: a backup may have been restored under a running process."""
LOOK_EVERY_S: Final = 1.0
"""How often other processes' erasures are looked for."""
FINISH_EVERY_S: Final = 30.0
"""How often erasures are looked for that a killed process left."""


class Keeper:
    """Runs from `start` to `stop`. gone: told when an erasure was begun anywhere, to close what is open here."""

    def __init__(self, db: Database, eraser: Eraser, retention: Retention, gone: Callable[[], Awaitable[None]]) -> None:
        self._db = db
        self._eraser = eraser
        self._retention = retention
        self._gone = gone
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: datetime | None = None

    def start(self) -> None:
        """Begin, with what an earlier process left."""
        self._tasks = [
            asyncio.create_task(self._purge(), name="purge of what is past its time"),
            asyncio.create_task(self._look(), name="look for erasures"),
            asyncio.create_task(self._finish(), name="finish erasures"),
        ]

    async def stop(self) -> None:
        """End at once; what was under way is taken up at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _purge(self) -> None:
        number = 0
        while True:
            # A failed step must not keep the other from being done.
            if number % SWEEP_EVERY == 0:
                await _logged("erased ids not looked for", self._eraser.sweep)
            await _logged("purge failed", self._run)
            number += 1
            await asyncio.sleep(EVERY_S)

    async def _run(self) -> int:
        report = await self._retention.run()
        if report.count:
            log.info("purged", extra={"count": report.count, "late_s": round(report.late_s)})
        return report.count

    async def _finish(self) -> None:
        while True:
            await _logged("erasures not finished", self._eraser.resume)
            await asyncio.sleep(FINISH_EVERY_S)

    async def _look(self) -> None:
        while True:
            with suppress(StoreError):
                async with self._db.reading() as tx:
                    newest = await tx.erasures.newest()
                if newest != self._seen:
                    self._seen = newest
                    await self._gone()
            await asyncio.sleep(LOOK_EVERY_S)


async def _logged(message: str, step: Callable[[], Awaitable[int]]) -> None:
    try:
        await step()
    except (StoreError, PrivacyError) as err:
        log.error(message, extra={"code": err.code})
    except OSError as err:
        log.error(message, extra={"errno": err.errno})
