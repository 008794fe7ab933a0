"""Requests beyond an address's burst go one after the other: a crowd of them weighs as much as one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

# A request that waits by itself, for an answer or for its own body, must not hold up the next.
_LONGEST_TURN_S: Final = 0.25


class _Turn:
    """Frees the lane once: at its end, or when its time is over."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock: asyncio.Lock | None = lock
        self._timer = asyncio.get_running_loop().call_later(_LONGEST_TURN_S, self.end)

    def end(self) -> None:
        self._timer.cancel()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class Lanes:
    """One lane for each address that has somebody in it."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._inside: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the lane; it is free again when the block ends, or after a quarter of a second."""
        lock = self._locks.setdefault(address, asyncio.Lock())
        self._inside[address] = self._inside.get(address, 0) + 1
        try:
            await lock.acquire()
            turn = _Turn(lock)
            try:
                yield
            finally:
                turn.end()
        finally:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address], self._locks[address]
