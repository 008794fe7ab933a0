"""What a stored turn rests on, over its conversation and those that it went on from."""

from store.origins import Origin, Turn, origins
from vocabulary import NEVER_ASSESSED, Assessment, CustomerState, Modality, ModalityScore, Signal, StateName

FLAT = (0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
TEXT, VOICE = Signal.TEXT, Signal.VOICE


def turn(name: str, conversation: str, *modalities: Modality, previous: str | None = None, state: bool = True) -> Turn:
    return Turn(
        name,
        conversation,
        previous,
        Assessment(
            conversation,
            name,
            scores=tuple(ModalityScore(modality, FLAT, 0.5) for modality in modalities),
            state=CustomerState(40.0, 0.0, StateName.CALM, 0.5, 1) if state else None,
        ),
    )


def test_a_turn_rests_on_all_earlier_ones_of_its_conversation_whether_it_continued_them_or_not() -> None:
    found = origins([turn("a", "c1", Modality.VOICE), turn("b", "c1", Modality.TEXT), turn("x", "c2", Modality.TEXT)])
    assert found["a"] == Origin(frozenset({VOICE}))
    assert found["b"] == Origin(frozenset({VOICE, TEXT}))
    assert found["x"] == Origin(frozenset({TEXT}))


def test_what_was_carried_goes_on_through_later_conversations() -> None:
    found = origins(
        [
            turn("a", "c1", Modality.VOICE),
            turn("b", "c2", Modality.TEXT, previous="a"),
            turn("c", "c2", previous="b"),
            turn("d", "c3", Modality.FACE, previous="c"),
        ]
    )
    assert found["b"] == Origin(frozenset({TEXT}), frozenset({VOICE}))
    assert found["c"] == Origin(frozenset({TEXT}), frozenset({VOICE}))
    assert found["d"] == Origin(frozenset({Signal.FACE}), frozenset({VOICE, TEXT}))
    assert found["d"].signals == {VOICE, TEXT, Signal.FACE}


def test_a_turn_before_that_is_gone_carries_nothing() -> None:
    assert origins([turn("b", "c2", Modality.TEXT, previous="gone")])["b"].carried == frozenset()


def test_what_holds_something_that_a_withdrawal_must_reach() -> None:
    assert turn("a", "c1", state=True).holds_something
    assert not turn("a", "c1", state=False).holds_something
    left_out = Turn("a", "c1", "b", Assessment("c1", "a", absent={Modality.TEXT: NEVER_ASSESSED}))
    assert left_out.holds_something
