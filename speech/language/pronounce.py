"""How unknown words sound: pronunciations learnt from a dictionary, letter by letter with its neighbours."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

Phones = tuple[str, ...]
T = TypeVar("T")
# Neighbours left and right of a letter, from none to many; a chance leans on the line before it.
_WINDOWS: Final = ((0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (4, 4))
_EDGE: Final = "#"
_MOST_PHONES_OF_A_LETTER: Final = 2
_ALIGNED_WORDS, _ROUNDS = 8_000, 3
# Phone error on 1,958 words that were kept apart: .142 with 10,000 words, .111 with 40,000, .093 with 120,000, which
# take seven times as long as 10,000.
LEARNT_WORDS: Final = 40_000
_RARE: Final = 1e-6
_SHORTEST_PART: Final = 4
# Abbreviations have so many letters, and begin as fewer words than this do.
_SHORT, _USUAL = 4, 20
_VOWELS: Final = frozenset("aeiouy")
_LETTERS: Final = re.compile(r"[a-z]{2,}")


def read_dictionary(path: Path) -> dict[str, Phones]:
    """The first pronunciation of each word in CMU's format ("word PH ON ES"); variants ("word(2)") are left out."""
    found: dict[str, Phones] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        if phones and not word.endswith(")"):
            found[word] = tuple(phones)
    return found


class Pronouncer:
    """Gives each letter the phones it most likely has between its neighbours (none to two of them).

    Counts of aligned words, smoothed from wide windows to narrow ones as Witten and Bell do it for n-grams
    (the memory-based way of Daelemans and van den Bosch, 1996). Learning takes a few seconds.
    """

    def __init__(self, dictionary: Mapping[str, Phones], *, learnt_words: int = LEARNT_WORDS) -> None:
        """dictionary: words and their phones; an even sample of it is used."""
        self._dictionary = dictionary
        words = sorted(word for word in dictionary if _LETTERS.fullmatch(word))
        chosen = [(word, dictionary[word]) for word in _sample(words, learnt_words)]
        beginnings = Counter(word[:2] for word in words)
        self._beginnings = {letters for letters, count in beginnings.items() if count >= _USUAL}
        chances = _affinities(_sample(chosen, _ALIGNED_WORDS))
        self._counts: defaultdict[str, Counter[Phones]] = defaultdict(Counter)
        for word, phones in chosen:
            aligned = _align(word, phones, chances)
            for place, made in enumerate(aligned or ()):
                for window in _contexts(word, place):
                    self._counts[window][made] += 1

    def phones(self, word: str) -> Phones:
        """The likely pronunciation of a lower-case word; letters that are unknown say nothing."""
        joined = self._joined(word)
        if joined:
            return joined
        if self._is_spelt(word):
            return tuple(phone for letter in word for phone in self._dictionary.get(letter, ()))
        return tuple(phone for place in range(len(word)) for phone in self._likeliest(word, place))

    def _is_spelt(self, word: str) -> bool:
        """True for "gb" and "hdmi": no vowel, or short and beginning as no word does."""
        return len(word) > 1 and (not _VOWELS & set(word) or (len(word) <= _SHORT and word[:2] not in self._beginnings))

    def _joined(self, word: str) -> Phones:
        """The sound of two words of the dictionary written as one ("limescale"), cut nearest the middle."""
        places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        for place in sorted(places, key=lambda place: abs(len(word) - 2 * place)):
            if word[:place] in self._dictionary and word[place:] in self._dictionary:
                return self._dictionary[word[:place]] + self._dictionary[word[place:]]
        return ()

    def _likeliest(self, word: str, place: int) -> Phones:
        chances: dict[Phones, float] = {}
        for window in _contexts(word, place):
            counts = self._counts.get(window)
            if counts is None:
                break
            total, kinds = sum(counts.values()), len(counts)
            shorter = kinds / (total + kinds)
            chances = {made: chance * shorter for made, chance in chances.items()}
            for made, count in counts.items():
                chances[made] = chances.get(made, 0.0) + count / (total + kinds)
        # Equal chances go by the phones' names, so that the same dictionary gives the same answer.
        return max(sorted(chances), key=chances.__getitem__, default=())


def _sample(of: Sequence[T], size: int) -> list[T]:
    step = max(1.0, len(of) / size)
    return [of[int(number * step)] for number in range(min(size, len(of)))]


def _contexts(word: str, place: int) -> Iterable[str]:
    for left, right in _WINDOWS:
        before = word[max(0, place - left) : place].rjust(left, _EDGE)
        yield f"{before}|{word[place]}|{word[place + 1 : place + 1 + right].ljust(right, _EDGE)}"


def _affinities(words: Sequence[tuple[str, Phones]]) -> dict[tuple[str, Phones], float]:
    """Which phones a letter makes: starts from what occurs together, and is aligned anew a few times."""
    together: defaultdict[tuple[str, Phones], float] = defaultdict(float)
    for word, phones in words:
        for letter in word:
            for phone in phones:
                together[letter, (phone,)] += 1 / len(phones)
    seen: defaultdict[Phones, float] = defaultdict(float)
    for (_, made), count in together.items():
        seen[made] += count
    chances = {key: math.log(count / seen[key[1]]) for key, count in together.items()}
    for _ in range(_ROUNDS):
        counts: Counter[tuple[str, Phones]] = Counter()
        totals: Counter[str] = Counter()
        for word, phones in words:
            for letter, made in zip(word, _align(word, phones, chances) or (), strict=False):
                counts[letter, made] += 1
                totals[letter] += 1
        chances = {key: math.log(count / totals[key[0]]) for key, count in counts.items()}
    return chances


def _align(word: str, phones: Phones, chances: Mapping[tuple[str, Phones], float]) -> list[Phones] | None:
    """Phones of each letter along the likeliest path; None if there are too many phones."""
    unseen = math.log(_RARE)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        row: dict[int, tuple[float, int]] = {}
        for done, (total, _) in best[-1].items():
            for taken in range(_MOST_PHONES_OF_A_LETTER + 1):
                if done + taken > len(phones):
                    break
                made = phones[done : done + taken]
                # Two phones or none must be earned: each is as unlikely as an unseen pair, unless it was counted.
                chance = total + chances.get((letter, made), unseen * (0.5 if taken == 0 else taken))
                if done + taken not in row or chance > row[done + taken][0]:
                    row[done + taken] = (chance, taken)
        best.append(row)
    place = len(phones)
    if place not in best[-1]:
        return None
    aligned: list[Phones] = []
    for row in reversed(best[1:]):
        taken = row[place][1]
        aligned.append(phones[place - taken : place])
        place -= taken
    return aligned[::-1]
