"""Turns to a customer state: frustration as a leaky integrator with memory over the conversation."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from emotion.state.evidence import StateEvidence
from emotion.state.naming import NameOptions, name_state
from emotion.state.sentiment import Sentiment, refine_sentiment
from vocabulary import CustomerState, DialogueEvidence, Emotion


@dataclass(frozen=True)
class StateOptions:
    """The integrator's constants; docs/decisions/0023 and 0093 say where each comes from.

    keep: share of the level that a turn leaves over. keep_resolved: instead of it, once the matter is resolved.
    turn_max: points that the strongest words alone may add in one turn; below the hand-over's 70 by intention.
    arousal_gain: how much a raised voice (arousal 1) adds to a turn's points.
    failure_gain: how much each failure of the assistant adds to a turn's points, up to failure_max of them.
    failure_points: points for each failure itself, whatever the words.
    relief: share of the level that certain gratitude or joy takes away.
    ceiling_rise: points by which clear words (cue 1) lift a ceiling that a correction has set; doubtful ones hardly.
    evidence_keep: share of the evidence for unsure, stressed and confident that a turn leaves over.
    names: which states this use case knows, and when each begins and ends.
    """

    keep: float = 0.8
    keep_resolved: float = 0.5
    turn_max: float = 62.0
    arousal_gain: float = 0.2
    failure_gain: float = 0.12
    failure_max: int = 4
    failure_points: float = 2.5
    relief: float = 0.4
    ceiling_rise: float = 15.0
    evidence_keep: float = 0.5
    names: NameOptions = field(default_factory=NameOptions)


DEFAULTS: Final = StateOptions()


def update_state(
    previous: CustomerState | None,
    emotion: Emotion | None,
    evidence: DialogueEvidence,
    *,
    options: StateOptions = DEFAULTS,
    now: datetime | None = None,
) -> CustomerState | None:
    """The state after one more turn; None only when nothing was scored, now or before.

    level = keep × level before + heat + failures, within 0 to 100
    heat  = turn_max × cue² × (1 + arousal_gain × arousal), at most turn_max, × (1 + failure_gain × failures)

    The square keeps doubtful cues small. A turn without an emotion changes nothing but what `resolved` takes
    away: silence about feelings is not calm, and failures of the assistant are no feelings.

    A first "This is an outrage!" (cue .95, arousal .6, no failures): 62 × .9025 × 1.12 = 62.7, so 62.
    Said again in the next turn: .8 × 62 + 62 = 111.6, so 100.

    A correction by a person outranks the model: the level stays within the state's floor and ceiling. The floor goes
    when the matter is resolved; the ceiling gives way by ceiling_rise × cue² a turn, so that new, clear anger counts
    again. now: with a time zone; kept as `since` when the state's name changes.
    """
    if emotion is None:
        return _without_emotion(previous, evidence, options, now)
    before = previous.frustration if previous else 0.0
    cue = _cue(emotion)
    failures = min(evidence.friction, options.failure_max)
    kept = before * _kept(emotion, evidence, cue, options)
    level = kept + _heat(emotion, cue, failures, options) + _failure_points(emotion, failures, options)
    shown = StateEvidence.of(emotion).after(previous, keep=options.evidence_keep)
    return _next(
        previous,
        min(100.0, level),
        shown,
        evidence,
        options,
        now,
        confidence=_confidence(previous, emotion, cue),
        turns=(previous.turns if previous else 0) + 1,
        sentiment=_sentiment(previous, emotion),
        cue=cue,
    )


def _without_emotion(
    previous: CustomerState | None, evidence: DialogueEvidence, options: StateOptions, now: datetime | None
) -> CustomerState | None:
    if previous is None:
        return None
    level = previous.frustration * (options.keep_resolved if evidence.resolved else 1.0)
    shown = StateEvidence(previous.unsure, previous.stressed, previous.confident)
    # An older reading is worth less.
    confidence = previous.confidence * 0.9
    return _next(
        previous,
        level,
        shown,
        evidence,
        options,
        now,
        confidence=confidence,
        turns=previous.turns,
        sentiment=previous.sentiment,
    )


def _next(
    previous: CustomerState | None,
    level: float,
    shown: StateEvidence,
    evidence: DialogueEvidence,
    options: StateOptions,
    now: datetime | None,
    *,
    confidence: float,
    turns: int,
    sentiment: tuple[float, ...] | None,
    cue: float = 0.0,
) -> CustomerState:
    floor = 0.0 if previous is None or evidence.resolved else previous.floor
    ceiling = 100.0 if previous is None else min(100.0, previous.ceiling + options.ceiling_rise * cue * cue)
    level = min(max(level, floor), ceiling)
    name = name_state(previous, level, shown, options.names)
    unchanged = previous is not None and previous.name is name
    return CustomerState(
        frustration=level,
        trend=level - (previous.frustration if previous else 0.0),
        name=name,
        confidence=confidence,
        turns=turns,
        since=previous.since if previous is not None and unchanged else now,
        unsure=shown.unsure,
        stressed=shown.stressed,
        confident=shown.confident,
        floor=floor,
        ceiling=ceiling,
        sentiment=sentiment,
    )


def _sentiment(previous: CustomerState | None, emotion: Emotion) -> tuple[float, ...] | None:
    before = Sentiment(previous.sentiment, previous.turns) if previous and previous.sentiment else None
    found = refine_sentiment(before, [emotion])
    return found.levels if found else None


def _cue(emotion: Emotion) -> float:
    if emotion.frustration_cue is not None:
        return emotion.frustration_cue
    # Without direct evidence only a confident reading of anger counts.
    return emotion.confidence * (emotion.probability("anger") + emotion.probability("disgust"))


def _heat(emotion: Emotion, cue: float, failures: int, options: StateOptions) -> float:
    raised = 1.0 + options.arousal_gain * max(0.0, emotion.arousal or 0.0)
    alone = min(options.turn_max, options.turn_max * cue * cue * raised)
    return alone * (1.0 + options.failure_gain * failures)


def _failure_points(emotion: Emotion, failures: int, options: StateOptions) -> float:
    return options.failure_points * failures * (1.0 - emotion.probability("happiness"))


def _kept(emotion: Emotion, evidence: DialogueEvidence, cue: float, options: StateOptions) -> float:
    calm = 1.0 - cue
    keep = options.keep
    if evidence.resolved:
        # Resolved on paper does not cool a customer who is angry right now.
        keep -= (options.keep - options.keep_resolved) * calm
    return keep * (1.0 - options.relief * emotion.probability("happiness") * calm)


def _confidence(previous: CustomerState | None, emotion: Emotion, cue: float) -> float:
    """How far this turn's cue is from a coin toss, blended with what the turns before were worth."""
    turn = max(cue, 1.0 - cue)
    if emotion.frustration_cue is None:
        turn = emotion.confidence
    if emotion.mixed:
        turn *= 0.7
    return turn if previous is None else 0.5 * previous.confidence + 0.5 * turn
