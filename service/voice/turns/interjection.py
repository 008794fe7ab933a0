"""Sounds of the customer while the assistant speaks, until it is known what they were."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.voice.turns import words
from service.voice.turns.commands import Command, Ignored, IgnoredSound, TranscribeSegment
from service.voice.turns.floor import BotFloor
from service.voice.turns.hums import is_hum
from service.voice.turns.settings import TurnSettings
from service.voice.turns.tape import Tape
from service.voice.turns.turn import SHORT_S, Segment
from vocabulary import SAMPLE_RATE_HZ

_MARGIN_S: Final = 0.2
# Longer sounds are never only a sign of listening, whatever words are made out in them.
_LONGEST_BACKCHANNEL_S: Final = 2.0
# Over the assistant, doubt weighs more: what is not believed costs a gap only.
_LEAST_CONFIDENCE: Final = 0.66
# Nobody speaks faster; a hum of 200 ms of which two words are made does. The ends of words are below Silero's marks.
_MOST_LETTERS_PER_S: Final = 22.0
_ENDS_S: Final = 0.1
# Frames of 32 ms in which more than the echo is heard, and for how long it has been there by then.
_UNLIKE_ECHO: Final = 3
_SINCE_S: Final = 0.15
# A voice taken for an echo at first began where it rose over what came before it, at most so much earlier.
_EARLIER_S: Final = 1.2
_RISE: Final = 0.4
_WORD_GAP_FRAMES: Final = 4
_LEVEL_FRAME: Final = 512
# Until the way of the echo is known, a sound right after the assistant's beginning is listened to for longer.
_FIRST_ECHO_S: Final = 0.4
# Silero's word for it: the assistant does not fall silent for a sound that is hardly a voice.
_LEAST_PEAK: Final = 0.75
# An answer may begin before the question has quite ended.
_ANSWERS_EARLY_S: Final = 0.5


def is_unclear(text: str, confidence: float | None, seconds: float, *, asked: bool = False) -> bool:
    """Whether a short sound's words are too doubtful to take the floor from the assistant for them.

    "Stop" and "wait" never are; "no" may be, for hums are taken for it. seconds: of voice.
    """
    meant = words.meaning(text, asked=asked)
    if words.is_command(text) or meant not in ("words", "stop"):
        return False
    if words.says_nothing(text):
        return True
    if sum(letter.isalnum() for letter in text) > _MOST_LETTERS_PER_S * (seconds + _ENDS_S):
        return True
    return confidence is not None and confidence < _LEAST_CONFIDENCE


def _levels(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """RMS of each frame of 32 ms, counted from the end, (n_frames,)."""
    frames = samples[samples.size % _LEVEL_FRAME :].reshape(-1, _LEVEL_FRAME)
    found: NDArray[np.float32] = np.sqrt(np.mean(np.square(frames), axis=1, dtype=np.float32))
    return found


@dataclass
class Verdict:
    """What is to be done now, and the segments with which the customer takes the floor, if they do."""

    commands: list[Command] = field(default_factory=list)
    taken: list[Segment] = field(default_factory=list)


class Interjections:
    """The segments that are not decided yet. Pauses the assistant; resuming is for the turn taker to say."""

    def __init__(self, settings: TurnSettings, floor: BotFloor, tape: Tape, number: Callable[[], int]) -> None:
        self._settings = settings
        self._floor = floor
        self._tape = tape
        self._number = number
        self._segments: list[Segment] = []
        self._probes: dict[int, Segment] = {}
        self._running: Segment | None = None

    @property
    def undecided(self) -> bool:
        """Whether the words of a sound that has ended are still to come."""
        return any(segment is not self._running for segment in self._segments)

    def holds(self, segment: Segment) -> bool:
        """Whether it is one of these."""
        return any(segment is each for each in self._segments)

    def begin(self, segment: Segment) -> None:
        """A sound has begun."""
        self._segments.append(segment)
        self._running = segment

    def during(self, segment: Segment, at: float) -> Verdict:
        """More of it: an echo is let be, a voice silences the assistant, a hum is given a moment."""
        length_s = segment.end - segment.start
        if self._hears_itself(segment, at):
            return Verdict()
        react_s = _FIRST_ECHO_S if self._floor.may_just_echo(segment.start) else self._settings.react_s
        if length_s < react_s or segment.peak < _LEAST_PEAK:
            return Verdict()
        segment.cleared = True
        if not segment.over_bot:
            # The assistant has ended and this is no echo of it: the customer simply speaks.
            return self._taken([segment])
        if length_s < self._settings.hum_s and is_hum(self._tape.cut(segment.start, at)):
            return Verdict()
        if segment.is_noise:
            return Verdict(self._probe(segment, at))
        return Verdict(self._floor.pause(at) + self._probe(segment, at))

    def end(self, segment: Segment, at: float) -> list[Command]:
        """The sound has ended; its words are asked for, unless it needs none."""
        self._running = None
        if segment.is_echo or self._was_echo(segment):
            return self._drop(segment, "echo")
        samples = self._tape.cut(segment.sound_from - _MARGIN_S, segment.end + _MARGIN_S)
        return [TranscribeSegment(segment.number, segment.start, segment.end, samples)]

    def heard(self, number: int, text: str, confidence: float | None, at: float) -> Verdict:
        """The words of one of them, or of a probe."""
        if number in self._probes:
            return self._probed(self._probes.pop(number), text, at)
        found = [each for each in self._segments if each.number == number]
        if not found:
            return Verdict()
        segment = found[0]
        segment.text, segment.confidence = text, confidence
        meaning = words.meaning(text, asked=self._answers(segment))
        length_s = segment.end - segment.start
        short = length_s <= _LONGEST_BACKCHANNEL_S
        if meaning == "nothing":
            return Verdict(self._drop(segment, "noise"))
        asked = self._answers(segment)
        if segment.over_bot and length_s <= SHORT_S and is_unclear(text, confidence, length_s, asked=asked):
            return Verdict(self._drop(segment, "unclear"))
        if meaning in ("backchannel", "filler") and short and segment.over_bot:
            return Verdict(self._drop(segment, "backchannel"))
        return self._taken(list(self._segments))

    def _probe(self, segment: Segment, at: float) -> list[Command]:
        since = at - (segment.probed_at if segment.probes else segment.start)
        if since < self._settings.probe_s * (1 + segment.probes) or segment.number in (
            each.number for each in self._probes.values()
        ):
            return []
        segment.probes += 1
        segment.probed_at = at
        number = self._number()
        self._probes[number] = segment
        start = max(segment.start - _MARGIN_S, at - self._settings.longest_segment_s)
        return [TranscribeSegment(number, segment.start, at, self._tape.cut(start, at), probe=True)]

    def _probed(self, segment: Segment, text: str, at: float) -> Verdict:
        if segment is not self._running:
            return Verdict()
        meaning = words.meaning(text, asked=self._answers(segment))
        if meaning == "nothing":
            # Music, or a machine: the assistant goes on over it until there are words.
            segment.is_noise = True
            return Verdict(self._floor.resume(at))
        if meaning in ("backchannel", "filler"):
            return Verdict()
        return self._taken(list(self._segments))

    def _hears_itself(self, segment: Segment, at: float) -> bool:
        if segment.cleared:
            return False
        if not segment.may_echo:
            return False
        if self._floor.echo.is_echo(segment.end, was_echo=segment.is_echo):
            segment.is_echo, segment.unlike_echo = True, 0
        elif segment.is_echo:
            segment.unlike_echo += 1
            if segment.unlike_echo >= _UNLIKE_ECHO:
                # The customer has begun to speak over the echo.
                segment.is_echo = False
                sure = at - self._settings.react_s - _SINCE_S
                segment.start = segment.sound_from = self._rose_at(max(segment.start, sure - _EARLIER_S), sure, at)
        return segment.is_echo

    def _rose_at(self, earliest: float, sure: float, at: float) -> float:
        """Where the voice that is there since `sure` rose over the fainter echo; `earliest` if there was no such place.

        What is believed an echo may be the customer's first word: it must not be lost for that.
        """
        level = _levels(self._tape.cut(sure, at)).max(initial=0.0)
        before = _levels(self._tape.cut(earliest, sure))
        loud = np.flatnonzero(before > _RISE * level)
        first = len(before)
        for frame in loud[::-1]:
            if first - frame > _WORD_GAP_FRAMES:
                break
            first = int(frame)
        return max(earliest, sure - (len(before) - first) * _LEVEL_FRAME / SAMPLE_RATE_HZ)

    def _was_echo(self, segment: Segment) -> bool:
        """Whether a sound that was too short to be judged while it sounded, or came with the end, was an echo."""
        return segment.may_echo and not segment.cleared and self._floor.echo.is_echo(segment.end, was_echo=True)

    def _answers(self, segment: Segment) -> bool:
        """Whether the assistant's question is what the sound may answer."""
        late = not self._floor.sounds and segment.end > self._floor.ended_at - _ANSWERS_EARLY_S
        return self._floor.asks and (self._floor.sounds or late)

    def _taken(self, segments: list[Segment]) -> Verdict:
        self._segments = [each for each in self._segments if not any(each is one for one in segments)]
        self._probes = {number: each for number, each in self._probes.items() if self.holds(each)}
        if self._running is not None and not self.holds(self._running):
            self._running = None
        return Verdict(taken=segments)

    def _drop(self, segment: Segment, why: Ignored) -> list[Command]:
        self._taken([segment])
        return [IgnoredSound(why, segment.start, segment.end)]
