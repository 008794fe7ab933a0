"""The shop's prior, sound-alikes and confidences, by hand-computed numbers."""

import math

import pytest

from speech.language.arpa import ArpaModel
from speech.recognition.beam import Hypothesis
from speech.recognition.confidence import Calibration, Evidence, agreements, same_places
from speech.recognition.fusion import FusionWeights, ShopPrior, spoken_words
from speech.recognition.moonshine_pieces import END, Pieces
from speech.recognition.soundalikes import variants

_BYTES = [b"<unk>", b"<s>", b"</s>", *(bytes([number]) for number in range(256))]
_WORDS = ("▁order", "▁for", "▁four", "▁one", "▁two", "▁kettle", "▁4", "1", "2", ",", ".", "▁")
PIECES = Pieces([*_BYTES, *(word.encode() for word in _WORDS)])
NUMBER = {word: len(_BYTES) + place for place, word in enumerate(_WORDS)}


def model(**chances: float) -> ArpaModel:
    return ArpaModel(1, {(word,): (math.log10(chance), 0.0) for word, chance in chances.items()})


def nats(prior: ShopPrior, *words: str) -> float:
    state = prior.begin()
    for word in words:
        state = state.followed_by(NUMBER[word])
    return state.followed_by(END).nats


WEIGHTS = FusionWeights(weight=0.5, share=0.5, floor=math.log(0.01), reference=math.log(0.1), order_nats=3.0)


def test_known_word_gains_by_the_mixture_and_an_unknown_one_pays_the_floor() -> None:
    prior = ShopPrior(model(four=0.3), PIECES, weights=WEIGHTS)
    assert nats(prior, "▁four") == pytest.approx(0.5 * math.log(0.5 * (0.3 + 0.01) / 0.1))
    assert nats(prior, "▁kettle") == pytest.approx(0.5 * math.log(0.5 * 0.01 / 0.1))
    assert nats(prior, "▁four", ",") == nats(prior, "▁four")


def test_written_digits_count_as_they_are_said() -> None:
    prior = ShopPrior(model(four=0.3, one=0.2), PIECES, weights=WEIGHTS)
    assert nats(prior, "▁4", "1") == pytest.approx(nats(prior, "▁four", "▁one"))
    early = prior.begin().followed_by(NUMBER["▁4"]).followed_by(NUMBER["1"])
    assert early.nats == pytest.approx(nats(prior, "▁4", "1"))
    assert early.words == ("four", "one")


def test_row_as_long_as_order_numbers_gains_and_a_longer_one_does_not() -> None:
    prior = ShopPrior(model(four=0.3), PIECES, weights=WEIGHTS)
    each = nats(prior, "▁four")
    assert nats(prior, *["▁four"] * 6) == pytest.approx(6 * each + 3.0)
    assert nats(prior, *["▁four"] * 7) == pytest.approx(7 * each)
    assert nats(prior, *["▁four"] * 6, "▁kettle") == pytest.approx(6 * each + 3.0 + nats(prior, "▁kettle"))


def test_endless_digits_stop_gaining() -> None:
    prior = ShopPrior(model(four=0.3, one=0.3), PIECES, weights=WEIGHTS)
    assert nats(prior, "▁4", *["1"] * 40) <= nats(prior, "▁4", *["1"] * 7) + 1e-9


def test_hotwords_gain_without_a_language_model() -> None:
    prior = ShopPrior(None, PIECES, hotwords=("Kettle",), weights=WEIGHTS)
    assert nats(prior, "▁kettle") == WEIGHTS.hotword_nats
    assert nats(prior, "▁order") == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Four-oh, 12!", "four oh one two"),
        ("It’s 1,999.", "it's one nine nine nine"),
        ("...", ""),
        ("Where is it?", "where is it"),
    ],
)
def test_words_are_compared_without_case_and_marks(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)) == words


def test_sound_alikes_become_digits_beside_digits_only() -> None:
    assert "Check four one, six, seven, five, two for me?" in variants("Check for one, six, seven, five, two for me?")
    assert variants("I want to return it for one euro") == []
    assert variants("one two three for me") == []
    assert variants("four one two, three one for") == ["four one two, three one four"]
    assert len(variants("to one two three for four five too six")) <= 7


def reading(words: str, mass: float, prior_nats: float = 0.0) -> Hypothesis:
    return Hypothesis((), (0.0,), tuple(words.split()), prior_nats, mass)


def test_agreement_is_the_share_of_mass_that_has_the_word() -> None:
    readings = [reading("four one two", math.log(0.6)), reading("for one two", math.log(0.2))]
    assert agreements(readings) == pytest.approx([0.75, 1.0, 1.0])


def test_digit_that_may_be_missing_makes_its_neighbours_unsure() -> None:
    readings = [reading("four one two", math.log(0.5)), reading("four one nine two", math.log(0.5))]
    assert agreements(readings) == pytest.approx([1.0, 0.5, 0.5])
    assert same_places(["a", "b"], ["a", "b", "c"]) == {0}


def test_prior_weighs_the_readings() -> None:
    readings = [reading("four", math.log(0.5), math.log(3)), reading("for", math.log(0.5))]
    assert agreements(readings) == pytest.approx([0.75])


def test_confidence_rises_with_agreement_and_stays_between_0_and_1() -> None:
    calibration = Calibration()
    values = [calibration.confidence(Evidence(share, -1.0)) for share in (0.0, 0.3, 0.9, 1.0)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1
