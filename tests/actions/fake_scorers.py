"""Scorers at the edge of the actions: they answer what a test says and count what reached them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emotion import SpeakerBaseline, VoiceReading
from vocabulary import LABELS, Absent, Clip, Frame, Modality, ModalityScore, Said, Signal, Step


def score(modality: Modality, label: str, *, cue: float | None = None) -> ModalityScore:
    """A score that is fairly sure of one label."""
    rest = 0.3 / (len(LABELS) - 1)
    return ModalityScore(
        modality,
        probabilities=tuple(0.7 if name == label else rest for name in LABELS),
        confidence=0.7,
        frustration_cue=cue,
    )


@dataclass
class FakeTextScorer:
    """Answers every text with the same score; `before_answer` runs while it scores."""

    label: str = "anger"
    cue: float = 0.9
    texts: list[str] = field(default_factory=list)
    context: list[Said] = field(default_factory=list)
    before_answer: Callable[[], None] | None = None

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent:
        self.texts.append(text)
        self.context.extend(context)
        if self.before_answer is not None:
            self.before_answer()
        return score(Modality.TEXT, self.label, cue=self.cue)


@dataclass
class FakeVoiceScorer:
    """Answers every clip with the same score."""

    label: str = "anger"
    clips: list[Clip] = field(default_factory=list)
    baselines: list[SpeakerBaseline | None] = field(default_factory=list)
    before_answer: Callable[[], None] | None = None

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        self.clips.append(clip)
        self.baselines.append(baseline)
        if self.before_answer is not None:
            self.before_answer()
        after = (baseline or SpeakerBaseline()).updated("fake", [0.0])
        return VoiceReading(score(Modality.VOICE, self.label), after)


@dataclass
class FakeFaceScorer:
    """Answers any pictures with the same score."""

    frames: list[Frame] = field(default_factory=list)
    before_answer: Callable[[], None] | None = None

    def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent:
        self.frames.extend(frames)
        if self.before_answer is not None:
            self.before_answer()
        return score(Modality.FACE, "anger")


@dataclass
class FakeBehaviourScorer:
    """Answers any steps with the same score."""

    steps: list[Step] = field(default_factory=list)

    def score(self, steps: Sequence[Step]) -> ModalityScore | Absent:
        self.steps.extend(steps)
        return score(Modality.BEHAVIOUR, "neutral", cue=0.5)


@dataclass
class FakePlugin:
    """A plug-in that keeps what it was asked for; gives a float, as its input type says, unless a test says else."""

    modality: Modality
    gives: Any = 1.0
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    before_answer: Callable[[], None] | None = None
    name: str = "fake"
    version: str = "1"
    input_type: type = float

    @property
    def signal(self) -> Signal:
        return Signal(self.modality.value)

    def collect(self, conversation_id: str, since: datetime, until: datetime) -> Any:
        self.asked.append((conversation_id, since, until))
        return self.gives

    def score(self, given: Any) -> ModalityScore | Absent:
        if self.before_answer is not None:
            self.before_answer()
        return score(self.modality, "anger")
