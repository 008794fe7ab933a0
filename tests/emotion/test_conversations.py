"""Whole conversations through the shipped text model, fusion and state: text alone, nothing faked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from emotion import TextScorer, fuse, update_state
from tests.emotion.builders import customer_said
from vocabulary import CustomerState, DialogueEvidence, ModalityScore, StateName

HERE = Path(__file__).resolve().parent
ESCALATE_FROM = 70.0
NOTHING: Mapping[int, DialogueEvidence] = {}

ESCALATING = [
    [
        "Where is my order?",
        "I already asked that, you are not helping",
        "This is ridiculous, this is the third time I ask!",
        "I am really angry now, this is unacceptable, nobody helps me",
    ],
    [
        "Hi, the blender I ordered has not come.",
        "You gave me that link before and it shows nothing.",
        "Are you kidding? I have told you twice that the link shows nothing!",
        "I've had enough, this is the worst support I have ever seen.",
        "STOP WASTING MY TIME AND GIVE ME MY MONEY BACK!!!",
    ],
    [
        "I would like my refund for the iron.",
        "That is not what I asked, I want to know when the money comes.",
        "You are not listening to me. When does the money come?!",
        "Unbelievable, this is useless, I am fed up with you!",
        "I'm furious, answer me!",
    ],
]

CALM = [
    [
        "Hello",
        "I'd like to return my kettle please, it leaks.",
        "417203",
        "it's jana.weber@example.org",
        "Because the lid is broken.",
        "Yes, please.",
        "When do I get the money back?",
        "Thank you, goodbye",
    ],
    [
        "Good evening",
        "my parcel has not arrived, can you check?",
        "No, the other order, the one with the toaster.",
        "It says delivered but there is nothing here.",
        "I looked, the neighbours do not have it.",
        "ok, how long does that take?",
        "And if it does not turn up?",
        "All right, then I'll wait for your message.",
    ],
]


def talk(
    scorer: TextScorer, messages: Sequence[str], evidence: Mapping[int, DialogueEvidence] = NOTHING
) -> list[CustomerState | None]:
    """The state after each message."""
    states: list[CustomerState | None] = []
    for turn, message in enumerate(messages):
        score = scorer.score(message, context=customer_said(*messages[:turn]))
        emotion = fuse([score]) if isinstance(score, ModalityScore) else None
        states.append(update_state(states[-1] if states else None, emotion, evidence.get(turn, DialogueEvidence())))
    return states


def levels(scorer: TextScorer, messages: Sequence[str]) -> list[float]:
    return [state.frustration if state else 0.0 for state in talk(scorer, messages)]


@pytest.mark.parametrize("messages", ESCALATING, ids=["order", "blender", "refund"])
def test_growing_frustration_escalates_by_the_fourth_or_fifth_turn_and_not_before_the_third(
    text_scorer: TextScorer, messages: list[str]
) -> None:
    reached = levels(text_scorer, messages)
    assert max(reached[:2]) < ESCALATE_FROM
    assert max(reached) >= ESCALATE_FROM


def test_the_first_escalating_customer_is_handed_over_by_the_fourth_message(text_scorer: TextScorer) -> None:
    assert max(levels(text_scorer, ESCALATING[0])) >= ESCALATE_FROM


@pytest.mark.parametrize("messages", CALM, ids=["return", "parcel"])
def test_a_polite_customer_stays_below_thirty_for_eight_turns(text_scorer: TextScorer, messages: list[str]) -> None:
    assert max(levels(text_scorer, messages)) < 30


@pytest.mark.parametrize("word", ["shit", "Damn.", "fuck!", "Bloody hell", "wtf"])
def test_one_hot_word_is_no_escalation(text_scorer: TextScorer, word: str) -> None:
    assert max(levels(text_scorer, [word])) < 55
    assert max(levels(text_scorer, ["Hello", word, "It is order 417203.", "Thanks"])) < 55


@pytest.mark.parametrize(
    "message",
    [
        "Your fucking company is a scam, I want my money back NOW!!!",
        "I AM ABSOLUTELY FURIOUS!!! YOU STOLE MY MONEY, YOU LIARS!!!",
    ],
)
def test_the_angriest_first_message_escalates_only_with_failures_of_the_bot(
    text_scorer: TextScorer, message: str
) -> None:
    alone = talk(text_scorer, [message])[0]
    failed = talk(text_scorer, [message], {0: DialogueEvidence(fallbacks=1, repeats=1)})[0]
    assert alone is not None and failed is not None
    assert 35 <= alone.frustration < ESCALATE_FROM <= failed.frustration


def test_a_solved_problem_and_thanks_bring_relief(text_scorer: TextScorer) -> None:
    messages = [*ESCALATING[0][:3], "Oh, there it is. Thank you very much, that helped!"]
    states = talk(text_scorer, messages, {3: DialogueEvidence(resolved=True)})
    last, before = states[-1], states[-2]
    assert last is not None and before is not None
    assert before.frustration >= 55
    assert last.frustration < 35
    assert last.name is StateName.RELIEVED


def test_german_is_absent_and_changes_nothing(text_scorer: TextScorer) -> None:
    states = talk(text_scorer, ["Where is my order, this is really annoying", "Das ist eine Unverschämtheit!"])
    assert states[0] is not None and states[1] is not None
    assert states[1].frustration == states[0].frustration
    assert talk(text_scorer, ["Wo ist meine Bestellung?"]) == [None]


@pytest.mark.parametrize("message", [
    line
    for line in (HERE / "calm_register.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
])  # fmt: skip
def test_an_ordinary_request_is_no_false_alarm(text_scorer: TextScorer, message: str) -> None:
    assert max(levels(text_scorer, [message])) < 45
