"""The shipped behaviour model on written sessions, and what it must never claim."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion import BehaviourScorer, ModelError, fuse
from emotion.behaviour.scorer import CUE_LIMIT, TOO_FEW
from tests.emotion.behaviour.builders import session
from tests.emotion.behaviour.test_visit import anything
from vocabulary import LABELS, Absent, Modality, ModalityScore, Step, StepKind, Visit

MODEL = Path(__file__).resolve().parents[3] / "models" / "behaviour"
SCORER = BehaviourScorer(MODEL)

SMOOTH = [
    "cart 8 + address 15 + delivery 12 + pay 20 +",
    "cart 8 + address 15 ! 3 ! 5 + pay 10 ! 4 +",
    "cart 10 ! 0.2 ! 20 + pay 12 +",
    "cart 10 - 300 cart 5 + pay 12 +",
    "cart 6 + address 10 + delivery 9 cart 6 delivery 8 + pay 14 +",
    "product 10 product-2 12 product 8 product-3 10",
    "cart 12 + pay 5 x 3",
    "cart 4 + address 6 + delivery 3 + gift 3 + pay 6 + thanks 2",
]
STUCK = [
    "cart 5 address 6 cart 5 address 6 cart 5 address 6 cart 5 address 4",
    "cart 5 address 40 ^ 10 ^ 12 ^ 9 ^ 4",
    "cart 6 + pay 10 !!!! 6 !!!!! 5 !!! 4",
    "cart 5 + address 20 x 3 address 15 x 2 address 9",
    "cart 8 + address 95 ^ 5",
    "returns 10 ^ 12 ^ 8 label 6 returns 14 !!! 6 ^ 4 label 3",
    "form 30 ^ 10 !!! 5 x 4 form 20 ^ 8 !!!! 5",
    "cart 5 + voucher 10 !!! 4 x 2 voucher 8 !!! 3 x 2",
]


def score(words: str) -> ModalityScore:
    found = SCORER.score(session(words))
    assert isinstance(found, ModalityScore)
    return found


@pytest.mark.parametrize("words", SMOOTH)
def test_a_smooth_way_is_no_struggle(words: str) -> None:
    assert SCORER.struggle(Visit.of(session(words))) <= 0.2


@pytest.mark.parametrize("words", STUCK)
def test_a_way_with_something_in_it_is_told_from_every_smooth_one(words: str) -> None:
    smoothest = max(SCORER.struggle(Visit.of(session(smooth))) for smooth in SMOOTH)
    assert SCORER.struggle(Visit.of(session(words))) >= max(0.4, 2 * smoothest)
    assert score(words).features


def test_reasons_are_plain_words() -> None:
    told = [feature.words for feature in score("cart 5 address 6 cart 5 address 6 cart 5 address 5").features]
    assert "went back and forth between two steps five times" in told
    told = [feature.words for feature in score("cart 5 address 40 ^ 10 ^ 12 ^ 4").features]
    assert "went back up to read again three times" in told
    assert any(words.startswith("stayed ") for words in told)


def test_a_named_reason_moves_the_score() -> None:
    for with_it, without in [
        ("cart 8 + pay 10 ^ 5 ^ 5 ^ 5", "cart 8 + pay 10 5 5 5"),
        ("cart 8 + pay 10 x 2 pay 5 x 2 pay 4", "cart 8 + pay 10 2 pay 5 2 pay 4"),
        ("cart 8 + pay 10 !!! 5 !!! 5", "cart 8 + pay 10 ! 5 ! 5"),
        ("cart 8 + pay 100 + thanks 5", "cart 8 + pay 15 + thanks 5"),
    ]:
        assert (score(with_it).frustration_cue or 0) > 1.3 * (score(without).frustration_cue or 0)


def test_it_claims_no_feeling_and_moves_no_label() -> None:
    behaviour = score(STUCK[-1])
    assert behaviour.known_labels == () and set(behaviour.probabilities) == {1 / len(LABELS)}
    words = ModalityScore(Modality.TEXT, (0.1, 0.0, 0.0, 0.7, 0.0, 0.0, 0.2), confidence=0.7, frustration_cue=0.1)
    alone, both = fuse([words]), fuse([words, behaviour])
    assert alone is not None and both is not None
    assert both.label == alone.label == "happiness"
    assert both.probabilities == pytest.approx(alone.probabilities, abs=0.02)
    assert (both.frustration_cue or 0) >= (alone.frustration_cue or 0)


def test_struggle_alone_is_never_certain_of_a_feeling() -> None:
    emotion = fuse([score(STUCK[-1])])
    assert emotion is not None and not emotion.certain and not emotion.mixed


@pytest.mark.parametrize("words", ["", "cart", "cart 3 +", "cart ! 0.1 ! 0.1 !"])
def test_too_little_is_absent_with_the_reason(words: str) -> None:
    assert SCORER.score(session(words)) == Absent(TOO_FEW)


def test_ten_thousand_steps_are_scored_at_once() -> None:
    steps = [Step("cart", StepKind.CLICK, at_ms) for at_ms in range(0, 10_000 * 50, 50)]
    assert isinstance(SCORER.score(steps), ModalityScore)


@given(anything)
@settings(max_examples=60)
def test_whatever_comes_is_in_range(steps: list[Step]) -> None:
    found = SCORER.score(steps)
    if isinstance(found, ModalityScore):
        assert 0 <= (found.frustration_cue or 0) <= CUE_LIMIT
        assert 0 < (found.engagement or 0) <= 1
        assert len(found.features) <= 4


@given(anything, st.randoms())
@settings(max_examples=40)
def test_duplicates_and_order_change_nothing(steps: list[Step], chance: object) -> None:
    shuffled = [*steps, *steps]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert SCORER.score(shuffled) == SCORER.score(steps)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {}},
        {"weights": None},
        {"intercept": "x"},
        {"revision": 9},
        {"kind": "voice"},
    ],
)
def test_a_damaged_model_says_how_to_make_it_again(tmp_path: Path, change: dict[str, object]) -> None:
    meta = json.loads((MODEL / "meta.json").read_text()) | change
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(ModelError, match="attune emotion train behaviour"):
        BehaviourScorer(tmp_path)


def test_a_missing_model_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="attune emotion train behaviour"):
        BehaviourScorer(tmp_path)
