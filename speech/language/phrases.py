"""Written phrases as people say them, and a small language model of such sentences."""

import math
import os
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from speech.language.numerals import DIGIT_WORDS, TEEN_WORDS, TENS_WORDS

_SIGNS: Final = {"€": "euros", "%": "percent", "&": "and", "+": "plus"}
ORDER: Final = 3
Gram = tuple[str, ...]


def spoken_form(phrase: str, draw: random.Random | None = None) -> list[str]:
    """The words of a written phrase as a person says them: "order 41" → order forty one.

    draw: replaces the digits of long numbers, after the first one; None reads them as they are.
    """

    def digits(match: re.Match[str]) -> str:
        first, rest = match[0][0], match[0][1:]
        names = [DIGIT_WORDS[int(digit)] if draw is None else draw.choice(DIGIT_WORDS) for digit in rest]
        return f" {' '.join([DIGIT_WORDS[int(first)], *names])} "

    # Letters lose their marks: the dictionary has none ("Müller" is looked up as "muller").
    plain = unicodedata.normalize("NFKD", phrase.lower().replace("’", "'").replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    text = re.sub(r"\S*@\S*", " ", plain)
    text = re.sub(r"€\s*(\d+)", r"\1 €", text)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, f" {said} ")
    text = re.sub(r"\d{5,}", digits, text)
    text = re.sub(r"\d{1,4}", lambda match: f" {number_words(int(match[0]))} ", text)
    words = (word.strip("'") for word in re.sub(r"[^a-z' ]", " ", text).split())
    return [word for word in words if word]


def write_language_model(sentences: Iterable[Sequence[str]], path: Path) -> int:
    """Write a trigram model (ARPA) of the sentences; gives the number of words. The file appears whole."""
    model = _WittenBell(sentence for sentence in sentences if sentence)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(model.arpa(), encoding="ascii")
    temporary.replace(path)
    return model.words


class _WittenBell:
    """Trigrams smoothed by Witten and Bell (1991): rare contexts lean on shorter ones."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._count: Counter[Gram] = Counter()
        self._context: Counter[Gram] = Counter()
        followers: defaultdict[Gram, set[str]] = defaultdict(set)
        for sentence in sentences:
            tokens = ("<s>", *sentence, "</s>")
            for end in range(1, len(tokens)):
                for size in range(1, min(ORDER, end + 1) + 1):
                    gram = tokens[end - size + 1 : end + 1]
                    self._count[gram] += 1
                    self._context[gram[:-1]] += 1
                    followers[gram[:-1]].add(gram[-1])
        self._kinds = {context: len(words) for context, words in followers.items()}

    @property
    def words(self) -> int:
        """How many words there are, with the end of the sentence."""
        return self._kinds.get((), 0)

    def arpa(self) -> str:
        """The model in the ARPA format, with n-grams in order."""
        grams: list[list[Gram]] = [[] for _ in range(ORDER)]
        for gram in sorted(self._count):
            grams[len(gram) - 1].append(gram)
        grams[0].insert(0, ("<s>",))
        lines = ["\\data\\", *(f"ngram {size + 1}={len(of)}" for size, of in enumerate(grams))]
        for size, of in enumerate(grams):
            lines += ["", f"\\{size + 1}-grams:"]
            lines += [self._line(gram) for gram in of]
        return "\n".join([*lines, "", "\\end\\", ""])

    def _line(self, gram: Gram) -> str:
        chance = "-99" if gram == ("<s>",) else f"{math.log10(self._probability(gram)):.4f}"
        if len(gram) == ORDER:
            return f"{chance}\t{' '.join(gram)}"
        kinds = self._kinds.get(gram, 0)
        backoff = math.log10(kinds / (self._context[gram] + kinds)) if kinds else 0.0
        return f"{chance}\t{' '.join(gram)}\t{backoff:.4f}"

    def _probability(self, gram: Gram) -> float:
        """(count + kinds · shorter) / (context + kinds), kinds = different words seen after the context."""
        shorter = self._probability(gram[1:]) if len(gram) > 1 else 1.0 / (self.words + 1)
        context = gram[:-1]
        kinds = self._kinds.get(context, 0)
        if not kinds:
            return shorter
        return (self._count[gram] + kinds * shorter) / (self._context[context] + kinds)


def number_words(value: int) -> str:
    """A whole number from 0 to 9,999 in words, without "and"."""
    if value < 10:
        return DIGIT_WORDS[value]
    if value < 20:
        return TEEN_WORDS[value - 10]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = f" {number_words(value % size)}" if value % size else ""
            return f"{number_words(value // size)} {name}{rest}"
    return TENS_WORDS[value // 10 - 2] + (f" {DIGIT_WORDS[value % 10]}" if value % 10 else "")
