"""Slips of the keyboard put right by what a catalogue calls its things."""

from collections.abc import Callable
from typing import Final

from recommender.lexical.lexicon import Lexicon
from recommender.lexical.spelling import Spellings
from recommender.query.spelling import SHOP_WORDS, corrected
from recommender.query.words import stems, with_shop_words

_SHOP_SPELLINGS: Final = Spellings(SHOP_WORDS)


class Correcting:
    """Reads a customer's words as they were meant.

    is_word: whether the language has a word; without it only the catalogue and the product's own lists are known.
    Wants the lock of the holding.
    """

    def __init__(self, lexicon: Lexicon, is_word: Callable[[str], bool] | None = None) -> None:
        self._lexicon = lexicon
        self._is_word = is_word

    def put_right(self, text: str, *, typing: bool = False) -> str:
        """The text with slips put right. typing: its last word may be unfinished; it stays if some word begins so."""
        last = stems(text)[-1:] if typing else []
        unfinished = next((word for word in last if self._lexicon.beginning_with(word)), "")
        return corrected(text, self._knows, self._meant, unfinished=unfinished)

    def _knows(self, word: str) -> bool:
        return bool(self._lexicon.holders(word)[0].size) or (self._is_word is not None and self._is_word(word))

    def _meant(self, word: str) -> str | None:
        """The nearest word; of several the one that most items have."""
        near = self._lexicon.spelt_like(word)
        for other, slips in _SHOP_SPELLINGS.near(word).items():
            # "hoover" is worth a correction only where vacuum cleaners are sold.
            held = min(self._lexicon.holders(one)[0].size for one in stems(with_shop_words(other)))
            if held:
                near.setdefault(other, (slips, held))
        return min(near, key=lambda one: (near[one][0], -near[one][1], one), default=None)
