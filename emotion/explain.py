"""Why the assistant did what it did, in two or three plain sentences: for the customer, the agent and the auditor.

True to the numbers: the source that is named first is the one whose removal moves the explained score most, and the
direction that is stated is the direction in which the score moves when the source is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from emotion.fusion.options import DEFAULTS, FusionOptions
from emotion.fusion.pooling import contradiction, fuse
from vocabulary import DOUBT_HINTS, Assessment, Decision, Emotion, Modality, ModalityScore, Mode, StateName


class Audience(StrEnum):
    """Who reads the explanation."""

    CUSTOMER = "customer"
    AGENT = "agent"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Influence:
    """What one modality does to the explained score.

    change: score with it minus score without it, -1 to 1; None when there is no such score without it.
    """

    modality: Modality
    change: float | None


HARDLY: Final = 0.005
"""A change below half a point of a hundred is told as none."""

_A_SIGN: Final = 0.5
_SOURCE: Final = {
    Modality.TEXT: "your words",
    Modality.VOICE: "your tone of voice",
    Modality.FACE: "your face",
    Modality.BEHAVIOUR: "how you moved through the page",
}
_EFFECT: Final = {
    Mode.NEUTRAL: "The assistant went on as usual.",
    Mode.SLOW: "So the assistant goes one step at a time.",
    Mode.NO_SELL: "So the assistant offers nothing and looks for the shortest way to a solution.",
}
_CORRECT: Final = "If that is wrong, say so below, or switch it off under “Privacy”: your word counts."


def influences(assessment: Assessment, *, options: FusionOptions = DEFAULTS) -> tuple[Influence, ...]:
    """Each modality's influence on the explained score, strongest first: by pooling again without it.

    The explained score is the cue of dissatisfaction, since that drives the level; where no modality has one, it is
    the probability of the pooled label.
    """
    whole = fuse(assessment.scores, options=options)
    if whole is None:
        return ()
    found = []
    with_it = explained_score(whole, whole)
    assert with_it is not None
    for score in assessment.scores:
        rest = fuse([one for one in assessment.scores if one is not score], options=options)
        without = None if rest is None else explained_score(rest, whole)
        found.append(Influence(score.modality, None if without is None else with_it - without))
    return tuple(sorted(found, key=lambda one: -(2.0 if one.change is None else abs(one.change))))


def explained_score(emotion: Emotion, whole: Emotion) -> float | None:
    """The number that is explained, of `emotion`; `whole` says which it is. None where `emotion` lacks it."""
    if whole.frustration_cue is not None:
        return emotion.frustration_cue
    return emotion.probability(whole.label)


def explain(
    assessment: Assessment,
    decision: Decision,
    *,
    audience: Audience,
    options: FusionOptions = DEFAULTS,
    levels: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Two or three sentences about one turn; for the agent another one where a signal is doubted.

    options: the constants that pooled it. levels: where the modes begin, for the auditor.
    The customer reads no label and no number; the agent reads which words and tones; the auditor reads the numbers.
    """
    if audience is Audience.CUSTOMER:
        return _for_customer(assessment, decision, options)
    if audience is Audience.AGENT:
        return _for_agent(assessment, decision, options)
    return _for_auditor(assessment, decision, options, levels or {})


def _for_customer(assessment: Assessment, decision: Decision, options: FusionOptions) -> tuple[str, ...]:
    effect = _EFFECT[decision.mode]
    if decision.clarify:
        effect = "We were not sure, so the assistant asks instead of guessing."
    if decision.escalate:
        effect = "A person was asked to take over."
    if assessment.emotion is None:
        return ("Nothing about how you feel was assessed in this message.", effect)
    return (f"{_sources_for_customer(assessment, options)}, {_signs(assessment)}.", effect, _CORRECT)


def _sources_for_customer(assessment: Assessment, options: FusionOptions) -> str:
    """What raises the score, strongest first; everything that was read if nothing does."""
    found = influences(assessment, options=options)
    raising = [one.modality for one in found if one.change is None or one.change >= HARDLY]
    if raising:
        return f"Mainly from {_source(raising[0])}"
    return "From " + " and ".join(_source(one.modality) for one in found)


def _source(modality: Modality) -> str:
    return _SOURCE.get(modality, f"the {modality} signal")


def _signs(assessment: Assessment) -> str:
    emotion, state = assessment.emotion, assessment.state
    assert emotion is not None
    if emotion.mixed:
        return "we noticed signs that do not fit together"
    by_state = {
        StateName.FRUSTRATED: "we noticed signs that this is not going well for you",
        StateName.STRESSED: "we noticed signs that this may be a strain",
        StateName.UNSURE: "we noticed signs that something may be unclear",
        StateName.RELIEVED: "we noticed signs that things have become easier",
        StateName.CONFIDENT: "we noticed signs that this is going well for you",
    }
    if state is not None and state.name in by_state:
        return by_state[state.name]
    if (emotion.frustration_cue or 0.0) >= _A_SIGN:
        return "we noticed signs that something may be wrong"
    return "we noticed nothing that stands out"


def _for_agent(assessment: Assessment, decision: Decision, options: FusionOptions) -> tuple[str, ...]:
    emotion, state = assessment.emotion, assessment.state
    if emotion is None:
        why = "; ".join(f"{modality}: {reason}" for modality, reason in assessment.absent.items())
        return (f"Nothing was scored in this turn ({why or 'no signal'}).", decision.reason)
    first, *_ = influences(assessment, options=options)
    named = next(score for score in assessment.scores if score.modality is first.modality)
    level = "" if state is None else f"Frustration is {state.frustration:.0f} of 100 ({_trend(state.trend)}); "
    doubt = ""
    if emotion.mixed:
        doubt = ", and the sources contradict each other, so no single emotion is claimed"
    elif not emotion.certain:
        doubt = f", and the label is unsure (confidence {emotion.confidence:.2f})"
    hints = tuple(DOUBT_HINTS[score.modality] for score in assessment.scores if score.is_doubted)
    return (f"{level}{_weightiest(named, first, emotion)}{doubt}.", decision.reason, *hints)


def _trend(points: float) -> str:
    if abs(points) < 0.5:
        return "unchanged"
    return f"{'up' if points > 0 else 'down'} {abs(points):.0f}"


def _weightiest(score: ModalityScore, influence: Influence, emotion: Emotion) -> str:
    what = ", ".join(feature.words for feature in score.features) or "nothing that stands out by itself"
    subject = f"what counts most is the {score.modality} ({what})"
    name, value = _score_in_words(emotion)
    if influence.change is None:
        return f"{subject}, the only source of the {name} of {value:.2f}"
    if abs(influence.change) < HARDLY:
        return f"{subject}, though the {name} would be {value:.2f} without it as well"
    verb = "raises" if influence.change > 0 else "lowers"
    return f"{subject}, which {verb} the {name} from {value - influence.change:.2f} to {value:.2f}"


def _score_in_words(emotion: Emotion) -> tuple[str, float]:
    if emotion.frustration_cue is not None:
        return "cue of dissatisfaction", emotion.frustration_cue
    return f"probability of {emotion.label}", emotion.probability(emotion.label)


def _for_auditor(
    assessment: Assessment, decision: Decision, options: FusionOptions, levels: Mapping[str, float]
) -> tuple[str, ...]:
    absent = "; ".join(f"{modality} absent ({reason})" for modality, reason in sorted(assessment.absent.items()))
    outcome = (
        f"Decision: mode {decision.mode}, offers {_yes(decision.offers_allowed)}, hand-over {_yes(decision.escalate)}, "
        f"neutral question {_yes(decision.clarify)}"
        + "".join(f", {name} from {level:g}" for name, level in levels.items())
        + f"; reason: {decision.reason}"
    )
    emotion = assessment.emotion
    if emotion is None:
        return (f"No modality was scored: {absent or 'no signal'}.", outcome)
    by_modality = {one.modality: one.change for one in influences(assessment, options=options)}
    read = [
        f"{score.modality} weight {emotion.contributions.get(score.modality, 0.0):.2f}, confidence "
        f"{score.confidence:.2f}{_doubt_in_words(score)}, {_change_in_words(by_modality[score.modality])}"
        for score in assessment.scores
    ]
    return (
        f"Read: {'; '.join([*read, absent] if absent else read)}.",
        f"{_pooled_in_words(assessment, emotion, options)}{_state_in_words(assessment)}.",
        outcome,
    )


def _doubt_in_words(score: ModalityScore) -> str:
    return "" if score.doubt is None else f" (doubt of its source {score.doubt:.2f})"


def _change_in_words(change: float | None) -> str:
    return "sole source of the explained score" if change is None else f"moves the explained score by {change:+.3f}"


def _pooled_in_words(assessment: Assessment, emotion: Emotion, options: FusionOptions) -> str:
    name, value = _score_in_words(emotion)
    again = fuse(assessment.scores, options=options)
    same = again is not None and abs(_score_in_words(again)[1] - value) < HARDLY and again.label == emotion.label
    return (
        f"Pooled with constants {options.version}{'' if same else ' (other constants than at the time)'}: "
        f"{emotion.label} {emotion.probability(emotion.label):.3f}, confidence {emotion.confidence:.3f} "
        f"(floor {options.certain_from:.2f}, {'certain' if emotion.certain else 'not certain'}), {name} {value:.3f}, "
        f"contradiction {contradiction(assessment.scores, options=options):.3f} "
        f"(threshold {options.contradiction_from:.2f}, {'mixed' if emotion.mixed else 'not mixed'})"
    )


def _state_in_words(assessment: Assessment) -> str:
    state = assessment.state
    if state is None:
        return ""
    since = f" since {state.since.isoformat(timespec='seconds')}" if state.since else ""
    bounds = (
        f", bounds by correction {state.floor:g} to {state.ceiling:g}"
        if (state.floor, state.ceiling)
        != (
            0.0,
            100.0,
        )
        else ""
    )
    return (
        f"; frustration {state.frustration:.1f} ({state.trend:+.1f}), confidence {state.confidence:.2f}, "
        f"{state.name}{since}{bounds}"
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
