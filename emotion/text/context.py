"""What the talk so far says about a message: the assistant failed, the customer asks again, corrects, gives up.

A list of signs, each a number in [0, 1] read off the words, each with a weight in log-odds that was set by hand from
what the sign means; no weight was fitted to rated dialogues (docs/decisions/0086-reading-in-context.md).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from emotion.text import talk_signs as words
from emotion.text.talk import LOOK_BACK, Line, Turn, customer_turns, overlap
from vocabulary import FINE_SENTIMENTS, LABELS, Feature, ModalityScore, Said

EVIDENCE: Final = (-2.0, 4.0)
"""Bounds of the evidence in log-odds: the talk alone makes no outburst out of a calm message."""

_CARRIED: Final = (0.25, 0.25, 0.1)  # share of the evidence left by a message 0, 1 and 2 replies ago
_SAME_FROM: Final = 0.3  # two requests of one talk share a third of their words by nature
_FEW: Final = 3  # fewer words repeat by nature
_SHOWN_FROM: Final = 0.25  # weighed value from which a sign is shown to an agent
_MAX_FEATURES: Final = 4


@dataclass(frozen=True)
class Sign:
    """words: for an agent. weight: log-odds of dissatisfaction that the sign brings when it is 1."""

    words: str
    weight: float


SIGNS: Final[Mapping[str, Sign]] = {
    # What the customer does.
    "turns_down": Sign("turns down what the assistant said", 1.2),
    "corrects": Sign("corrects the assistant", 1.2),
    "asks_again": Sign("asks again for the same", 0.9),
    "doubts": Sign("doubts the answer", 0.8),
    "insists": Sign("insists", 0.4),
    "tries_otherwise": Sign("tries another way", 0.6),
    "gives_up": Sign("gives up or is disappointed", 1.0),
    "clears_up": Sign("clears up a misunderstanding", 1.0),
    "not_for_me": Sign("does not like what is offered", 0.8),
    "no_preference": Sign("is asked for what does not matter", 0.5),
    "bitter_praise": Sign("praises a failure", 2.0),
    # What the assistant did before.
    "no_answer": Sign("the assistant had no answer", 0.8),
    "failed_before": Sign("the assistant failed before", 0.4),
    "asked_for_given": Sign("was asked for what was already given", 0.6),
    "question_for_question": Sign("a question was answered with a question", 0.3),
    "says_the_same": Sign("the assistant repeats itself", 0.6),
    # What speaks for relief.
    "thanks": Sign("thanks after an answer", -0.8),
    "done": Sign("the assistant did what was asked", -0.5),
    "settled": Sign("the request was settled", -0.3),
}


@dataclass(frozen=True)
class ContextReading:
    """What the talk adds to a message.

    evidence: log-odds of dissatisfaction within EVIDENCE; 0 without a talk. signs: values in [0, 1] by names in SIGNS.
    features: the signs that speak for dissatisfaction, in words for an agent, strongest first.
    """

    evidence: float = 0.0
    signs: Mapping[str, float] = field(default_factory=dict)
    features: tuple[Feature, ...] = ()


NO_TALK: Final = ContextReading()


def read_context(text: str, context: Sequence[Said]) -> ContextReading:
    """Read one message of the customer in its talk. context: what was said before it, oldest first.

    A message that no reply came before is only compared with the customer's own earlier ones.

    >>> from vocabulary import Author
    >>> read_context("great, again", []).evidence
    0.0
    >>> failed = [Said(Author.CUSTOMER, "Where is my parcel?"), Said(Author.BOT, "I could not find that.")]
    >>> read_context("great, again", failed).features[0].words
    'praises a failure'
    """
    *before, turn = customer_turns(text, context[-4 * LOOK_BACK :])
    if not turn.requests and not turn.replies:
        return NO_TALK
    signs = _signs(turn)
    # Dissatisfaction outlives the message that shows it.
    carried = max(
        (
            _CARRIED[turn.number - earlier.number] * _weigh(_signs(earlier))
            for earlier in before[-LOOK_BACK:]
            if turn.number - earlier.number < len(_CARRIED)
        ),
        default=0.0,
    )
    evidence = min(EVIDENCE[1], max(EVIDENCE[0], _weigh(signs) + max(0.0, carried)))
    weighed = sorted(((SIGNS[name].weight * value, name) for name, value in signs.items()), reverse=True)
    features = tuple(Feature(name, signs[name], SIGNS[name].words) for by, name in weighed if by >= _SHOWN_FROM)
    return ContextReading(evidence, signs, features)


def in_context(score: ModalityScore, reading: ContextReading) -> ModalityScore:
    """A message's own score, moved by what the talk says about it; the score itself where the talk says nothing.

    The frustration cue moves by the evidence in log-odds, sentiment and valence lean the same way. The labels say what
    the words express and stay, except under bitter praise: its happiness is anger.
    """
    if not reading.signs:
        return score
    bitter = reading.signs.get("bitter_praise", 0.0)
    probabilities = _embittered(score.probabilities, bitter)
    top, top_before = max(probabilities), max(score.probabilities)
    nuances = dict(score.nuances)
    for name, share in _NUANCES.items():
        if name in nuances:
            nuances[name] = _shift(nuances[name], share * reading.evidence)
    if bitter and "gratitude" in nuances:
        nuances["gratitude"] *= 1.0 - bitter
    return replace(
        score,
        probabilities=probabilities,
        # A label that won by less of the mass, or by mass that was moved, is no surer than before.
        confidence=score.confidence * min(1.0, top / top_before),
        valence=None if score.valence is None else _lean(score.valence, reading.evidence, bitter),
        frustration_cue=None if score.frustration_cue is None else _shift(score.frustration_cue, reading.evidence),
        sentiment=None if score.sentiment is None else _tilted(score.sentiment, reading.evidence),
        nuances=nuances,
        features=(*reading.features, *score.features)[:_MAX_FEATURES],
    )


_NUANCES: Final = {"annoyance": 1.0, "disappointment": 0.5}
"""Nuances that move with the evidence, and by which share of it."""
_CERTAIN: Final = 0.02  # a cue of 0 or 1 is a rounding, and evidence still moves it


def _shift(value: float, evidence: float) -> float:
    """Move a probability by log-odds."""
    if evidence == 0.0:
        return value
    value = min(1.0 - _CERTAIN, max(_CERTAIN, value))
    return 1.0 / (1.0 + math.exp(-math.log(value / (1.0 - value)) - evidence))


def _tilted(sentiment: Sequence[float], evidence: float) -> tuple[float, ...]:
    """The five levels, each weighed by how far it agrees with the evidence."""
    middle = len(FINE_SENTIMENTS) // 2
    weighed = [value * math.exp(0.25 * evidence * (middle - level)) for level, value in enumerate(sentiment)]
    return tuple(value / sum(weighed) for value in weighed)


def _lean(valence: float, evidence: float, bitter: float) -> float:
    if bitter and valence > 0.0:
        valence *= 1.0 - 2.0 * bitter
    return max(-1.0, min(1.0, valence - 0.1 * evidence))


def _embittered(probabilities: Sequence[float], bitter: float) -> tuple[float, ...]:
    values = dict(zip(LABELS, probabilities, strict=True))
    moved = bitter * values["happiness"]
    values["happiness"] -= moved
    values["anger"] += moved
    return tuple(values[label] for label in LABELS)


def _weigh(signs: Mapping[str, float]) -> float:
    return sum(SIGNS[name].weight * value for name, value in signs.items())


def _signs(turn: Turn) -> dict[str, float]:
    signs = {"asks_again": _asks_again(turn)}
    if turn.replies:
        signs |= _reaction(turn.said.text, turn.replies[-1]) | _reply(turn)
    return signs


def _reaction(text: str, reply: Line) -> dict[str, float]:
    """What the customer does with the last reply."""
    negations = 0 if words.CLOSING.search(text) else _count(words.NEGATION, text)
    bitter = _bitter_praise(text, reply)
    # Thanks for a failure are manners.
    thanks = _has(words.THANKS, text) * (1.0 - 0.5 * reply.failure) if not negations and not bitter else 0.0
    return {
        "turns_down": min(1.0, 0.6 * negations),
        "corrects": min(1.0, 0.7 * _count(words.CORRECTS, text)),
        "doubts": _has(words.DOUBTS, text),
        "insists": min(1.0, 0.5 * _count(words.INSISTS, text)),
        "tries_otherwise": _has(words.OTHERWISE, text),
        "gives_up": _has(words.GIVES_UP, text),
        "clears_up": _has(words.OWN_APOLOGY, text),
        "not_for_me": _has(words.NOT_FOR_ME, text),
        "no_preference": _has(words.NO_MATTER, text),
        "bitter_praise": bitter,
        "thanks": thanks,
    }


def _reply(turn: Turn) -> dict[str, float]:
    """What the last replies did with the customer's request."""
    *before, reply = turn.replies
    given = any(
        asked.search(question) and any(value.search(request.text) for request in turn.requests)
        for asked, value in words.DETAILS
        for question in reply.questions
    )
    return {
        "no_answer": reply.failure,
        "failed_before": min(1.0, sum(0.5**ago * earlier.failure for ago, earlier in enumerate(reversed(before), 1))),
        "asked_for_given": float(given),
        "question_for_question": float(
            bool(reply.questions) and turn.answered is not None and "?" in turn.answered.text
        ),
        "says_the_same": max((_sameness(reply.content, earlier.content) for earlier in before[-4:]), default=0.0),
        "done": _has(words.DONE, reply.text) * (1.0 - reply.failure),
        "settled": _has(words.OFFERS_MORE, reply.text),
    }


def _asks_again(turn: Turn) -> float:
    """How far this message repeats earlier ones: as a whole, or in words that the last reply does not take up.

    Short answers ("yes", an order number) repeat by nature: fewer than three words never count.
    """
    whole = max((_sameness(turn.said.words, said.words) for said in turn.requests), default=0.0)
    asked = 0
    if turn.replies and len(turn.said.words) >= _FEW:
        known = frozenset[str]().union(*(request.content for request in turn.requests))
        asked = len((turn.said.content & known) - turn.replies[-1].content)
    return min(1.0, max(whole, asked / 4.0))


def _sameness(one: frozenset[str], other: frozenset[str]) -> float:
    """How far one message is the other again: 0 up to the share of words that messages of one talk have in common."""
    if min(len(one), len(other)) < _FEW:
        return 0.0
    return max(0.0, (overlap(one, other) - _SAME_FROM) / (1.0 - _SAME_FROM))


def _bitter_praise(text: str, reply: Line) -> float:
    if not reply.failure or not words.PRAISE.search(text):
        return 0.0
    length = len(text.split())
    if length <= 8 and words.AGAIN.search(text):
        return 1.0
    # Bare praise of a bare failure; an offer beside the failure may well deserve it.
    return 0.5 if length <= 3 and reply.failure == 1.0 and not words.ANOTHER_WAY.search(reply.text) else 0.0


def _has(pattern: re.Pattern[str], text: str) -> float:
    return float(pattern.search(text) is not None)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
