"""The other end of `benchmarks.voice_line`: customers on the line, asked from here."""

import asyncio
import contextlib
import itertools
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cli.processes import ROOT

# A frame of a whole call's sounds and messages.
_LONGEST_LINE: Final = 2**24


class LineError(Exception):
    """A customer's line could not be opened, or their process ended."""

    code = "line"


@dataclass(frozen=True)
class Ran:
    """What went over a line by the end of some steps, times in seconds of CLOCK_MONOTONIC.

    why: what a step waited for in vain; None if all went well. marks: (begin, end) of what was audible of each clip.
    sounds: (begin, end) of what the other side let hear since the call began. frames, late: as benchmarks.voice_line.
    """

    why: str | None
    began: float
    marks: dict[str, tuple[float, float]]
    sounds: list[tuple[float, float]]
    messages: list[tuple[float, dict[str, Any]]]
    frames: int
    late: int
    ended: str | None

    def first_sound_after(self, at: float) -> float | None:
        """When the other side was first audible from `at` on, if it was silent then."""
        return next((begin for begin, _ in self.sounds if begin >= at), None)

    def silent_from(self, at: float, for_s: float) -> float | None:
        """The first moment from `at` on after which nothing was audible for so long; None while it still sounds."""
        silent = at
        for begin, end in self.sounds:
            if end <= at:
                continue
            if begin - silent >= for_s:
                return silent
            silent = max(silent, end)
        return silent


class Customers:
    """The process of all lines."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.create_task(self._read())

    async def ask(self, **what: Any) -> dict[str, Any]:
        """One request's answer. Raises: LineError when the process has ended."""
        number = next(self._numbers)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        if self._process.stdin is None or self._reading.done():
            raise LineError("the process of the customers' lines has ended; its messages stand above.")
        self._process.stdin.write((json.dumps({"id": number, **what}) + "\n").encode())
        told: dict[str, Any] = await future
        return told

    @contextlib.asynccontextmanager
    async def line(
        self, url: str, *, headers: Mapping[str, str] | None = None, hello: Mapping[str, Any] | None = None
    ) -> AsyncIterator["CustomerLine"]:
        """A line to `url`. hello: the first text frame. Raises: LineError when it could not be opened."""
        number = next(self._numbers)
        told = await self.ask(do="open", line=number, url=url, headers=dict(headers or {}), hello=hello)
        if not told["ok"]:
            raise LineError(f"the line to {url.partition('?')[0]} could not be opened: {told['why']}")
        try:
            yield CustomerLine(self, number)
        finally:
            with contextlib.suppress(LineError):
                await self.ask(do="close", line=number)

    async def close(self) -> None:
        """End the process."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        if self._process.stdout is None:
            return
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            future = self._asked.pop(told["id"])
            if not future.done():
                future.set_result(told)
        for future in self._asked.values():
            if not future.done():
                future.set_exception(LineError("the process of the customers' lines ended; its messages stand above."))


@dataclass(frozen=True)
class CustomerLine:
    """One customer's line."""

    customers: Customers
    number: int

    async def run(self, *steps: Sequence[Any]) -> Ran:
        """Go through steps (benchmarks.voice_line lists them). Raises: LineError when the process ended."""
        told = await self.customers.ask(do="run", line=self.number, steps=steps)
        if "marks" not in told:
            raise LineError(f"a step could not be made: {told['why']}")
        return Ran(
            told["why"],
            told["began"],
            {name: (begin, end) for name, (begin, end) in told["marks"].items()},
            [(begin, end) for begin, end in told["sounds"]],
            [(at, message) for at, message in told["messages"]],
            told["frames"],
            told["late"],
            told["ended"],
        )


@contextlib.asynccontextmanager
async def customers() -> AsyncIterator[Customers]:
    """Start the process of the lines; it ends with the block."""
    # By its file, and without its folder in front: as a module it would load what the whole bench needs.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", str(ROOT / "benchmarks" / "voice_line.py")),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=PIPE,
        stdout=PIPE,
        limit=_LONGEST_LINE,
    )
    running = Customers(process)
    try:
        yield running
    finally:
        await running.close()
