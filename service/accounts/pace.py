"""Answers about accounts take the same time whatever they find, and hashing never takes the whole machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from service.errors import Unavailable

T = TypeVar("T")

# Each takes a core for 25 ms and 19 MiB.
_HASHES_AT_ONCE: Final = 2
_MOST_WAITING: Final = 40


class Pace:
    """floor_s: how long an answer takes at least that must not tell whether an address is known."""

    def __init__(self, *, floor_s: float) -> None:
        self._floor_s = floor_s
        self._slots = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def even(self) -> AsyncIterator[None]:
        """What is done inside seems to take floor_s, errors included; longer only if the machine is that busy."""
        done_at = asyncio.get_running_loop().time() + self._floor_s
        try:
            yield
        finally:
            await asyncio.sleep(max(0.0, done_at - asyncio.get_running_loop().time()))

    @asynccontextmanager
    async def hashing(self) -> AsyncIterator[None]:
        """Around whatever hashes a password. Raises: Unavailable when too many wait for it already."""
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("busy", "Many people sign in right now. Please try again in a moment.", retry_after_s=2)
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    async def work(self, do: Callable[..., T], *args: object) -> T:
        """Run a function that hashes or judges a password beside the event loop."""
        async with self.hashing():
            return await asyncio.to_thread(do, *args)
