"""Turn taking as a customer hears it: a running voice process with its real recogniser, clips in real time."""

import asyncio
import itertools
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.voice_control import Call, VoiceProcess, call
from benchmarks.voice_customers import CustomerLine, Customers
from benchmarks.voice_line import keep
from service.calls import wire

# Without commas: a voice's own pauses would look like being quiet. About 25 s by flite.
LONG_REPLY: Final = (
    "Your order left our warehouse on Tuesday evening and the courier has had it since Wednesday morning",
    "They tried to bring it to you on Thursday at noon but nobody opened the door at the address that we have",
    "They will try again tomorrow between nine and twelve and you can change the time on the page of the courier",
    "If you would rather pick it up yourself then it will wait for you at the shop around the corner for ten days",
    "The price of the delivery has been paid already so there is nothing that you have to have ready",
)
# Longer than what lies between two sentences, and than a pause within one.
_QUIET_S: Final = 0.45
_JUDGED_AFTER_S: Final = 3.0
_HEARD_WITHIN_S: Final = 6.0


class Sample(Protocol):
    """A clip of benchmarks.voice_clips. samples: float32 mono at 16 kHz. kind: what it is, such as cough."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def samples(self) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Spoken:
    """What became of one clip that was spoken while the assistant spoke.

    stopped_s: from its first sound until the assistant fell silent; None if it did not, or was between two sentences.
    goes_on: the assistant speaks again or still. heard: it became a message. interrupted: a message that says so.
    gap_s: longest silence of the assistant meanwhile.
    """

    name: str
    kind: str
    stopped_s: float | None
    goes_on: bool
    heard: bool
    interrupted: bool
    gap_s: float


@dataclass
class Invented:
    """clips: how many were played. heard: names of those that became a message; remarked: of those told as no words.

    kinds: how many of each.
    """

    clips: int = 0
    heard: list[str] = field(default_factory=list)
    remarked: list[str] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)


async def speak_over(
    process: VoiceProcess, on_the_line: Customers, samples: Iterable[Sample], *, seed: int, told: Any = None
) -> list[Spoken]:
    """Speak each clip while a long answer is read out. seed: of the moment within the answer."""
    rng, found = random.Random(seed), []
    with tempfile.TemporaryDirectory() as folder:
        for number, sample in enumerate(samples):
            file = keep(sample.samples, Path(folder), str(number))
            # A call of its own each: nothing of an earlier clip is left in the turn.
            async with call(process, on_the_line, voice=True) as (side, line):
                found.append(await _speak_over(side, line, sample, file, rng.uniform(0.8, 3.0)))
            if told:
                told()
    return found


async def _speak_over(side: Call, line: CustomerLine, sample: Sample, file: str, after_s: float) -> Spoken:
    reply = await side.say(*LONG_REPLY)
    ran = await line.run(
        ["sounding", True, 0.2, 10.0], ["rest", after_s], ["play", file, "clip"], ["rest", _JUDGED_AFTER_S]
    )
    if ran.why is not None:
        return Spoken(sample.name, sample.kind, None, False, False, False, 0.0)
    first, _ = ran.marks["clip"]
    silent = ran.silent_from(first, _QUIET_S)
    now = ran.began if not ran.sounds else ran.sounds[-1][1]
    goes_on = now > ran.marks["clip"][1] + _JUDGED_AFTER_S - 2 * _QUIET_S
    heard = None
    if not goes_on:
        heard = await side.wait(wire.Heard, _HEARD_WITHIN_S, since=ran.began)
    heard_any = heard or next((message for _, message in side.told(wire.Heard, ran.began)), None)
    was_sounding = any(begin <= first <= end for begin, end in ran.sounds)
    return Spoken(
        sample.name,
        sample.kind,
        None if silent is None or not was_sounding else silent - first,
        goes_on,
        heard_any is not None,
        heard_any is not None and heard_any.interrupted == reply,
        longest_gap(ran.sounds, first),
    )


def longest_gap(sounds: Sequence[tuple[float, float]], since: float) -> float:
    """The longest silence between two sounds that ends after `since`, in seconds; 0 without one."""
    pairs = itertools.pairwise(sounds)
    return max((begin - end for (_, end), (begin, _) in pairs if begin > since), default=0.0)


async def play_to_silence(
    process: VoiceProcess, on_the_line: Customers, samples: Sequence[Sample], *, told: Any = None, at_once: int = 1
) -> Invented:
    """Play each clip into a call of its own while nothing is being said. at_once: calls side by side."""
    found, places = Invented(), asyncio.Semaphore(at_once)

    async def play(sample: Sample, file: str) -> None:
        async with places, call(process, on_the_line, voice=True) as (side, line):
            ran = await line.run(["rest", 0.2], ["play", file, "clip"], ["rest", 1.5])
            heard = await side.wait(wire.Heard, 1.5 if ran.why is None else 0)
            remarked = side.told(wire.NotHeard)
        found.clips += 1
        found.kinds[sample.kind] = found.kinds.get(sample.kind, 0) + 1
        if heard is not None:
            found.heard.append(sample.name)
        if remarked:
            found.remarked.append(sample.name)
        if told:
            told()

    with tempfile.TemporaryDirectory() as folder:
        async with asyncio.TaskGroup() as tasks:
            for number, sample in enumerate(samples):
                tasks.create_task(play(sample, keep(sample.samples, Path(folder), str(number))))
    return found
