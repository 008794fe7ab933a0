"""`python -m benchmarks.voice_turns`: what the turn taking makes of a customer's sounds while the assistant speaks.

Everything is real but the clock: Silero, the recogniser with its guards, the turn taking. The time that the recogniser
takes is measured and counted. One JSON object on stdout.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks import voice_clips
from benchmarks.voice_clips import Split, VoiceClip, spoken
from service.voice.turns import (
    CancelBot,
    Command,
    IgnoredSound,
    JudgeEnd,
    PauseBot,
    ResumeBot,
    TranscribeSegment,
    TurnEnded,
    TurnSettings,
    TurnTaker,
)
from speech import LiveActivity, open_transcriber
from vocabulary import SAMPLE_RATE_HZ, Clip

Sound = NDArray[np.float32]
Hear = Callable[[Sound], tuple[str, float | None, float]]
_REPLY = (
    "Your parcel left our warehouse on Monday morning, and the carrier expects to bring it on Thursday before noon. "
    "You can follow it on the page of your order, and we will send you a message when it is on its way to your door."
)
_BLOCK = 512
_LEAD_S = 2.0
_TAIL_S = 5.0


@dataclass
class Outcome:
    """What happened to one sound, in seconds after it began. texts: of the turns that ended."""

    paused: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    cancelled: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    heard: list[tuple[str, float | None, float]] = field(default_factory=list)


def transcribing() -> Hear:
    """The recogniser that this machine has, behind its guards: text, least confidence, seconds taken."""
    transcriber = open_transcriber()
    transcriber.warm_up()

    def hear(samples: Sound) -> tuple[str, float | None, float]:
        began = time.perf_counter()
        found = transcriber.transcribe(Clip(samples))
        confidences = [word.confidence for word in found.words if word.confidence is not None]
        return found.text, min(confidences, default=None), time.perf_counter() - began

    return hear


def play(
    customer: Sound,
    reply: Sound | None,
    hear: Hear,
    *,
    settings: TurnSettings | None = None,
    echo: Callable[[Sound], Sound] | None = None,
    sounds_at: float = 0.0,
) -> Outcome:
    """The customer's sound over the reply, on a clock of 32 ms. echo: what of the played sound the microphone hears."""
    taker, activity = TurnTaker(settings or TurnSettings(strategy="timeout")), LiveActivity()
    out, due, place, playing = Outcome(), [], 0, reply is not None
    played = np.zeros(customer.size + _BLOCK, dtype=np.float32)

    def obey(commands: list[Command]) -> None:
        nonlocal playing
        for command in commands:
            match command:
                case TranscribeSegment():
                    text, confidence, took_s = hear(command.samples)
                    out.heard.append((text, confidence, round(command.end - command.start, 2)))
                    due.append((now + took_s, command.segment, text, confidence))
                case PauseBot():
                    out.paused.append(now - sounds_at)
                    playing = False
                case ResumeBot():
                    out.gaps.append(command.gap_s)
                    playing = True
                case CancelBot():
                    out.cancelled.append(now - sounds_at)
                    playing = False
                case TurnEnded():
                    out.texts.append(command.text)
                case IgnoredSound():
                    out.ignored.append(command.why)
                case JudgeEnd():
                    obey(taker.end_judged(command.segment, None, now))

    now = 0.0
    if reply is not None:
        obey(taker.bot_began(0.0))
    for first in range(0, customer.size - _BLOCK + 1, _BLOCK):
        now = (first + _BLOCK) / SAMPLE_RATE_HZ
        if reply is not None and playing and place < reply.size:
            block = reply[place : place + _BLOCK]
            played[first : first + block.size] = block
            place += _BLOCK
            taker.bot_pcm(played[first : first + _BLOCK], now)
            if place >= reply.size:
                obey(taker.bot_ended(now))
        microphone = customer[first : first + _BLOCK]
        if echo is not None:
            microphone = microphone + echo(played[: first + _BLOCK])[-_BLOCK:]
        for item in sorted(one for one in due if one[0] <= now):
            due.remove(item)
            obey(taker.segment_heard(item[1], item[2], item[3], now))
        for frame, probability in activity.feed(microphone):
            obey(taker.sound(frame, now, probability))
    return out


def in_silence(clip: VoiceClip, lead_s: float = _LEAD_S, tail_s: float = _TAIL_S) -> tuple[Sound, float]:
    """The clip with faint hiss before, under and after it, and when its sound begins."""
    random = np.random.default_rng(len(clip.name))
    total = round((lead_s + tail_s) * SAMPLE_RATE_HZ) + clip.samples.size
    sound = (1e-4 * random.standard_normal(total)).astype(np.float32)
    first = round(lead_s * SAMPLE_RATE_HZ)
    sound[first : first + clip.samples.size] += clip.samples
    return np.clip(sound, -1, 1), lead_s + clip.starts_at_s


def over_reply(clips: Iterator[VoiceClip], reply: Sound, hear: Hear) -> list[tuple[VoiceClip, Outcome]]:
    """Each clip while the assistant reads the reply out."""
    found = []
    for clip in clips:
        sound, begins = in_silence(clip)
        found.append((clip, play(sound, reply, hear, sounds_at=begins)))
    return found


def room(delay_s: float, level_db: float, seed: int, decay_s: float = 0.3) -> Callable[[Sound], Sound]:
    """A loudspeaker and a room: what was played so far becomes what a microphone hears of it, the last block right."""
    random = np.random.default_rng(seed)
    size = round(decay_s * SAMPLE_RATE_HZ)
    answer = 0.3 * random.standard_normal(size) * np.exp(-6.9 * np.arange(size) / size)
    answer[0] = 4.0
    answer *= 10 ** (level_db / 20) / np.sqrt((answer**2).sum())
    delay = round(delay_s * SAMPLE_RATE_HZ)

    def heard(played: Sound) -> Sound:
        last = np.zeros(_BLOCK + size - 1)
        stop = played.size - delay
        part = played[max(0, stop - last.size) : max(0, stop)]
        last[last.size - part.size :] = part
        return np.convolve(last, answer, mode="valid").astype(np.float32)

    return heard


def _share(part: int, of: int) -> float:
    return round(part / of, 4) if of else 0.0


def _quantile(values: list[float], share: float) -> float | None:
    return round(float(np.quantile(values, share)), 3) if values else None


def measured(split: Split, hear: Hear, *, only: str | None, count: int | None, tell: bool) -> dict[str, object]:
    """All figures of one half. tell: each clip that went wrong, on stderr."""
    reply = spoken(_REPLY, "slt")
    result: dict[str, object] = {"split": split}

    def note(clip: VoiceClip, out: Outcome) -> None:
        if tell:
            sys.stderr.write(f"{clip.kind}: {clip.name}: {out}\n")

    if only in (None, "backchannels"):
        held = over_reply(voice_clips.backchannels(split, count or 40), reply, hear)
        wrong = [(clip, out) for clip, out in held if out.cancelled]
        gaps = [sum(out.gaps) for _, out in held if out.gaps]
        for clip, out in held if tell else []:
            note(clip, out)
        result["backchannels"] = {
            "clips": len(held),
            "stopped": _share(len(wrong), len(held)),
            "with_a_gap": _share(len(gaps), len(held)),
            "gap_p50_s": _quantile(gaps, 0.5),
            "gap_p95_s": _quantile(gaps, 0.95),
        }
    if only in (None, "interruptions"):
        broken = over_reply(voice_clips.interruptions(split, count or 40), reply, hear)
        missed = [(clip, out) for clip, out in broken if not out.cancelled or not out.texts]
        for clip, out in missed:
            note(clip, out)
        quiet = [min(out.paused + out.cancelled) for _, out in broken if out.paused or out.cancelled]
        result["interruptions"] = {
            "clips": len(broken),
            "missed": _share(len(missed), len(broken)),
            "quiet_p50_s": _quantile(quiet, 0.5),
            "quiet_p95_s": _quantile(quiet, 0.95),
        }
    for name, clips in (("non_speech", voice_clips.non_speech), ("bursts", voice_clips.bursts)):
        if only in (None, name):
            result[name] = _texts(clips(split, count or (200 if name == "non_speech" else 80)), hear, note)
    if only in (None, "echo"):
        result["echo"] = _echoes(split, reply, hear, count or 18, note)
    return result


def _texts(clips: Iterator[VoiceClip], hear: Hear, note: Callable[[VoiceClip, Outcome], None]) -> dict[str, object]:
    texts, total = Counter[str](), 0
    for clip in clips:
        sound, begins = in_silence(clip, lead_s=0.5, tail_s=4.0)
        out = play(sound, None, hear, sounds_at=begins)
        total += 1
        texts.update(out.texts)
        if out.texts:
            note(clip, out)
    return {"clips": total, "texts": sum(texts.values()), "what": dict(texts)}


def _echoes(
    split: Split, reply: Sound, hear: Hear, count: int, note: Callable[[VoiceClip, Outcome], None]
) -> dict[str, object]:
    random = np.random.default_rng(11 if split == "tune" else 12)
    stopped = paused = missed = spoke = 0
    quiet: list[float] = []
    talkers = list(voice_clips.interruptions(split, count))
    for number in range(count):
        path = room(random.uniform(0.0, 0.6), random.uniform(-40, -5), number, random.uniform(0.15, 0.5))
        alone = (1e-4 * random.standard_normal(reply.size + 2 * SAMPLE_RATE_HZ)).astype(np.float32)
        out = play(alone, reply, hear, echo=path)
        stopped += bool(out.cancelled or out.texts)
        paused += bool(out.paused)
        if out.paused or out.texts:
            note(VoiceClip(f"echo {number}", "echo", alone, ""), out)
        clip = talkers[number]
        sound, begins = in_silence(clip, lead_s=3.0)
        out = play(sound, reply, hear, echo=path, sounds_at=begins)
        spoke += 1
        missed += not out.cancelled
        after = [one for one in out.paused + out.cancelled if one > 0]
        quiet += [min(after)] if after and out.cancelled else []
        if not out.cancelled:
            note(clip, out)
    return {
        "rooms": count,
        "echo_stopped": _share(stopped, count),
        "echo_paused": _share(paused, count),
        "over_echo_missed": _share(missed, spoke),
        "over_echo_quiet_p95_s": _quantile(quiet, 0.95),
    }


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice_turns", description=__doc__)
    parser.add_argument("--split", choices=("tune", "report"), default="report")
    parser.add_argument("--only", choices=("backchannels", "interruptions", "non_speech", "bursts", "echo"))
    parser.add_argument("--count", type=int, help="clips of each kind (default: 40, 40, 200, 80, 18)")
    parser.add_argument("--tell", action="store_true", help="what went wrong, clip by clip, on stderr")
    chosen = parser.parse_args(arguments)
    found = measured(chosen.split, transcribing(), only=chosen.only, count=chosen.count, tell=chosen.tell)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
