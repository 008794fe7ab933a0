"""Sentences that measure are in no model, and those that choose are others."""

from benchmarks.speech_sentences import HELD_OUT, MEASURED
from cli.speech_prepare import shop_talk
from shop import generate_catalogue
from speech import canonical, spoken_form


def test_there_are_enough_and_all_differ() -> None:
    assert len({tuple(canonical(sentence)) for sentence in MEASURED}) == len(MEASURED) >= 60
    assert len({tuple(canonical(sentence)) for sentence in HELD_OUT}) == len(HELD_OUT)


def test_no_sentence_for_choosing_is_one_for_measuring() -> None:
    assert not {tuple(canonical(one)) for one in MEASURED} & {tuple(canonical(one)) for one in HELD_OUT}


def test_no_sentence_that_is_measured_or_chosen_on_is_in_the_model() -> None:
    known = {tuple(canonical(" ".join(sentence))) for sentence in shop_talk(generate_catalogue()).sentences()}
    inside = [one for one in (*MEASURED, *HELD_OUT) if tuple(canonical(" ".join(spoken_form(one)))) in known]
    assert not inside
