"""All scorers of the product side by side: one turn's signals in, scores and reasons out.

The action, `attune emotion score` and the bench score through here, so that a turn is assembled in one place.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Protocol

from emotion.fusion.options import DEFAULTS, FusionOptions
from emotion.plugins import LoadedPlugin
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.scorer import VoiceReading
from vocabulary import Absent, Clip, Frame, Modality, ModalityScore, Said, Step

log = logging.getLogger(__name__)

NO_MODEL: Final = "no {} model"
NOTHING: Final = "no {} data"
FAILED: Final = "the {} scorer failed"
_STRANGE: Final = "the {} scorer takes {}, not {}"


class ScoresText(Protocol):
    """Words with what was said before them."""

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent: ...


class ScoresVoice(Protocol):
    """Sound, against how the customer sounded before."""

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent: ...


class DoubtsVoice(Protocol):
    """Signs that a voice is a synthesiser's, [0, 1]."""

    def doubt(self, clip: Clip) -> float | Absent: ...


class ScoresFace(Protocol):
    """Camera images of one turn."""

    def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent: ...


class ScoresBehaviour(Protocol):
    """Steps on the host's page."""

    def score(self, steps: Sequence[Step]) -> ModalityScore | Absent: ...


@dataclass(frozen=True)
class TurnSignals:
    """What may be scored of one turn: only the customer's own signals, each under consent.

    text, clip: None when there is none. context: what was said before, oldest first. frames, steps: empty when
    there are none. baseline: of the customer's earlier turns in this session. others: a plug-in's input by modality.
    """

    text: str | None = None
    context: tuple[Said, ...] = ()
    clip: Clip | None = None
    baseline: SpeakerBaseline | None = None
    frames: tuple[Frame, ...] = ()
    steps: tuple[Step, ...] = ()
    others: Mapping[Modality, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One modality's answer. baseline: the voice's, with this turn in it; None from every other modality."""

    answer: ModalityScore | Absent
    baseline: SpeakerBaseline | None = None


@dataclass(frozen=True)
class Readings:
    """A turn's scores, and why a modality whose signal was there says nothing.

    Modalities whose signal was not given are in neither: the caller knows why. baseline: for the next turn; as it
    came where the voice says nothing.
    """

    scores: tuple[ModalityScore, ...] = ()
    absent: Mapping[Modality, str] = field(default_factory=dict)
    baseline: SpeakerBaseline | None = None


@dataclass(frozen=True)
class ScorerStatus:
    """Who scores a modality. engine: None when nobody does; reason says why, in words for staff."""

    modality: Modality
    engine: str | None
    reason: str = ""


class Panel:
    """The scorers that are here. Safe to share between threads, as each scorer is.

    fusion: the constants with which fuse() is to pool what they say. missing: why a modality has no scorer, for
    status(); given by open_panel(). doubter: looks at the clip beside the voice's scorer, and only then; doubtless: why
    nobody does.
    """

    def __init__(
        self,
        *,
        text: ScoresText | None = None,
        voice: ScoresVoice | None = None,
        face: ScoresFace | None = None,
        behaviour: ScoresBehaviour | None = None,
        plugins: Sequence[LoadedPlugin] = (),
        fusion: FusionOptions = DEFAULTS,
        missing: Mapping[Modality, str] | None = None,
        doubter: DoubtsVoice | None = None,
        doubtless: str = "",
    ) -> None:
        self.text, self.voice, self.face, self.behaviour = text, voice, face, behaviour
        self.doubter, self._doubtless = doubter, doubtless
        self.fusion = fusion
        self.plugins: Mapping[Modality, LoadedPlugin] = {one.scorer.modality: one for one in plugins}
        self._missing = dict(missing or {})

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """What this installation could score, scorers that are missing included."""
        return (Modality.TEXT, Modality.VOICE, Modality.FACE, Modality.BEHAVIOUR, *self.plugins)

    def has(self, modality: Modality) -> bool:
        """Whether somebody scores this modality here."""
        return self._scorer(modality) is not None

    def read(self, signals: TurnSignals) -> Readings:
        """Score everything that was given, one after the other. A scorer that fails is absent; the others go on."""
        return collect({modality: task() for modality, task in self.tasks(signals).items()}, signals.baseline)

    def tasks(self, signals: TurnSignals) -> dict[Modality, Callable[[], Reading]]:
        """One call for each modality whose signal was given; none of them raises.

        For callers with a time budget: they may run in threads of their own, and a late one be given up.
        """
        calls: dict[Modality, Callable[[], Reading]] = {}
        if signals.text is not None:
            calls[Modality.TEXT] = lambda: self._text(signals)
        if signals.clip is not None:
            calls[Modality.VOICE] = lambda: self._voice(signals)
        if signals.frames:
            calls[Modality.FACE] = lambda: self._face(signals)
        if signals.steps:
            calls[Modality.BEHAVIOUR] = lambda: self._behaviour(signals)
        for modality in signals.others:
            calls[modality] = lambda modality=modality: self._plugin(modality, signals)  # type: ignore[misc]
        return {modality: _safe(modality, call) for modality, call in calls.items()}

    def later(self, modality: Modality, fetch: Callable[[], TurnSignals | Absent]) -> Callable[[], Reading]:
        """A call that first fetches a modality's signal, or why there is none, and then scores it; never raises."""

        def run() -> Reading:
            given = fetch()
            return Reading(given) if isinstance(given, Absent) else self.tasks(given)[modality]()

        return _safe(modality, run)

    def plugin_task(
        self, modality: Modality, conversation_id: str, since: datetime, until: datetime
    ) -> Callable[[], Reading]:
        """A call that lets a plug-in collect its own signal of one turn and score it; like those of tasks()."""

        def run() -> Reading:
            loaded = self.plugins.get(modality)
            if loaded is None:
                return _missing(modality)
            given = loaded.scorer.collect(conversation_id, since, until)
            if given is None:
                return Reading(Absent(NOTHING.format(modality)))
            return self._plugin(modality, TurnSignals(others={modality: given}))

        return _safe(modality, run)

    def status(self) -> tuple[ScorerStatus, ...]:
        """Who scores what, for doctor and /health."""
        found = []
        for modality in self.modalities:
            scorer = self._scorer(modality)
            if scorer is None:
                reason = self._missing.get(modality, NO_MODEL.format(modality))
                found.append(ScorerStatus(modality, None, reason))
            elif modality in self.plugins:
                found.append(ScorerStatus(modality, f"{scorer.name} {scorer.version}", self.plugins[modality].source))
            else:
                reason = self._doubtless if modality is Modality.VOICE else ""
                found.append(ScorerStatus(modality, str(getattr(scorer, "engine", "own model, ONNX")), reason))
        return tuple(found)

    def _scorer(self, modality: Modality) -> Any:
        if modality in self.plugins:
            return self.plugins[modality].scorer
        return {
            Modality.TEXT: self.text,
            Modality.VOICE: self.voice,
            Modality.FACE: self.face,
            Modality.BEHAVIOUR: self.behaviour,
        }.get(modality)

    def _text(self, signals: TurnSignals) -> Reading:
        assert signals.text is not None
        if self.text is None:
            return _missing(Modality.TEXT)
        return Reading(self.text.score(signals.text, context=signals.context))

    def _voice(self, signals: TurnSignals) -> Reading:
        assert signals.clip is not None
        if self.voice is None:
            return _missing(Modality.VOICE)
        reading = self.voice.score(signals.clip, baseline=signals.baseline)
        if isinstance(reading, Absent):
            return Reading(reading)
        return Reading(replace(reading.score, doubt=self._doubt(signals.clip)), reading.baseline)

    def _doubt(self, clip: Clip) -> float | None:
        """None where nobody can look: the reading counts as it did before there was any doubt."""
        if self.doubter is None:
            return None
        try:
            found = self.doubter.doubt(clip)
        except Exception as error:  # noqa: BLE001 - a hint that cannot be given must not cost the reading
            log.error("a voice could not be doubted", extra={"code": getattr(error, "code", type(error).__name__)})
            return None
        return None if isinstance(found, Absent) else found

    def _face(self, signals: TurnSignals) -> Reading:
        return _missing(Modality.FACE) if self.face is None else Reading(self.face.score(signals.frames))

    def _behaviour(self, signals: TurnSignals) -> Reading:
        if self.behaviour is None:
            return _missing(Modality.BEHAVIOUR)
        return Reading(self.behaviour.score(signals.steps))

    def _plugin(self, modality: Modality, signals: TurnSignals) -> Reading:
        loaded = self.plugins.get(modality)
        if loaded is None:
            return _missing(modality)
        given = signals.others[modality]
        if not isinstance(given, loaded.scorer.input_type):
            words = _STRANGE.format(modality, loaded.scorer.input_type.__name__, type(given).__name__)
            return Reading(Absent(words))
        answer = loaded.scorer.score(given)
        if not isinstance(answer, Absent) and (not isinstance(answer, ModalityScore) or answer.modality != modality):
            log.warning("a plug-in's answer is no score of its modality", extra={"modality": modality.value})
            return Reading(Absent(FAILED.format(modality)))
        return Reading(answer)


def collect(readings: Mapping[Modality, Reading], baseline: SpeakerBaseline | None) -> Readings:
    """Put the answers of one turn together. baseline: what the turn began with."""
    scores = tuple(one.answer for one in readings.values() if isinstance(one.answer, ModalityScore))
    absent = {modality: one.answer.reason for modality, one in readings.items() if isinstance(one.answer, Absent)}
    after = [one.baseline for one in readings.values() if one.baseline is not None]
    return Readings(scores, absent, after[0] if after else baseline)


def _missing(modality: Modality) -> Reading:
    return Reading(Absent(NO_MODEL.format(modality)))


def _safe(modality: Modality, call: Callable[[], Reading]) -> Callable[[], Reading]:
    def run() -> Reading:
        try:
            reading = call()
            if isinstance(reading.answer, ModalityScore):
                # A plug-in's number that is not finite, or none of Python's own, could not be stored with the turn.
                json.dumps(reading.answer.to_dict(), allow_nan=False)
            return reading
        except Exception as error:  # noqa: BLE001 - whatever one scorer does, the turn goes on without it
            # Neither message nor traceback: they may hold what the customer said.
            code = getattr(error, "code", type(error).__name__)
            log.error("a scorer failed", extra={"modality": modality.value, "code": code})
            return Reading(Absent(FAILED.format(modality)))

    return run
