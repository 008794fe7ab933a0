"""Whose turn it is: sounds, words and the assistant's own speech go in with their times, and commands come out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.voice.turns import words
from service.voice.turns.commands import (
    Command,
    EndedBecause,
    Ignored,
    IgnoredSound,
    JudgeEnd,
    TranscribeSegment,
    TurnBegan,
    TurnEnded,
)
from service.voice.turns.floor import BotFloor
from service.voice.turns.gate import VoiceGate
from service.voice.turns.interjection import Interjections
from service.voice.turns.settings import TurnSettings
from service.voice.turns.tape import Tape
from service.voice.turns.turn import Segment, Turn
from vocabulary import SAMPLE_RATE_HZ

# Consonants and the breath before a word belong to what is recognised; the clip that is kept has hardly any of it.
_MARGIN_S: Final = 0.2
_CLIP_MARGIN_S: Final = 0.06
_JUDGED_S: Final = 8.0
# A line that carries no sound for so long, in the middle of a voice, has ended it.
_STILL_S: Final = 0.6
# What is kept while nobody speaks: a voice begins a little before it is noticed.
_BEFORE_S: Final = 2.0


class TurnTaker:
    """Decides when the customer's turn begins and ends, and what a sound over the assistant's speech means.

    Pure: no clock, no thread, no model of its own. Every method takes the time `at` in seconds on one clock that never
    goes back, and returns what is to be done, in order. Not for several threads at once; one for each call.
    """

    def __init__(self, settings: TurnSettings | None = None) -> None:
        self.settings = settings or TurnSettings()
        self._tape = Tape(self.settings.longest_segment_s + self.settings.longest_turn_s)
        self._gate = VoiceGate(self.settings.pause_s)
        self._floor = BotFloor()
        self._over = Interjections(self.settings, self._floor, self._tape, self._number)
        self._turn: Turn | None = None
        # Over, whatever follows; only their words are still to come.
        self._closed: list[Turn] = []
        self._segment: Segment | None = None
        self._numbers = 0
        self._turns = 0
        self._awaits: str | None = None
        self._muted = False
        self._heard_until = float("-inf")

    # What happens on the customer's side.

    def sound(self, samples: NDArray[np.float32], at: float, speech_probability: float) -> list[Command]:
        """A block of the customer's sound, at best 512 samples. at: when its last sample sounded.

        samples: (n_samples,), float32 in [-1, 1] at 16 kHz. speech_probability: Silero's for this block, 0 to 1.
        """
        if self._muted:
            return self.tick(at)
        self._heard_until = at
        self._tape.add(samples, at)
        self._floor.echo.heard(samples, at)
        change = self._gate.feed(speech_probability, at, samples.size / SAMPLE_RATE_HZ)
        found: list[Command] = []
        if change == "began":
            found += self._begin(at)
        elif change == "ended":
            found += self._end_segment(at)
        elif self._segment is not None:
            found += self._during(self._segment, at)
        return found + self.tick(at)

    def segment_heard(self, segment: int, text: str, confidence: float | None, at: float) -> list[Command]:
        """The recogniser's words for a TranscribeSegment; empty if it believed none. Unknown numbers are ignored.

        confidence: of its least certain word, 0 to 1; None where the engine gives none.
        """
        for turn in (*self._closed, *([] if self._turn is None else [self._turn])):
            for part in turn.segments:
                if part.number == segment:
                    part.text, part.confidence = text.strip() or part.earlier_text, confidence
                    return self.tick(at)
        verdict = self._over.heard(segment, text.strip(), confidence, at)
        if verdict.taken:
            return verdict.commands + self._take(verdict.taken, at) + self.tick(at)
        return verdict.commands + self._settle(at)

    def segment_failed(self, segment: int, at: float) -> list[Command]:
        """The recogniser could not say what was said; the same as no words, but for what was heard of it before."""
        return self.segment_heard(segment, "", None, at)

    def end_judged(self, segment: int, probability: float | None, at: float) -> list[Command]:
        """smart-turn's probability that the turn is over after this segment; None if it could not say."""
        if self._turn is not None and segment in self._turn.asked:
            sound = probability is not None and 0.0 <= probability <= 1.0
            self._turn.complete[segment] = probability if sound else None
        return self.tick(at)

    def muted(self, on: bool, at: float) -> list[Command]:
        """The customer switched the microphone off or on; what was said before counts as a whole turn."""
        found = self._end_segment(at) if on and self._segment is not None else []
        self._muted = on
        self._gate.reset()
        if on:
            self._close(at, "muted")
        return found + self.tick(at)

    # What happens on the assistant's side.

    def bot_began(self, at: float, *, asks: bool = False, interruptible: bool = True) -> list[Command]:
        """The assistant, or an agent's text, begins to sound; also said of each further sentence.

        asks: the sentence is a question, so that "yes" is an answer. interruptible: as Say has it.
        """
        self._floor.began(at, asks=asks, interruptible=interruptible)
        if self._has_floor and not self._floor.is_paused:
            return self._floor.pause(at)
        return []

    def bot_pcm(self, samples: NDArray[np.float32], at: float) -> None:
        """What is played to the customer, (n_samples,) at 16 kHz. at: when its last sample leaves."""
        self._floor.echo.played(samples, at)

    def bot_ended(self, at: float) -> list[Command]:
        """The last sample of what was to be said has left, or it was dropped from outside."""
        self._floor.ended(at)
        return []

    def awaits(self, what: str | None) -> None:
        """What the assistant asked for, if the customer has to look it up; None if nothing."""
        self._awaits = what

    # Time.

    def tick(self, at: float) -> list[Command]:
        """Time goes on; to be called at least ten times a second while no sound arrives."""
        found: list[Command] = []
        if self._segment is not None and at - self._heard_until >= _STILL_S:
            # Nothing arrives any more, not even silence: what was said until then is heard.
            found += self._end_segment(at)
            self._gate.reset()
        while self._closed and not self._closed[0].pending:
            found += self._finish(self._closed.pop(0), at)
        turn = self._turn
        if turn is None and not self._closed and self._segment is None and not self._over.undecided:
            self._tape.forget(at - _BEFORE_S)
        if turn is None or self._closed or (self._segment is not None and not self._over.holds(self._segment)):
            return found
        if turn.decide(at, self.settings, self._awaits):
            self._turn = None
            found += self._finish(turn, at)
        return found

    @property
    def state(self) -> str:
        """listening, hearing (the customer has the floor), or speaking (the assistant has it)."""
        if self._has_floor:
            return "hearing"
        return "speaking" if self._floor.sounds else "listening"

    @property
    def _has_floor(self) -> bool:
        return self._turn is not None

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _begin(self, at: float) -> list[Command]:
        segment = Segment(self._number(), self._gate.start, at, self._gate.start, self._gate.peak)
        self._segment = segment
        if self._turn is None:
            segment.over_bot = self._floor.sounds or self._over.undecided
            segment.may_echo = self._floor.may_echo(segment.start)
        if segment.over_bot or segment.may_echo:
            self._over.begin(segment)
            return self._during(segment, at)
        return self._take([segment], at)

    def _during(self, segment: Segment, at: float) -> list[Command]:
        segment.end, segment.peak = self._gate.last, max(segment.peak, self._gate.peak)
        if self._over.holds(segment):
            verdict = self._over.during(segment, at)
            return verdict.commands + (self._take(verdict.taken, at) if verdict.taken else [])
        if at - segment.sound_from >= self.settings.longest_segment_s:
            found = self._transcribe(segment)
            self._segment = None
            if self._turn is not None and at - self._turn.start >= self.settings.longest_turn_s:
                self._gate.reset()
                self._close(at, "too_long")
            elif self._turn is not None:
                self._segment = Segment(self._number(), at, at, at, segment.peak)
                self._turn.segments.append(self._segment)
            return found
        return []

    def _end_segment(self, at: float) -> list[Command]:
        segment, self._segment = self._segment, None
        if segment is None:
            return []
        segment.end = self._gate.last
        if self._over.holds(segment):
            return self._over.end(segment, at) + self._settle(at)
        found = self._transcribe(segment)
        if self._turn is not None and at - self._turn.start >= self.settings.longest_turn_s:
            # Somebody who pauses, and never for long.
            self._close(at, "too_long")
        elif self.settings.strategy == "smart" and self._turn is not None:
            self._turn.asked[segment.number] = at
            start = max(self._turn.start - _MARGIN_S, at - _JUDGED_S)
            found.append(JudgeEnd(segment.number, self._tape.cut(start, at)))
        return found

    def _transcribe(self, segment: Segment) -> list[Command]:
        samples = self._tape.cut(segment.sound_from - _MARGIN_S, segment.end + _MARGIN_S)
        return [TranscribeSegment(segment.number, segment.start, segment.end, samples, segment.replaces)]

    def _take(self, segments: list[Segment], at: float) -> list[Command]:
        """The customer has the floor with these segments: a new turn, or more of the one under way."""
        found: list[Command] = []
        interrupted = False
        if self._floor.sounds and segments[0].over_bot and self._floor.interruptible:
            found += self._floor.cancel(at)
            interrupted = True
        elif self._floor.sounds and self._floor.interruptible and not self._floor.is_paused:
            found += self._floor.pause(at)
        if self._turn is None:
            self._turns += 1
            self._turn = Turn(self._turns, segments[0].start, interrupted)
            found.append(TurnBegan(self._turns, segments[0].start, interrupted))
        turn = self._turn
        turn.decided_at = None
        for segment in segments:
            before = turn.segments[-1] if turn.segments else None
            if before is not None and segment.text is None and self._belongs_to(before, segment):
                turn.segments.pop()
                segment.sound_from = before.sound_from
                segment.replaces = (*before.replaces, before.number)
                segment.earlier_text = before.text or before.earlier_text
            turn.segments.append(segment)
        return found

    def _belongs_to(self, before: Segment, segment: Segment) -> bool:
        """Whether both are better heard as one: the pause was short, and together they are no long sound."""
        return (
            segment.start - before.end <= self.settings.rejoin_s
            and segment.start - before.sound_from <= self.settings.longest_segment_s / 2
        )

    def _settle(self, at: float) -> list[Command]:
        """The assistant goes on if nothing that was heard is still open."""
        open_sound = self._segment is not None and not (self._segment.is_echo or self._segment.is_noise)
        if self._has_floor or open_sound or self._over.undecided:
            return []
        return self._floor.resume(at)

    def _close(self, at: float, because: EndedBecause) -> None:
        """The turn under way is over now; it waits for its words only."""
        if self._turn is not None:
            if self._turn.decided_at is None:
                self._turn.decided_at, self._turn.because = at, because
            self._closed.append(self._turn)
            self._turn = None

    def _finish(self, turn: Turn, now: float) -> list[Command]:
        at = turn.end if turn.decided_at is None else turn.decided_at
        text = turn.text(self._awaits)
        meant = words.meaning(text)
        resumed = self._floor.resume(now) if self._turn is None else []
        if meant in ("nothing", "filler") or turn.is_doubtful:
            why: Ignored = {"nothing": "no_words", "filler": "filler"}.get(meant, "unclear")  # type: ignore[assignment]
            return [IgnoredSound(why, turn.start, turn.end, turn.number), *resumed]
        spoken = [segment for segment in turn.segments if segment.text]
        clip = [self._tape.cut(part.sound_from - _CLIP_MARGIN_S, part.end + _CLIP_MARGIN_S) for part in spoken]
        because: EndedBecause = turn.because
        ended = TurnEnded(
            turn.number,
            tuple(part.number for part in spoken),
            text,
            np.concatenate(clip),
            spoken[0].sound_from,
            spoken[-1].end,
            at,
            because,
            turn.interrupted,
        )
        return [ended, *resumed]
