"""From the customer state to a decision: how to speak, whether to offer, whether to hand over. Pure.

Levels of frustration (0–100), chosen for the first use case and explained in docs/decisions/0003-journey.md:

| frustration   | mode    | offers | person |
|---------------|---------|--------|--------|
| below 35      | neutral | yes    | no     |
| 35 to below 55| slow    | yes    | no     |
| 55 to below 70| no_sell | no     | no     |
| 70 and above  | no_sell | no     | yes    |

Without a customer state (no consent, or nothing to score) the facts of the dialogue decide alone.
"""

from typing import Final

from vocabulary import CustomerState, Decision, DialogueEvidence, Emotion, Mode

SLOW_FROM: Final = 35.0
NO_SELL_FROM: Final = 55.0
ESCALATE_FROM: Final = 70.0
# Offers come back only this far below the level that stopped them, so that they do not flicker.
RECOVERY_MARGIN: Final = 10.0
CONFIDENCE_FLOOR: Final = 0.3
FALLBACKS_FOR_PERSON: Final = 3
FRICTION_FOR_PERSON: Final = 4
FRICTION_FOR_SLOW: Final = 2

_TOPIC_WORDS: Final = {
    "safety": "The message is about a possible danger",
    "legal": "The message mentions legal steps",
}
_PRIORITY_OF_TOPIC: Final = {"safety": 100, "legal": 80}
_PRIORITY_OF_FRICTION: Final = 60
_PRIORITY_OF_REQUEST: Final = 50


def decide(
    state: CustomerState | None,
    emotion: Emotion | None,
    evidence: DialogueEvidence,
    previous: Decision | None = None,
) -> Decision:
    """Decide one turn.

    state, emotion: None without consent or without anything to score.
    previous: the decision of the turn before, for hysteresis; None in the first turn and after a hand-back.
    A hand-over needs one of: a request, a sensitive topic, repeated failure, or a trustworthy level from 70 up.
    """
    mode, offers_allowed, why = _tone(state, evidence, previous)
    cause = _cause_for_person(state, emotion, evidence)
    if cause is None:
        return Decision(mode, offers_allowed, escalate=False, reason=why)
    reason, priority = cause
    return Decision(mode, offers_allowed=False, escalate=True, reason=f"{reason} {why}", priority=priority)


def _tone(state: CustomerState | None, evidence: DialogueEvidence, previous: Decision | None) -> tuple[Mode, bool, str]:
    friction = evidence.fallbacks + evidence.repeats + evidence.action_failures
    if state is None:
        if friction >= FRICTION_FOR_SLOW:
            return (
                Mode.SLOW,
                False,
                f"No emotion was assessed; {_friction_words(evidence)}, so the assistant goes step by step.",
            )
        return Mode.NEUTRAL, True, "No emotion was assessed; the dialogue runs normally."
    level = f"Frustration is {state.frustration:.0f} of 100"
    resume_below = NO_SELL_FROM
    if previous is not None and previous.mode is Mode.NO_SELL:
        resume_below = NO_SELL_FROM - RECOVERY_MARGIN
    if state.frustration >= resume_below:
        return (
            Mode.NO_SELL,
            False,
            f"{level}, so nothing is offered and the shortest way to a solution is taken.",
        )
    if state.frustration >= SLOW_FROM:
        return Mode.SLOW, True, f"{level}, so the assistant goes step by step."
    return Mode.NEUTRAL, True, f"{level}; the dialogue runs normally."


def _cause_for_person(
    state: CustomerState | None, emotion: Emotion | None, evidence: DialogueEvidence
) -> tuple[str, int] | None:
    level = round(state.frustration) if state else 0
    if evidence.asks_for_person:
        return "The customer asked for a person.", max(_PRIORITY_OF_REQUEST, level)
    if evidence.sensitive_topic is not None:
        words = _TOPIC_WORDS.get(evidence.sensitive_topic, f"The topic is {evidence.sensitive_topic}")
        return f"{words}, which a person handles.", _PRIORITY_OF_TOPIC.get(evidence.sensitive_topic, 70)
    friction = evidence.fallbacks + evidence.repeats + evidence.action_failures
    if evidence.fallbacks >= FALLBACKS_FOR_PERSON or friction >= FRICTION_FOR_PERSON:
        return (
            f"The assistant is not getting further: {_friction_words(evidence)}.",
            max(_PRIORITY_OF_FRICTION, level),
        )
    if state is not None and state.frustration >= ESCALATE_FROM and state.confidence >= CONFIDENCE_FLOOR:
        if emotion is not None and emotion.mixed:
            return None
        return f"Frustration reached {level} of 100.", level
    return None


def _friction_words(evidence: DialogueEvidence) -> str:
    parts = [
        (evidence.fallbacks, "not understood {} in a row"),
        (evidence.repeats, "the same request repeated {}"),
        (evidence.action_failures, "a request refused {}"),
    ]
    said = [words.format(_times(count)) for count, words in parts if count]
    return ", ".join(said) or "no friction"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
