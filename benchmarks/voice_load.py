"""Many calls in one voice process whose recogniser answers at once, and its memory over many calls."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.voice_answers import STUBBED_ANSWER, Question, percentiles
from benchmarks.voice_control import VoiceProcess, call
from benchmarks.voice_customers import Customers
from benchmarks.voice_line import keep
from service.calls import wire

P95_S: Final = 1.0
LATE_SHARE: Final = 0.01
_ANSWER_WITHIN_S: Final = 20.0
# Says about as much as an answer of the assistant: two sentences.
_ANSWER: Final = (STUBBED_ANSWER, "It will be with you on Wednesday before noon")


async def concurrent(
    process: VoiceProcess, on_the_line: Customers, asked: Sequence[Question], *, calls: int, turns: int
) -> dict[str, Any]:
    """`calls` customers at once, each asking `turns` questions. Times as benchmarks.voice_answers measures them.

    late, frames: as the voice process counts what leaves it. heard_late: the share of frames that a customer's end got
    too late to play them without a gap.
    """
    times: list[float] = []
    totals = {"frames": 0, "late": 0, "received": 0, "received_late": 0, "unanswered": 0, "uncounted": 0}
    with tempfile.TemporaryDirectory() as folder:
        files = [keep(one.samples, Path(folder), str(number)) for number, one in enumerate(asked)]

        async def talk(number: int) -> None:
            # People do not all begin in the same moment.
            await asyncio.sleep(0.35 * number)
            async with call(process, on_the_line, replies=lambda _: _ANSWER) as (side, line):
                await line.run(["rest", 0.3])
                for turn in range(turns):
                    ran = await line.run(
                        ["play", files[(number + turn) % len(files)], "question"],
                        ["sounding", True, 0.0, _ANSWER_WITHIN_S],
                        ["sounding", False, 0.7, _ANSWER_WITHIN_S],
                    )
                    at = None if ran.why else ran.first_sound_after(ran.marks["question"][1])
                    if at is None:
                        totals["unanswered"] += 1
                    else:
                        times.append(at - ran.marks["question"][1])
                totals["received"] += ran.frames
                totals["received_late"] += ran.late
                ended = await side.end()
                if ended is None:
                    totals["uncounted"] += 1
                else:
                    totals["frames"] += ended.frames
                    totals["late"] += ended.late

        await asyncio.gather(*(talk(number) for number in range(calls)))
    result: dict[str, Any] = {"calls": calls, "questions": calls * turns, **percentiles(times), **totals}
    result["late_frames"] = round(totals["late"] / totals["frames"], 4) if totals["frames"] else None
    result["heard_late"] = round(totals["received_late"] / totals["received"], 4) if totals["received"] else None
    return result


def holds(result: dict[str, Any]) -> bool:
    """Whether a number of calls went well: all answered, quickly, in time."""
    return (
        result["unanswered"] == result["uncounted"] == 0
        and result["p95_s"] is not None
        and result["p95_s"] <= P95_S
        and result["late_frames"] is not None
        and result["late_frames"] <= LATE_SHARE
    )


async def most_calls(
    process: VoiceProcess, on_the_line: Customers, asked: Sequence[Question], tried: Sequence[int], turns: int
) -> tuple[int, list[dict[str, Any]]]:
    """The largest number of `tried` (ascending) up to which every number of calls went well; 0 if none. All results."""
    results, most = [], 0
    for calls in tried:
        results.append(await concurrent(process, on_the_line, asked, calls=calls, turns=turns))
        if not holds(results[-1]):
            break
        most = calls
    return most, results


async def memory(
    process: VoiceProcess,
    on_the_line: Customers,
    question: Question,
    *,
    calls: int,
    at_once: int = 5,
    told: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Resident memory of the process before, a fifth of the way and after so many calls, each with one answer.

    growth_kb_a_call: of the later four fifths; what is loaded with the first calls is not a leak.
    """
    before, failed, marks = process.own_mb(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        file = keep(question.samples, Path(folder), "question")

        async def talk() -> bool:
            async with call(process, on_the_line, replies=lambda _: (STUBBED_ANSWER,)) as (side, line):
                ran = await line.run(["rest", 0.2], ["play", file, "question"], ["sounding", True, 0.0, 20.0])
                heard = side.told(wire.Heard)
            if told:
                told()
            return ran.why is None and bool(heard)

        for done in range(0, calls, at_once):
            went = await asyncio.gather(*(talk() for _ in range(min(at_once, calls - done))))
            failed += went.count(False)
            marks.append((min(done + at_once, calls), process.own_mb()))
    await asyncio.sleep(1.0)
    early_calls, early_mb = next(mark for mark in marks if mark[0] >= calls / 5)
    after = process.own_mb()
    later = calls - early_calls
    return {
        "calls": calls,
        "failed": failed,
        "before_mb": round(before, 1),
        f"after_{early_calls}_mb": round(early_mb, 1),
        "after_mb": round(after, 1),
        "growth_kb_a_call": round((after - early_mb) * 1000 / later, 1) if later else None,
    }
