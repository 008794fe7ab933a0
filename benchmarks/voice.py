"""Live calls as a customer hears them: how soon an answer sounds, how turns are taken, what one process carries."""

import asyncio
import os
import platform
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import voice_clips
from benchmarks.stack import Stack
from benchmarks.voice_answers import Question, framework, percentiles, questions, real, stage_percentiles, summary
from benchmarks.voice_control import VoiceBenchError, voice_process
from benchmarks.voice_customers import Customers, customers
from benchmarks.voice_load import memory, most_calls
from benchmarks.voice_over import play_to_silence, speak_over
from service import Settings

PARTS: Final = ("reply", "framework", "barge-in", "backchannels", "interruptions", "invented", "load")
STUBBED: Final = "benchmarks.voice_process"
REPORTED: Final = "report"
_SEED: Final = 7

Told = Callable[[str, int, int], None]
"""What is measured now, how many are done, how many there are."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured. calls: numbers of calls at once that are tried, ascending; turns: questions in each."""

    questions: int
    over_speech: int
    silence: int
    calls: tuple[int, ...]
    turns: int
    memory_calls: int


SMALL: Final = Sizes(questions=4, over_speech=4, silence=10, calls=(3,), turns=2, memory_calls=10)
FULL: Final = Sizes(questions=36, over_speech=40, silence=200, calls=(4, 8, 12, 16), turns=4, memory_calls=200)


async def bench_voice(
    only: Sequence[str] = (), *, full: bool = False, data: Path = Path("../shared/data"), told: Told | None = None
) -> dict[str, Any]:
    """Run the parts of `only`, or all.

    Result: reply_p50_s, reply_p95_s, framework_s (p95 above the silence timeout), barge_in_p95_s, backchannel_stops and
    interruptions_missed (shares), invented (clips), concurrent_calls, late_frames (a share); None for what was not
    measured. parts: all that each part found. data: natural recordings; left out where it is absent.
    Raises: VoiceBenchError.
    """
    unknown = sorted(set(only) - set(PARTS))
    if unknown:
        raise VoiceBenchError(f"{', '.join(unknown)} is no part of this bench; the parts are {', '.join(PARTS)}.")
    bench = _Bench(FULL if full else SMALL, data, told or (lambda *_: None))
    wanted = [part for part in PARTS if not only or part in only]
    async with customers() as on_the_line:
        with tempfile.TemporaryDirectory() as folder:
            await bench.run(wanted, on_the_line, Path(folder))
    return {**dict.fromkeys(_HEADLINES), **bench.headlines, "machine": machine(), "full": full, "parts": bench.parts}


_HEADLINES: Final = (
    *("reply_p50_s", "reply_p95_s", "framework_s", "barge_in_p95_s", "backchannel_stops", "interruptions_missed"),
    *("invented", "concurrent_calls", "late_frames"),
)


class _Bench:
    def __init__(self, sizes: Sizes, data: Path, told: Told) -> None:
        self.sizes, self.data, self.told = sizes, data, told
        self.headlines: dict[str, Any] = {}
        self.parts: dict[str, Any] = {}

    async def run(self, wanted: Sequence[str], on_the_line: Customers, folder: Path) -> None:
        """Each group of parts has processes of its own, one after the other: nothing else runs beside a measure."""
        if {"framework", "load"} & set(wanted):
            asked = questions(self.sizes.questions, self.data)
            waits = {"ATTUNE_VOICE_CALLS": "64", "ATTUNE_TURN_STRATEGY": "timeout"}
            with voice_process(folder / "stubbed", module=STUBBED, environment=waits) as process:
                await process.wait_ready()
                if "framework" in wanted:
                    self._framework(await framework(process, on_the_line, asked, self._count("framework", len(asked))))
                if "load" in wanted:
                    await self._load(process, on_the_line, asked)
        if {"barge-in", "backchannels", "interruptions", "invented"} & set(wanted):
            with voice_process(folder / "voice") as process:
                await process.wait_ready()
                await self._turns(process, on_the_line, wanted)
        if "reply" in wanted:
            await self._reply(on_the_line, folder / "stack")

    def _count(self, what: str, total: int) -> Callable[[], None]:
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            self.told(what, done, total)

        self.told(what, 0, total)
        return one_more

    def _framework(self, found: list[Any]) -> None:
        silence_s = Settings().turn_silence_s
        result = summary(found)
        result["silence_timeout_s"] = silence_s
        for percent in ("p50_s", "p95_s"):
            value = result.pop(percent)
            result[f"above_timeout_{percent}"] = None if value is None else round(value - silence_s, 3)
        self.parts["framework"] = result
        self.headlines["framework_s"] = result["above_timeout_p95_s"]

    async def _load(self, process: Any, on_the_line: Customers, asked: Sequence[Question]) -> None:
        self.told("load", 0, 1)
        short = sorted(asked, key=lambda one: len(one.samples))[:6]
        most, results = await most_calls(process, on_the_line, short, self.sizes.calls, self.sizes.turns)
        held = next((one for one in reversed(results) if one["calls"] == most), results[-1])
        kept = self.sizes.memory_calls
        grown = await memory(process, on_the_line, short[0], calls=kept, told=self._count("memory", kept))
        self.parts["load"] = {"tried": results, "memory": grown}
        self.headlines |= {"concurrent_calls": most, "late_frames": held["late_frames"]}

    async def _turns(self, process: Any, on_the_line: Customers, wanted: Sequence[str]) -> None:
        if {"barge-in", "interruptions"} & set(wanted):
            clips = _some(voice_clips.interruptions(REPORTED), self.sizes.over_speech)
            spoken = await speak_over(
                process, on_the_line, clips, seed=_SEED, told=self._count("interruptions", len(clips))
            )
            times = [one.stopped_s for one in spoken if one.interrupted and one.stopped_s is not None]
            missed = [one.name for one in spoken if not one.interrupted]
            self.parts["interruptions"] = {
                "clips": len(spoken),
                "split": REPORTED,
                "missed": missed,
                "timed": len(times),
                **percentiles(times),
                "each": [asdict(one) for one in spoken],
            }
            self.headlines["barge_in_p95_s"] = percentiles(times)["p95_s"]
            self.headlines["interruptions_missed"] = round(len(missed) / len(spoken), 4)
        if "backchannels" in wanted:
            clips = _some(voice_clips.backchannels(REPORTED), self.sizes.over_speech)
            spoken = await speak_over(
                process, on_the_line, clips, seed=_SEED + 1, told=self._count("backchannels", len(clips))
            )
            stopped = [one.name for one in spoken if not one.goes_on or one.heard]
            gaps = [one.gap_s for one in spoken if one.goes_on and one.gap_s > _AUDIBLE_GAP_S]
            self.parts["backchannels"] = {
                "clips": len(spoken),
                "split": REPORTED,
                "stopped": stopped,
                "with_a_gap": len(gaps),
                "longest_gap_s": round(max(gaps, default=0.0), 3),
                "each": [asdict(one) for one in spoken],
            }
            self.headlines["backchannel_stops"] = round(len(stopped) / len(spoken), 4)
        if "invented" in wanted:
            clips = _some(voice_clips.non_speech(REPORTED), self.sizes.silence)
            told = self._count("invented", len(clips))
            played = await play_to_silence(process, on_the_line, clips, told=told, at_once=_CALLS_AT_ONCE)
            self.parts["invented"] = {**asdict(played), "split": REPORTED}
            self.headlines["invented"] = len(played.heard)

    async def _reply(self, on_the_line: Customers, home: Path) -> None:
        stack = Stack(home, extra_environment={"ATTUNE_VOICE_WARM": "true"})
        await asyncio.to_thread(stack.set_up)
        stack.start()
        try:
            await asyncio.to_thread(stack.wait_ready)
            asked = questions(self.sizes.questions, self.data)
            warm, *_ = asked
            await real(stack, on_the_line, [warm])
            found, stages = await real(stack, on_the_line, asked, told=self._count("reply", len(asked)))
        finally:
            await asyncio.to_thread(stack.stop)
        result = summary(found)
        self.headlines |= {"reply_p50_s": result["p50_s"], "reply_p95_s": result["p95_s"]}
        self.parts["reply"] = {
            **result,
            "stages": stage_percentiles(stages),
            "natural": summary([one for one in found if one.natural]),
            "by_flite": summary([one for one in found if not one.natural]),
        }


# Nothing is timed in them.
_CALLS_AT_ONCE: Final = 6
# What lies between two sentences of the long answer, with room for a slow voice.
_AUDIBLE_GAP_S: Final = 0.45


def _some(clips: Any, count: int) -> list[Any]:
    """`count` of the clips, of all kinds alike: drawn with one seed, so that a small run is a part of the full one."""
    found = list(clips)
    return found if count >= len(found) else random.Random(_SEED).sample(found, count)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.machine(),
    }
