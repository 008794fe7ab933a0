"""From the end of what a customer says to the first sound of the answer, as it arrives at their end of the line."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from numpy.typing import NDArray

from benchmarks.speech_sentences import MEASURED, VOICES
from benchmarks.speech_voices import has_voices, spoken
from benchmarks.stack import Customer, Stack
from benchmarks.voice_control import VoiceBenchError, VoiceProcess, call
from benchmarks.voice_customers import CustomerLine, Customers
from benchmarks.voice_line import keep
from service.calls import wire
from speech import decode
from vocabulary import SAMPLE_RATE_HZ

STUBBED_ANSWER: Final = "Your order is on its way"
_ANSWER_WITHIN_S: Final = 20.0
_QUIET_S: Final = 0.7
_CALL_WITHIN_S: Final = 60.0
_STRETCH: Final = SAMPLE_RATE_HZ // 100
_FADED_DB: Final = 35.0
# The assistant may speak for half a minute; a slow machine makes it no longer.
_SPOKEN_WITHIN_S: Final = 60.0


@dataclass(frozen=True)
class Question:
    """A clip that is said whole. natural: recorded from a person, not made by a synthesiser."""

    name: str
    samples: NDArray[np.float32]
    natural: bool


@dataclass(frozen=True)
class Answered:
    """One question's answer. first_audio_s: from its last audible sample; None: not answered in time.

    stages: as the voice process measured them, if it told.
    """

    name: str
    natural: bool
    first_audio_s: float | None
    stages: dict[str, float | None] | None = None


def questions(count: int, data: Path) -> list[Question]:
    """`count` questions by flite voices, which no recogniser was tuned on, and the natural recordings that are here.

    data: folder with speech/timit_like; may be absent.
    Raises: VoiceBenchError without flite.
    """
    if not has_voices():
        raise VoiceBenchError("flite is not installed, so nobody can ask. Run: apt-get install flite")
    found = []
    for number, voice in enumerate(VOICES):
        chosen = MEASURED[number : count + number : len(VOICES)]
        for text, clip in spoken(chosen, voice):
            found.append(Question(f"{voice}: {text}", _to_its_end(clip.samples), False))
    return found[:count] + natural(data)


def natural(data: Path) -> list[Question]:
    """Recordings of people who read one sentence; none where the folder is absent."""
    files = sorted((data / "speech" / "timit_like").glob("*.wav"))
    return [Question(path.name, _to_its_end(decode(path).samples), True) for path in files]


def _to_its_end(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without what follows the last 10 ms that are within _FADED_DB of the loudest 10 ms: a room's noise, a breath."""
    stretches = samples[: len(samples) // _STRETCH * _STRETCH].reshape(-1, _STRETCH)
    level = np.sqrt(np.mean(np.square(stretches), axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (-_FADED_DB / 20))
    return samples[: (int(loud[-1]) + 1) * _STRETCH]


async def framework(
    process: VoiceProcess, on_the_line: Customers, asked: Sequence[Question], told: Callable[[], None] | None = None
) -> list[Answered]:
    """What a call costs when recogniser and dialogue answer at once: `process` runs benchmarks.voice_process."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number, question in enumerate(asked):
            file = keep(question.samples, Path(folder), str(number))
            async with call(process, on_the_line, replies=lambda _: (STUBBED_ANSWER,)) as (side, line):
                await line.run(["rest", 0.5])
                found.append(await _asked(line, question, file))
                measured = await side.wait(wire.Measured, 1.0)
                if measured is not None:
                    found[-1] = _with(found[-1], measured.stages)
            if told:
                told()
    return found


async def real(
    stack: Stack,
    on_the_line: Customers,
    asked: Sequence[Question],
    *,
    turns: int = 4,
    told: Callable[[], None] | None = None,
) -> tuple[list[Answered], list[dict[str, float]]]:
    """Through all real processes: `turns` questions in each call, consent to text and voice given.

    Result: the answers as they were heard, and the stages of all turns as the web process stored them.
    """
    found: list[Answered] = []
    stages: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, len(asked), turns):
            async with web_call(stack, on_the_line, "text", "voice") as (customer, line):
                # The greeting, if there is one, is heard out.
                await line.run(["rest", 1.5], ["sounding", False, _QUIET_S, _SPOKEN_WITHIN_S])
                for number, question in enumerate(asked[first : first + turns], first):
                    found.append(await _asked(line, question, keep(question.samples, Path(folder), str(number))))
                    if told:
                        told()
            stages += await _stages(stack, customer.id)
    return found, stages


async def _stages(stack: Stack, conversation: str) -> list[dict[str, float]]:
    db = stack.database()
    try:
        async with db.reading() as tx:
            return [turn.stages() for turn in (await tx.calls.turns(conversation)).values()]
    finally:
        await db.close()


@asynccontextmanager
async def web_call(stack: Stack, on_the_line: Customers, *signals: str) -> AsyncIterator[tuple[Customer, CustomerLine]]:
    """A call of a new customer through the web process, its sound by WebSocket. Raises: VoiceBenchError."""
    with httpx.Client(base_url=stack.url, timeout=30) as client:
        customer = await asyncio.to_thread(Customer, client)
        client.headers["Authorization"] = f"Bearer {customer.token}"
        for signal in signals:
            await asyncio.to_thread(customer.consent, signal, granted=True)
        path = f"/api/conversations/{customer.id}/calls"
        name = await _begun(client, path)
        url = f"{stack.url.replace('http', 'ws', 1)}{path}/{name}/audio"
        async with on_the_line.line(url, hello={"type": "auth", "token": customer.token}) as line:
            try:
                yield customer, line
            finally:
                await asyncio.to_thread(client.delete, f"{path}/{name}")


async def _begun(client: httpx.Client, path: str) -> str:
    """The new call's id. The voice process may still be starting."""
    deadline = time.monotonic() + _CALL_WITHIN_S
    while True:
        begun = await asyncio.to_thread(client.post, path, json={"transport": "websocket"})
        if begun.is_success:
            return str(begun.json()["call"])
        if begun.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
            raise VoiceBenchError(f"no call began: {begun.status_code} {begun.text[:200]}")
        await asyncio.sleep(1.0)


async def _asked(line: CustomerLine, question: Question, file: str) -> Answered:
    ran = await line.run(
        ["sounding", False, _QUIET_S, _SPOKEN_WITHIN_S],
        ["play", file, "question"],
        ["sounding", True, 0.0, _ANSWER_WITHIN_S],
        ["sounding", False, _QUIET_S, _SPOKEN_WITHIN_S],
    )
    first_audio: float | None = None
    if ran.why is None:
        _, ended = ran.marks["question"]
        at = ran.first_sound_after(ended)
        first_audio = None if at is None else at - ended
    return Answered(question.name, question.natural, first_audio)


def _with(answered: Answered, stages: wire.Stages) -> Answered:
    return Answered(answered.name, answered.natural, answered.first_audio_s, stages.model_dump())


def summary(found: Sequence[Answered]) -> dict[str, Any]:
    """Percentiles in seconds of what was answered, and how many were not."""
    times = [one.first_audio_s for one in found if one.first_audio_s is not None]
    told: dict[str, Any] = {"questions": len(found), "unanswered": len(found) - len(times), **percentiles(times)}
    told["stages"] = stage_percentiles([one.stages for one in found if one.stages])
    return told


def stage_percentiles(turns: Sequence[Mapping[str, float | None]]) -> dict[str, dict[str, float | None]]:
    """p50_s and p95_s of each stage, in seconds after the customer's last sound."""
    names = [*dict.fromkeys(name for turn in turns for name in turn)]
    return {name: percentiles([at for turn in turns if (at := turn.get(name)) is not None]) for name in names}


def percentiles(times: Sequence[float]) -> dict[str, float | None]:
    """p50_s and p95_s, None without a time."""
    if not times:
        return {"p50_s": None, "p95_s": None}
    return {f"p{p}_s": round(float(np.percentile(times, p)), 3) for p in (50, 95)}
