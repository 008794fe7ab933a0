"""A turn of the customer's under way: its segments, their words as they come in, and when it is over."""

from dataclasses import dataclass, field
from typing import Final

from service.voice.turns import words
from service.voice.turns.commands import EndedBecause
from service.voice.turns.patience import patience
from service.voice.turns.settings import TurnSettings

SHORT_S: Final = 0.75
"""Words made out in a shorter sound are often guessed from a hum or a cough, and then with little confidence."""
# On the tuning half it refuses a fifth of the texts made of sighs and groans.
_LEAST_CONFIDENCE: Final = 0.5


@dataclass
class Segment:
    """Voice between two pauses. number: changes when it is heard again together with an earlier one.

    start, end: of the voice. sound_from: where the sound that is recognised begins; earlier than start if it was
    joined to earlier segments. replaces: their numbers. peak: highest probability of speech. text: None until heard.
    confidence: of its least certain word.
    over_bot: the assistant was sounding. may_echo: its sound may still be in the room.
    """

    number: int
    start: float
    end: float
    sound_from: float
    peak: float = 0.0
    over_bot: bool = False
    may_echo: bool = False
    text: str | None = None
    confidence: float | None = None
    earlier_text: str = ""
    replaces: tuple[int, ...] = ()
    is_echo: bool = False
    unlike_echo: int = 0
    is_noise: bool = False
    cleared: bool = False
    probes: int = 0
    probed_at: float = 0.0


@dataclass
class Turn:
    """number: as TurnBegan had it. judged: segments for which smart-turn was asked at a time, and what it said."""

    number: int
    start: float
    interrupted: bool
    segments: list[Segment] = field(default_factory=list)
    asked: dict[int, float] = field(default_factory=dict)
    complete: dict[int, float | None] = field(default_factory=dict)
    decided_at: float | None = None
    because: EndedBecause = "silence"

    @property
    def end(self) -> float:
        """The end of its last voice so far."""
        return self.segments[-1].end if self.segments else self.start

    @property
    def is_doubtful(self) -> bool:
        """Whether it is one short sound whose words are hardly believed, such as a cough's."""
        spoken = [segment for segment in self.segments if segment.text]
        return (
            len(spoken) == 1
            and spoken[0].end - spoken[0].sound_from <= SHORT_S
            and spoken[0].confidence is not None
            and spoken[0].confidence < _LEAST_CONFIDENCE
        )

    @property
    def pending(self) -> bool:
        """Whether some segment's words are still to come."""
        return any(segment.text is None for segment in self.segments)

    def text(self, awaits: str | None) -> str:
        """The words so far, joined."""
        return words.joined([segment.text or "" for segment in self.segments], number=awaits is not None)

    def decide(self, at: float, settings: TurnSettings, awaits: str | None) -> bool:
        """Whether it is over at this time; remembers since when, and why. Not while the words may still change it."""
        last = self.segments[-1].number if self.segments else -1
        asked_at = self.asked.get(last)
        answered = last in self.complete
        if asked_at is not None and not answered and at - asked_at < settings.judge_within_s:
            return False
        wait_s, because = patience(
            settings,
            text=self.text(awaits),
            complete=self.complete.get(last),
            judged=answered,
            awaits=awaits,
        )
        if at - self.end < wait_s - 1e-6:
            self.decided_at = None
            return False
        if self.decided_at is None:
            self.decided_at, self.because = at, because
        return not self.pending
