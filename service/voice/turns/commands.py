"""What a turn taker tells the pipeline to do. All times in seconds on the clock of the sounds that it was fed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ignored = Literal["noise", "backchannel", "echo", "filler", "no_words", "unclear"]
"""Why a sound of the customer's side became no message. unclear: a short sound with doubtful words."""
EndedBecause = Literal["silence", "complete", "patience", "too_long", "muted"]
"""Why a turn ended: the silence timeout, smart-turn's word, a longer wait that ran out, its length, the microphone."""


@dataclass(frozen=True)
class TurnBegan:
    """The customer has the floor. at: when their first sound began. interrupted: they broke the assistant off."""

    turn: int
    at: float
    interrupted: bool = False


@dataclass(frozen=True, eq=False)
class TranscribeSegment:
    """Recognise this sound now and answer with segment_heard() or segment_failed().

    segment: its number. samples: float32 mono at 16 kHz, shape (n_samples,), with 200 ms before and after the voice.
    start, end: of the voice itself. replaces: segments whose words this one hears again, with more around them; work
    on them may be given up. probe: the customer still speaks; only whether there are words matters, not the words.
    """

    segment: int
    start: float
    end: float
    samples: NDArray[np.float32]
    replaces: tuple[int, ...] = ()
    probe: bool = False


@dataclass(frozen=True, eq=False)
class JudgeEnd:
    """Ask smart-turn whether the customer has finished, and answer with end_judged(). samples: at most the last 8 s."""

    segment: int
    samples: NDArray[np.float32]


@dataclass(frozen=True)
class PauseBot:
    """Be silent at once, and keep the place within the sentence."""

    at: float


@dataclass(frozen=True)
class ResumeBot:
    """Go on where it was paused. gap_s: how long it was silent."""

    at: float
    gap_s: float


@dataclass(frozen=True)
class CancelBot:
    """Drop what is left to be said; the customer has interrupted."""

    at: float


@dataclass(frozen=True, eq=False)
class TurnEnded:
    """The customer's turn is over, and all its words are there.

    segments: whose words, in order, make the message. text: theirs, joined. samples: the segments' sound joined,
    float32 mono at 16 kHz without pre-roll. start, end: of the voice. ended_at: when it was decided that it was over;
    the words may have come later. interrupted: the turn broke the assistant off.
    """

    turn: int
    segments: tuple[int, ...]
    text: str
    samples: NDArray[np.float32]
    start: float
    end: float
    ended_at: float
    because: EndedBecause
    interrupted: bool = False


@dataclass(frozen=True)
class IgnoredSound:
    """A sound became no message. turn: the number of the turn that had begun with it, if one had."""

    why: Ignored
    start: float
    end: float
    turn: int | None = None


Command = TurnBegan | TranscribeSegment | JudgeEnd | PauseBot | ResumeBot | CancelBot | TurnEnded | IgnoredSound
