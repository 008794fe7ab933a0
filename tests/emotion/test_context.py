"""What the talk so far does to the reading of a message."""

from collections.abc import Sequence
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion.text.context import EVIDENCE, NO_TALK, SIGNS, in_context, read_context
from tests.emotion.builders import customer_said, score
from vocabulary import LABELS, Author, ModalityScore, Said

TALKS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).resolve().parent / "talks.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
CALM = score(label="neutral", cue=0.1)
NAMED = {
    "asks again for the same": ("Where is my parcel?", "It is late.", "Where is my parcel?"),
    "corrects the assistant": ("The red one please", "The blue one is in your basket.", "I said the red one"),
    "turns down what the assistant said": ("A quiet fan", "Try the Storm 3000.", "No, that is not quiet"),
    "the assistant had no answer": ("Where is my parcel?", "I could not find it.", "It was sent on Monday"),
    "was asked for what was already given": ("It is 417203", "What is your order number?", "417203"),
    "doubts the answer": ("Any in red?", "We only have blue.", "Are you sure?"),
    "gives up or is disappointed": ("Any in red?", "We only have blue.", "never mind"),
    "does not like what is offered": ("A film for tonight", "How about Alien?", "I've seen that, it is boring"),
}


def talk(*texts: str) -> list[Said]:
    """Customer and assistant in turns, the customer first."""
    return [Said(Author.BOT if at % 2 else Author.CUSTOMER, text) for at, text in enumerate(texts)]


def cue(text: str, context: Sequence[Said], alone: ModalityScore = CALM) -> float:
    moved = in_context(alone, read_context(text, context)).frustration_cue
    assert moved is not None
    return moved


def with_feelings() -> ModalityScore:
    """A message whose words are happy."""
    return ModalityScore(
        score().modality,
        probabilities=tuple(0.7 if label == "happiness" else 0.05 for label in LABELS),
        confidence=0.6,
        valence=0.8,
        frustration_cue=0.05,
        sentiment=(0.02, 0.08, 0.2, 0.4, 0.3),
        nuances={"annoyance": 0.05, "gratitude": 0.6, "curiosity": 0.3},
    )


@pytest.mark.parametrize(("asked", "helped", "failed", "text"), TALKS, ids=[row[3][:20] for row in TALKS])
def test_the_same_message_reads_worse_after_a_failure_than_after_help(
    asked: str, helped: str, failed: str, text: str
) -> None:
    assert cue(text, talk(asked, failed)) > cue(text, talk(asked, helped)) + 0.01


def test_a_talk_moves_the_cue_both_ways() -> None:
    assert cue("I said the red one, not the blue one", talk("red please", "The blue one is on its way.")) > 0.25
    assert cue("Thank you!", talk("red please", "The red one has been sent. Anything else?")) < 0.05


@pytest.mark.parametrize(("words", "said"), NAMED.items(), ids=list(NAMED))
def test_each_sign_is_told_in_words(words: str, said: tuple[str, str, str]) -> None:
    *before, text = said
    assert words in [feature.words for feature in read_context(text, talk(*before)).features]


def test_evidence_by_hand() -> None:
    # "settled" alone: the assistant offered more help, the answer to it says nothing else.
    reading = read_context("ok", talk("red please", "The red one costs 5 euros. Anything else?"))
    assert {name: value for name, value in reading.signs.items() if value} == {"settled": 1.0}
    assert reading.evidence == SIGNS["settled"].weight
    # logit .1 = -2.197; -2.197 - 0.3 = -2.497, and its logistic is .0761.
    assert cue("ok", talk("red please", "The red one costs 5 euros. Anything else?")) == pytest.approx(0.0761, abs=1e-4)


@given(st.text(max_size=200))
def test_without_a_talk_the_reading_is_that_of_the_one_message(text: str) -> None:
    assert read_context(text, []) == NO_TALK
    assert in_context(CALM, read_context(text, [])) is CALM


_PIECES = (
    *(
        "no",
        "sorry",
        "i said",
        "order 417203",
        "great",
        "thanks",
        "what about",
        "another time?",
        "where is",
        "my parcel",
    ),
    *("booked", "again", "not", "unfortunately", "the red kettle", "anything else?", "please", "monday", "never mind"),
)
_LINES = st.builds(
    Said,
    st.sampled_from([Author.CUSTOMER, Author.BOT]),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=7).map(" ".join),
)


@given(st.lists(_LINES, max_size=30), _LINES)
def test_a_repeated_request_never_lowers_the_cue(context: list[Said], last: Said) -> None:
    again = [*context, Said(Author.CUSTOMER, last.text)]
    assert cue(last.text, again) >= cue(last.text, context) - 1e-12


@given(st.lists(_LINES, max_size=30), st.text(max_size=100))
def test_any_talk_gives_a_valid_score_within_the_bounds(context: list[Said], text: str) -> None:
    reading = read_context(text, context)
    assert EVIDENCE[0] <= reading.evidence <= EVIDENCE[1]
    assert all(0.0 <= value <= 1.0 for value in reading.signs.values())
    moved = in_context(with_feelings(), reading)
    assert (moved.frustration_cue or 0.0) > with_feelings().frustration_cue or reading.evidence <= 0.0
    assert moved.confidence <= with_feelings().confidence


def test_an_agent_s_words_cannot_be_context() -> None:
    with pytest.raises(ValueError, match="agent"):
        Said(Author.AGENT, "I am furious too")


def test_praise_of_a_failure_is_annoyance_and_no_happiness() -> None:
    failed = talk("Where is my parcel?", "Sorry, I could not find that parcel.")
    moved = in_context(with_feelings(), read_context("Great, again", failed))
    assert moved.probabilities[LABELS.index("anger")] > 0.7 > 0.1 > moved.probabilities[LABELS.index("happiness")]
    assert moved.nuances["annoyance"] > 0.3 and moved.nuances["gratitude"] == 0.0
    assert moved.nuances["curiosity"] == 0.3
    assert moved.valence is not None and moved.valence < -0.5
    assert moved.sentiment is not None and sum(moved.sentiment[:2]) > 0.3
    assert moved.features[0].words == "praises a failure"


def test_praise_of_an_offer_beside_a_failure_stays_praise() -> None:
    offered = talk("A red one", "There are no red ones, but I can offer you a blue one. Would you like that?")
    moved = in_context(with_feelings(), read_context("Great, I'll take the blue one", offered))
    assert moved.probabilities == with_feelings().probabilities


def test_failures_add_up_and_an_old_one_fades() -> None:
    fail, fine = "I could not find that.", "It is in Leipzig."
    first = cue("and now", talk("a parcel", fail))
    second = cue("and now", talk("a parcel", fail, "the lamp", "Nothing was found."))
    faded = cue("and now", talk("a parcel", fail, "the lamp", fine, "the chair", fine))
    assert CALM.frustration_cue is not None
    assert second > first > faded >= CALM.frustration_cue


def test_dissatisfaction_outlives_the_message_that_shows_it() -> None:
    angry = talk("red please", "Here is a blue one.", "No, that is wrong, I said red!", "What size?")
    calm = talk("red please", "Here is a blue one.", "Which sizes are there", "What size?")
    assert cue("forty two", angry) > cue("forty two", calm)


@pytest.mark.parametrize(
    "reply", ["There is no charge for that.", "No problem, I have changed it.", "There are no fees."]
)
def test_a_harmless_no_is_no_failure(reply: str) -> None:
    assert read_context("ok", talk("Change the size please", reply)).signs["no_answer"] == 0.0


def test_a_polite_end_turns_nothing_down() -> None:
    settled = talk("Where is it?", "It comes today. Anything else?")
    assert read_context("No, that's all, thank you", settled).signs["turns_down"] == 0.0
    assert read_context("No, it does not come today", settled).signs["turns_down"] == 1.0


def test_short_answers_repeat_by_nature() -> None:
    assert read_context("yes please", customer_said("yes please")).evidence == 0.0
    assert read_context("417203", customer_said("417203")).evidence == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "why " * 10_000,
        "😡" * 5_000,
        "\u202eשלום עולם " * 500,
        "\x00\ud800",
        "?" * 10_000,
        "no, " * 10_000,
        "a" * 100_000,
        " ",
    ],
    ids=["words", "signs", "right to left", "broken", "questions", "noes", "one word", "blank"],
)
def test_hostile_texts_are_read_in_time(text: str) -> None:
    context = [Said(Author.CUSTOMER if at % 2 else Author.BOT, text) for at in range(40)]
    start = process_time()
    reading = read_context(text, context)
    assert process_time() - start < 0.2
    assert EVIDENCE[0] <= reading.evidence <= EVIDENCE[1]


def test_an_ordinary_talk_is_read_in_milliseconds() -> None:
    context = talk(*[text for asked, _, failed, said in TALKS[:5] for text in (asked, failed, said, failed)])
    read_context("warm up", context)
    spent = []
    for _ in range(20):
        start = process_time()
        read_context("No, I said the red one, could you check again?", context)
        spent.append(process_time() - start)
    assert sorted(spent)[10] < 0.005
