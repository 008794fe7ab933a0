"""Words that sound like digits, beside digits: "for one seven to zero three" may be 4 1 7 2 0 3.

The search seldom gets that far: its few hypotheses are spent on other places. So each of its best readings is written
anew with digits where only sound-alikes stand, and the decoder says how well that fits the sound.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from speech.language.numerals import DIGIT_WORDS
from speech.recognition.beam import Hypothesis
from speech.recognition.fusion import ShopPrior, spoken_words
from speech.recognition.moonshine_pieces import END, START

_DIGITS: Final = frozenset({*DIGIT_WORDS, "oh", "double"})
_ALIKE: Final = {
    **dict.fromkeys(("for", "fore", "full"), "four"),
    **dict.fromkeys(("to", "too", "do"), "two"),
    **dict.fromkeys(("o", "or", "of", "a", "owe"), "oh"),
    **dict.fromkeys(("won", "want"), "one"),
    **dict.fromkeys(("ate", "it", "hate"), "eight"),
    **dict.fromkeys(("sex", "sick", "sets", "sits"), "six"),
    **dict.fromkeys(("tree", "free"), "three"),
    **dict.fromkeys(("fife", "fine", "by"), "five"),
    **dict.fromkeys(("mine", "line"), "nine"),
}
# Beside a row of so many digits a word may be one of them.
_ROW: Final = 3
_MOST_PLACES: Final = 3
_MOST_NEW: Final = 8


class Listening(Protocol):
    """A decoder that can say how well a text fits the sound; see MoonshineNetworks.listen."""

    def score(self, start: int, tokens: list[int]) -> NDArray[np.float32]: ...


def with_soundalikes(readings: Sequence[Hypothesis], listening: Listening, prior: ShopPrior) -> list[Hypothesis]:
    """The readings, and what they become with digits for sound-alikes; best first."""
    found = {reading.words: reading for reading in readings}
    texts = {text: None for reading in readings[:3] for text in variants(prior.pieces.text(reading.tokens))}
    for text in list(texts)[:_MOST_NEW]:
        tokens = prior.pieces.encode(text)
        state = prior.begin()
        for token in (*tokens, END):
            state = state.followed_by(token)
        if state.words not in found:
            nats = tuple(float(each) for each in listening.score(START, [*tokens, END]))
            found[state.words] = Hypothesis(tuple(tokens), nats, state.words, state.nats, sum(nats))
    return sorted(found.values(), key=lambda one: -one.score)


def variants(text: str) -> list[str]:
    """The text with digits in place of sound-alikes that stand in or beside a row of digits; not the text itself.

    >>> variants("Order for one, seven, two three.")
    ['Order four one, seven, two three.']
    >>> variants("It is for you.")
    []
    """
    words = text.split()
    bare = ["".join(spoken_words(word)) if len(spoken_words(word)) == 1 else "" for word in words]
    places = [
        place
        for place, word in enumerate(bare)
        if word in _ALIKE and _beside_a_row(bare, place) and not _leads_on(words, bare, place)
    ][:_MOST_PLACES]
    made = []
    for chosen in product((True, False), repeat=len(places)):
        new = list(words)
        for place, change in zip(places, chosen, strict=True):
            if change:
                low = words[place].lower()
                new[place] = low.replace(bare[place], _ALIKE[bare[place]], 1)
        if new != words:
            made.append(" ".join(new))
    return made


def _beside_a_row(bare: Sequence[str], place: int) -> bool:
    """True if three digits or more, sound-alikes between them aside, stand next to this place."""
    digits = 0
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(bare) and (bare[at] in _DIGITS or bare[at] in _ALIKE):
            digits += bare[at] in _DIGITS
            at += step
    return digits >= _ROW


def _leads_on(words: Sequence[str], bare: Sequence[str], place: int) -> bool:
    """True if something else than digits follows without a pause: "one two three for me"."""
    if place + 1 == len(words) or not words[place][-1].isalpha():
        return False
    return bare[place + 1] not in _DIGITS and bare[place + 1] not in _ALIKE
