"""The search over tokens, with tables instead of a network."""

import numpy as np
import pytest
from numpy.typing import NDArray

from speech.recognition.beam import search

START, END, A, B, C = range(5)


class TableDecoder:
    """What follows depends on the last token alone; remembers how wide it was asked."""

    def __init__(self, chances: dict[int, dict[int, float]]) -> None:
        self._table = np.full((5, 5), -50.0, dtype=np.float32)
        for before, row in chances.items():
            for token, chance in row.items():
                self._table[before, token] = np.log(chance)
        self.widths: set[int] = set()

    def start(self, token: int, width: int) -> NDArray[np.float32]:
        return self._table[token]

    def follow(self, tokens: NDArray[np.int64], parents: NDArray[np.int64]) -> NDArray[np.float32]:
        self.widths.add(len(tokens))
        assert parents.max() < len(tokens)
        return self._table[tokens]


class Letters:
    """A prior that adds nats for some letters; upper and lower case of B are one word."""

    def __init__(self, likes: dict[int, float] | None = None, so_far: tuple[int, ...] = ()) -> None:
        self._likes = likes or {}
        self._so_far = so_far

    def begin(self) -> "Letters":
        return self

    @property
    def nats(self) -> float:
        return sum(self._likes.get(token, 0.0) for token in self._so_far)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple("??abb"[token] for token in self._so_far if token > END)

    def followed_by(self, token: int) -> "Letters":
        return Letters(self._likes, (*self._so_far, token))


def find(decoder: TableDecoder, prior: Letters, *, width: int = 3, most_tokens: int = 6) -> list[tuple[int, ...]]:
    found = search(decoder, prior, start=START, end=END, width=width, most_tokens=most_tokens)
    return [one.tokens for one in found]


def test_likelier_whole_beats_likelier_beginning() -> None:
    decoder = TableDecoder({START: {A: 0.6, B: 0.4}, A: {END: 0.1, A: 0.1, B: 0.1}, B: {END: 0.9}})
    assert find(decoder, Letters())[0] == (B,)
    assert decoder.widths == {3}


def test_prior_turns_the_choice() -> None:
    chances = {START: {A: 0.6, B: 0.4}, A: {END: 1.0}, B: {END: 1.0}}
    assert find(TableDecoder(chances), Letters())[0] == (A,)
    assert find(TableDecoder(chances), Letters({B: 1.0}))[0] == (B,)


def test_two_ways_to_write_the_same_words_are_one_reading_with_both_masses() -> None:
    decoder = TableDecoder({START: {A: 0.5, B: 0.3, C: 0.2}, A: {END: 1.0}, B: {END: 1.0}, C: {END: 1.0}})
    found = search(decoder, Letters(), start=START, end=END, width=3, most_tokens=6)
    assert [one.words for one in found] == [("a",), ("b",)]
    assert found[1].tokens == (B,)
    assert found[1].mass == pytest.approx(np.log(0.5), abs=1e-5)
    assert found[1].sound_nats == pytest.approx(np.log(0.3), abs=1e-5)
    assert len(found[1].nats) == 2


def test_reading_without_an_end_is_cut_off_at_the_bound() -> None:
    found = find(TableDecoder({START: {A: 1.0}, A: {A: 1.0}}), Letters(), most_tokens=4)
    assert found == [(A, A, A, A)]


def test_nothing_said_is_an_empty_reading() -> None:
    assert find(TableDecoder({START: {END: 0.9, A: 0.1}, A: {END: 1.0}}), Letters())[0] == ()
