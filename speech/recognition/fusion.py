"""What is likely to be said in this shop: a prior for the search, from the shop's language model and a floor."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from speech.language import spoken_form
from speech.language.arpa import START as SENTENCE_START
from speech.language.arpa import ArpaModel
from speech.language.numbers_said import ORDER_DIGITS
from speech.language.numerals import DIGIT_WORDS
from speech.recognition.moonshine_pieces import END, SPACE, Pieces

# "Double" is a digit more, as the next one counts twice.
_ROW_WORDS: Final = frozenset({*DIGIT_WORDS, "oh", "o", "double"})
_MARKS: Final = " .,;:!?\"'()-–—…"
_SENTENCE_ENDS: Final = (b".", b"?", b"!")
# More digits in one written number gain nothing: endless rows of them are no numbers.
_LONGEST_NUMBER: Final = 8
_START: Final = (SENTENCE_START, SENTENCE_START)


@dataclass(frozen=True)
class FusionWeights:
    """How much the shop's language model counts; chosen by tests/speech/choose_moonshine.py, docs/decisions/0061.

    weight: of its logarithm beside the sound's. share: of the shop in the mixture with a floor that every word has.
    floor: natural logarithm of that floor's chance. reference: log-chance that counts as neither likely nor unlikely.
    order_nats: what a row of digits gains that is as long as order numbers.
    hotword_nats: what each word of a hotword gains.
    """

    weight: float = 0.3
    share: float = 0.5
    floor: float = -9.0
    reference: float = -6.0
    order_nats: float = 3.0
    hotword_nats: float = 2.0


class ShopPrior:
    """Natural logarithms to add to the sound's: weight · log((share · shop + (1 - share) · floor) / reference).

    A word that the shop's model does not know costs the same everywhere, so that talk about something else is heard as
    it sounds. Numbers count as they are read: "41" as "forty one" or "four one", whichever is likelier.
    Belongs to one search at a time.
    """

    def __init__(
        self,
        model: ArpaModel | None,
        pieces: Pieces,
        *,
        hotwords: Sequence[str] = (),
        weights: FusionWeights | None = None,
    ) -> None:
        self._model = model
        self._weights = weights or FusionWeights()
        self._hotwords = frozenset(word for phrase in hotwords for word in spoken_words(phrase))
        self._known: dict[tuple[str, ...], float] = {}
        self.pieces = pieces

    def begin(self) -> "FusionState":
        """Before the first word."""
        return FusionState(self, _START, 0.0, 0.0, (), b"")

    def nats(self, words: Sequence[str], history: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        """What the words add, and the two words to remember."""
        total = 0.0
        for word in words:
            gram = (*history, word)
            added = self._known.get(gram)
            if added is None:
                added = self._known[gram] = self._word_nats(word, history)
            total += added
            history = gram[-2:]
        return total, history

    def row_nats(self, whole: Sequence[str]) -> float:
        """What a row of digits gains that ends with the last of these words."""
        return self._weights.order_nats if self._model is not None and _row(whole) == ORDER_DIGITS else 0.0

    def _word_nats(self, word: str, history: tuple[str, ...]) -> float:
        weights = self._weights
        added = weights.hotword_nats if word in self._hotwords else 0.0
        if self._model is not None:
            chance = math.exp(self._model.log_probability(word, history)) if word in self._model.words else 0.0
            mixed = weights.share * chance + (1 - weights.share) * math.exp(weights.floor)
            added += weights.weight * (math.log(mixed) - weights.reference)
        return added


@dataclass(frozen=True)
class FusionState:
    """The words that are whole, and the piece of one that is not. nats: what both add."""

    prior: ShopPrior
    history: tuple[str, ...]
    nats: float
    whole_nats: float
    whole: tuple[str, ...]
    piece: bytes

    @property
    def words(self) -> tuple[str, ...]:
        """What is said so far, digit by digit, without case and punctuation."""
        return (*self.whole, *spoken_words(_text(self.piece)))

    def followed_by(self, token: int) -> "FusionState":
        """The state after one more token; the end is one too."""
        if token == END:
            last = self._word_is_whole()
            return replace(last, nats=last.nats + self.prior.row_nats(last.whole))
        raw = self.prior.pieces.raw(token)
        if raw.startswith(SPACE):
            return self._word_is_whole()._grown(raw.removeprefix(SPACE))
        return self._grown(self.piece + raw)

    def _grown(self, piece: bytes) -> "FusionState":
        # Digits count as they come: their number has no end before the next word.
        early = 0.0
        if piece.isdigit():
            early = self.prior.nats([DIGIT_WORDS[digit - 48] for digit in piece[:_LONGEST_NUMBER]], self.history)[0]
        return replace(self, piece=piece, nats=self.whole_nats + early)

    def _word_is_whole(self) -> "FusionState":
        if not self.piece:
            return self
        readings = _readings(_text(self.piece))
        added, history = max(self.prior.nats(words, self.history) for words in readings)
        if self.piece.endswith(_SENTENCE_ENDS):
            history = _START
        words = self.words
        if len(words) > len(self.whole) and words[len(self.whole)] not in _ROW_WORDS:
            added += self.prior.row_nats(self.whole)
        total = self.whole_nats + added
        return replace(self, history=history, nats=total, whole_nats=total, whole=words, piece=b"")


def _row(words: Sequence[str]) -> int:
    """How many digits the words end with; "double four" are two."""
    count = 0
    for word in reversed(words):
        if word not in _ROW_WORDS:
            break
        count += 1
    return count


@lru_cache(maxsize=4096)
def spoken_words(text: str) -> tuple[str, ...]:
    """A text's words as they are compared: no case, no punctuation, digits one by one.

    >>> spoken_words("Four-oh, 12!")
    ('four', 'oh', 'one', 'two')
    """
    words: list[str] = []
    for word in re.split(r"[\s\-–—]+", text.lower().replace("’", "'")):
        bare = word.strip(_MARKS)
        if re.fullmatch(r"\d[\d.,]*", bare):
            words += [DIGIT_WORDS[int(digit)] for digit in bare if digit.isascii() and digit.isdigit()]
        elif bare:
            words.append(bare)
    return tuple(words)


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a written word is said."""
    one_by_one = spoken_words(text)
    if len(one_by_one) > _LONGEST_NUMBER and text[:1].isdigit():
        return (one_by_one[:_LONGEST_NUMBER],)
    as_number = tuple(spoken_form(text))
    # Moonshine writes the "oh" of a number as a letter.
    oh = tuple("oh" if word == "o" else word for word in one_by_one)
    return tuple({one_by_one, as_number, oh})


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")
