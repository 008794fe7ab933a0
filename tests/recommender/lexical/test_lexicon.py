"""The lexicon against a plain computation, after any run of changes."""

import math
import random
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.lexical import lexicon as module
from recommender.lexical.fields import COUNT_OF_CODE, SHARE_OF_CODE, words_of
from recommender.lexical.lexicon import K1, B, Lexicon
from tests.recommender.fakes import item
from vocabulary import Item

WORDS = ["red", "blue", "kettle", "quiet", "steel", "lamp", "glass", "oak"]


def thing(rng: random.Random, number: int) -> Item:
    title = " ".join(rng.choices(WORDS, k=rng.randint(1, 4)))
    return item(f"i{number}", title, "10.00", colour=rng.choice(WORDS), category=rng.choice(WORDS))


def plain(held: Mapping[int, Item], words: list[str], size: int) -> tuple[np.ndarray, np.ndarray]:
    """BM25F and share by the definition."""
    read = {slot: words_of(one) for slot, one in held.items()}
    mean = sum(length for _, length in read.values()) / max(1, len(read))
    bm25, share, total = np.zeros(size), np.zeros(size), 0.0
    for word in words:
        holders = [slot for slot, (codes, _) in read.items() if word in codes]
        rarity = math.log1p(len(read) / max(1, len(holders)))
        total += rarity
        for slot in holders:
            codes, length = read[slot]
            count = float(COUNT_OF_CODE[codes[word]])
            weight = math.log1p((len(read) - len(holders) + 0.5) / (len(holders) + 0.5))
            bm25[slot] += weight * count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))
            share[slot] += rarity * float(SHARE_OF_CODE[codes[word]])
    return bm25, share / total if total else share


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_any_run_of_changes_ends_at_the_definition(seed: int) -> None:
    rng = random.Random(seed)
    lexicon, held = Lexicon(), dict[int, Item]()
    for number in range(80):
        slot = rng.randrange(20)
        if slot in held and rng.random() < 0.4:
            lexicon.drop(slot, held.pop(slot))
        else:
            one = thing(rng, number)
            lexicon.put(slot, one, held.get(slot))
            held[slot] = one
        if rng.random() < 0.2:
            lexicon.settle()
    asked = [*rng.sample(WORDS, 3), "unheard"]
    for given_, expected in zip(lexicon.score(asked, 20), plain(held, asked, 20), strict=True):
        np.testing.assert_allclose(given_, expected, rtol=1e-4, atol=1e-5)


def test_many_changes_are_merged_and_few_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MERGE_FROM", 5)
    lexicon, rng = Lexicon(), random.Random(1)
    for slot in range(10):
        lexicon.put(slot, thing(rng, slot))
    lexicon.settle()
    assert len(lexicon._merged) > 0 and not lexicon._fresh
    lexicon.put(3, thing(rng, 3), None)
    lexicon.settle()
    assert lexicon._fresh


def test_what_an_item_is_not_does_not_find_it() -> None:
    codes, _ = words_of(item("a", "Kettle", "1.00", noise_cancelling="no", colour="red"))
    assert "red" in codes and "cancelling" not in codes


def test_a_word_that_is_being_typed_is_ended() -> None:
    lexicon = Lexicon()
    lexicon.put(0, item("a", "Kettle Alto", "1.00"))
    assert lexicon.beginning_with("kett") == ["kettle"]
    assert lexicon.beginning_with("zz") == []
