"""Several writers at once, each as if in a process of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from privacy import KeyRing
from store import Database, StoreSettings

Job = Callable[[Database], Awaitable[int]]


def in_other_processes(settings: StoreSettings, keyring: KeyRing, jobs: list[Job]) -> list[int]:
    """Run each job with a database and an event loop of its own: for SQLite's locks that is a process."""

    def run(job: Job) -> int:
        async def main() -> int:
            database = Database(settings, keyring)
            try:
                return await job(database)
            finally:
                await database.close()

        return asyncio.run(main())

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
