"""From the customer state to a decision: how to speak, whether to offer, whether to hand over. Pure.

Levels of frustration (0–100), chosen for the first use case and explained in docs/decisions/0003-journey.md:

| frustration   | mode    | offers | person |
|---------------|---------|--------|--------|
| below 35      | neutral | yes    | no     |
| 35 to below 55| slow    | yes    | no     |
| 55 to below 70| no_sell | no     | no     |
| 70 and above  | no_sell | no     | yes    |

Without a customer state (no consent, or nothing to score) the facts of the dialogue decide alone. A mode that the level
has set ends only RECOVERY_MARGIN below where it began, so that modes do not flicker. A reading too unsure to act on
leads to one neutral question instead (docs/decisions/0093-state-and-uncertainty.md).
"""

from dataclasses import dataclass, replace
from typing import Final

from vocabulary import CustomerState, Decision, DialogueEvidence, Emotion, Mode

SLOW_FROM: Final = 35.0
NO_SELL_FROM: Final = 55.0
ESCALATE_FROM: Final = 70.0
# A mode ends, and offers come back, only this far below the level that began it.
RECOVERY_MARGIN: Final = 10.0
CONFIDENCE_FLOOR: Final = 0.3
UNCLEAR_CUE: Final = (0.3, 0.7)
"""Between these the direct evidence of dissatisfaction is near a coin toss."""
FALLBACKS_FOR_PERSON: Final = 3
FRICTION_FOR_PERSON: Final = 4
FRICTION_FOR_SLOW: Final = 2

_GRAVITY: Final = {Mode.NEUTRAL: 0, Mode.SLOW: 1, Mode.NO_SELL: 2}
_TOPIC_WORDS: Final = {
    "safety": "The message is about a possible danger",
    "legal": "The message mentions legal steps",
}
_PRIORITY_OF_TOPIC: Final = {"safety": 100, "legal": 80}
_PRIORITY_OF_FRICTION: Final = 60
_PRIORITY_OF_REQUEST: Final = 50


@dataclass(frozen=True)
class Levels:
    """Where the modes begin, 0 to 100. Outcome feedback shifts them together; see `shifted`.

    Raises: ValueError unless 0 < slow < no_sell < escalate <= 100.
    """

    slow: float = SLOW_FROM
    no_sell: float = NO_SELL_FROM
    escalate: float = ESCALATE_FROM

    def __post_init__(self) -> None:
        if not 0.0 < self.slow < self.no_sell < self.escalate <= 100.0:
            raise ValueError(
                f"levels {self.slow}, {self.no_sell}, {self.escalate}; expected 0 < slow < no_sell < escalate <= 100."
            )

    def shifted(self, points: float) -> "Levels":
        """All levels moved by so many points, as far as the scale allows.

        >>> Levels().shifted(5.0)
        Levels(slow=40.0, no_sell=60.0, escalate=75.0)
        """
        points = min(max(points, RECOVERY_MARGIN - self.slow), 100.0 - self.escalate)
        return Levels(self.slow + points, self.no_sell + points, self.escalate + points)


DEFAULT_LEVELS: Final = Levels()


def decide(
    state: CustomerState | None,
    emotion: Emotion | None,
    evidence: DialogueEvidence,
    previous: Decision | None = None,
    *,
    levels: Levels = DEFAULT_LEVELS,
) -> Decision:
    """Decide one turn.

    state, emotion: None without consent or without anything to score.
    previous: the decision of the turn before, for hysteresis; None in the first turn and after a hand-back.
    A hand-over needs one of: a request, a sensitive topic, repeated failure, or a trustworthy level from 70 up.
    No consent is asked for while the level is known to be raised, while the assistant keeps failing, once the customer
    has complained, or in a turn that calls a person: a yes would not be a free one.
    """
    decision = _decided(state, emotion, evidence, previous, levels)
    raised = state is not None and state.frustration >= levels.slow
    failing = evidence.friction >= FRICTION_FOR_SLOW
    return replace(decision, may_ask=not (raised or failing or evidence.complained or decision.escalate))


def decide_unassessed(evidence: DialogueEvidence, previous: Decision | None) -> Decision:
    """Decide a turn that is never assessed (health, money troubles): its facts count, and the manner stays as it was.

    The level is neither read nor changed, and nobody is asked for a consent in such a moment.
    """
    decision = replace(decide(None, None, evidence), may_ask=False)
    if previous is None or decision.escalate:
        return decision
    mode = max(decision.mode, previous.mode, key=lambda one: _GRAVITY[one])
    return replace(
        decision,
        mode=mode,
        offers_allowed=decision.offers_allowed and previous.offers_allowed,
        reason="This message is of a kind that is never assessed; the assistant goes on as before.",
        clarified=previous.clarified and not evidence.resolved,
    )


def _decided(
    state: CustomerState | None,
    emotion: Emotion | None,
    evidence: DialogueEvidence,
    previous: Decision | None,
    levels: Levels,
) -> Decision:
    tone = _tone(state, evidence, previous, levels)
    clarified = previous is not None and previous.clarified and not evidence.resolved
    cause = _cause_for_person(state, evidence)
    if cause is None and is_uncertain(emotion) and not clarified and _would_act(state, tone, previous, levels):
        return _ask_first(previous)
    mode, offers_allowed, why = tone
    if cause is not None:
        reason, priority = f"{cause[0]} {why}", cause[1]
    elif (by_level := _cause_by_level(state, emotion, levels)) is not None:
        # It names the level itself: the tone's reason would only say it again.
        reason, priority = by_level
    else:
        return Decision(mode, offers_allowed, escalate=False, reason=why, clarified=clarified)
    return Decision(mode, offers_allowed=False, escalate=True, reason=reason, priority=priority, clarified=clarified)


def is_uncertain(emotion: Emotion | None) -> bool:
    """Whether a reading is too unsure to act on: the modalities contradict each other, or neither the label
    nor the direct evidence of dissatisfaction is clear."""
    if emotion is None:
        return False
    cue = emotion.frustration_cue
    unclear = cue is None or UNCLEAR_CUE[0] < cue < UNCLEAR_CUE[1]
    return emotion.mixed or (not emotion.certain and unclear)


def _would_act(
    state: CustomerState | None, tone: tuple[Mode, bool, str], previous: Decision | None, levels: Levels
) -> bool:
    """Whether the level alone would change how the assistant speaks for the graver, or hand over."""
    if state is None:
        return False
    before = previous.mode if previous is not None else Mode.NEUTRAL
    return _GRAVITY[tone[0]] > _GRAVITY[before] or state.frustration >= levels.escalate


def _ask_first(previous: Decision | None) -> Decision:
    return Decision(
        previous.mode if previous is not None else Mode.NEUTRAL,
        offers_allowed=False,
        escalate=False,
        reason="The reading of this turn is too unsure to act on, so the assistant asks one neutral question first.",
        clarify=True,
        clarified=True,
    )


def _tone(
    state: CustomerState | None, evidence: DialogueEvidence, previous: Decision | None, levels: Levels
) -> tuple[Mode, bool, str]:
    if state is None:
        if evidence.friction >= FRICTION_FOR_SLOW:
            return (
                Mode.SLOW,
                False,
                f"No emotion was assessed; {_friction_words(evidence)}, so the assistant goes step by step.",
            )
        return Mode.NEUTRAL, True, "No emotion was assessed; the dialogue runs normally."
    level = f"Frustration is {state.frustration:.0f} of 100"
    before = _GRAVITY[previous.mode] if previous is not None else 0
    if state.frustration >= levels.no_sell - (RECOVERY_MARGIN if before >= _GRAVITY[Mode.NO_SELL] else 0.0):
        return (
            Mode.NO_SELL,
            False,
            f"{level}, so nothing is offered and the shortest way to a solution is taken.",
        )
    if state.frustration >= levels.slow - (RECOVERY_MARGIN if before >= _GRAVITY[Mode.SLOW] else 0.0):
        return Mode.SLOW, True, f"{level}, so the assistant goes step by step."
    return Mode.NEUTRAL, True, f"{level}; the dialogue runs normally."


def _cause_for_person(state: CustomerState | None, evidence: DialogueEvidence) -> tuple[str, int] | None:
    """What brings a person whatever is felt."""
    level = round(state.frustration) if state else 0
    if evidence.asks_for_person:
        return "The customer asked for a person.", max(_PRIORITY_OF_REQUEST, level)
    if evidence.sensitive_topic is not None:
        words = _TOPIC_WORDS.get(evidence.sensitive_topic, f"The topic is {evidence.sensitive_topic}")
        return f"{words}, which a person handles.", _PRIORITY_OF_TOPIC.get(evidence.sensitive_topic, 70)
    if evidence.fallbacks >= FALLBACKS_FOR_PERSON or evidence.friction >= FRICTION_FOR_PERSON:
        return (
            f"The assistant is not getting further: {_friction_words(evidence)}.",
            max(_PRIORITY_OF_FRICTION, level),
        )
    return None


def _cause_by_level(state: CustomerState | None, emotion: Emotion | None, levels: Levels) -> tuple[str, int] | None:
    if state is None or state.frustration < levels.escalate or state.confidence < CONFIDENCE_FLOOR:
        return None
    if emotion is not None and emotion.mixed:
        return None
    level = round(state.frustration)
    return f"Frustration reached {level} of 100, so nothing is offered and a person is brought in.", level


def _friction_words(evidence: DialogueEvidence) -> str:
    parts = [
        (evidence.fallbacks, "not understood {} in a row"),
        (evidence.repeats, "the same request repeated {}"),
        (evidence.action_failures, "a request refused {}"),
        (evidence.reasked_slots, "the same question asked again {}"),
    ]
    said = [words.format(_times(count)) for count, words in parts if count]
    return ", ".join(said) or "no friction"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
