"""Running a turn's scorers side by side, within its time, whatever one of them does."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from emotion import Reading
from vocabulary import Absent, Modality

OUT_OF_TIME: Final = "out of time"
HANGING: Final = "the {} scorer hangs"
MOST_AT_ONCE: Final = 8
"""Calls of all turns that run at the same time; the others wait for their turn within their time."""
MOST_HANGING: Final = 3
"""Calls of one modality that were given up and still run; with so many of them no new one is begun."""


class Runner:
    """Runs calls in threads of their own. Belongs to one event loop.

    A call that is given up goes on in its thread, because a thread cannot be stopped. It keeps no place that another
    modality needs, and does not keep the process from ending.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._given_up: Counter[Modality] = Counter()

    async def run(self, tasks: Mapping[Modality, Callable[[], Reading]], seconds: float) -> dict[Modality, Reading]:
        """The answer of each; absent is what is not ready after so many seconds."""
        running = {modality: asyncio.ensure_future(self._one(modality, task)) for modality, task in tasks.items()}
        if not running:
            return {}
        try:
            await asyncio.wait(running.values(), timeout=seconds)
            return {
                modality: future.result() if future.done() else Reading(Absent(OUT_OF_TIME))
                for modality, future in running.items()
            }
        finally:
            for future in running.values():
                future.cancel()

    async def _one(self, modality: Modality, task: Callable[[], Reading]) -> Reading:
        if self._given_up[modality] >= MOST_HANGING:
            return Reading(Absent(HANGING.format(modality)))
        async with self._places:
            answer = _in_thread(task)
            try:
                return await asyncio.shield(answer)
            except asyncio.CancelledError:
                self._given_up[modality] += 1
                answer.add_done_callback(lambda _: self._given_up.subtract([modality]))
                raise


def _in_thread(task: Callable[[], Reading]) -> asyncio.Future[Reading]:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Reading] = loop.create_future()

    def run() -> None:
        reading = Reading(Absent("the scorer ended its thread"))
        try:
            reading = task()
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(answer.set_result, reading)

    threading.Thread(target=run, name="scorer", daemon=True).start()
    return answer
