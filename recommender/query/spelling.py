"""Slips of the keyboard put right: "vacum cleener" is read as "vacuum cleaner"."""

import re
from collections.abc import Callable
from typing import Final

from recommender.query.words import STOP_WORDS, SYNONYMS, normalise, stem

MOST_CORRECTED: Final = 8
"""So many unknown words of one text are looked up; a text with more of them is not made of slips."""

_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)

_QUERY_WORDS: Final = """
above again already always apart approximately around avoid because before below between broke broken bucks budget
buying cheap cheaper cheapest choice circa colour color comes cost costly costs could cracked crowns damaged dead
dear defective different dollar dollars doesn drain each eight eighteen eighty eleven every everything except
exclude excluding expensive fifteen fifth fifty first fitting five forint forty four fourteen fourth fourty francs
free from hate have having heat house hundred include including into item items kinds krona kroner kronor last leak
leaking leaks least less like likes lira liras limit long longer lost lowest make maximum maybe mean model money
more most much must near need needs never nine nineteen ninety nobody none nothing number okay once only option
options other over own part parts pays person piece please pound pounds price priced prefer presents quid quite rand
rather repair replacement riyal roughly rupee rupees same second seven seventeen seventy shop should similar six
sixteen sixty size small somebody someone sort spare spend spin start starting sterling still stopped store such
suggest sure swiss take ten than third thirteen thirty those thousand three through today together tomorrow torn
total twelve twenty under until upto used want wants well what whatever which while without work working works worn
would year years yuan zloty
"""
_KNOWN: Final = frozenset(
    word for text in (_QUERY_WORDS, *STOP_WORDS, *SYNONYMS, *SYNONYMS.values()) for word in text.split()
)
"""Words that the product reads itself: they are never misspelt."""

SHOP_WORDS: Final = frozenset(word for word in SYNONYMS if word.isalpha())
"""Words of customers that lead to a shop's word: a slip may be meant for one of these as well."""


def corrected(
    text: str, is_word: Callable[[str], bool], meant: Callable[[str], str | None], *, unfinished: str = ""
) -> str:
    """The text with slips put right; as it is where there are none.

    is_word: whether a word, in small letters, is known to the catalogue or the language. meant: what a word that is
    not may be meant for. unfinished: the last word, where it is still being typed and may end as a known one.
    """
    tried = 0

    def put_right(match: re.Match[str]) -> str:
        nonlocal tried
        word = normalise(match[0])
        if (
            unfinished in (word, stem(word))
            or word in _KNOWN
            or stem(word) in _KNOWN
            or is_word(word)
            or is_word(stem(word))
        ):
            return match[0]
        tried += 1
        # "headfones" is looked up in the singular, as the catalogue's words are.
        return match[0] if tried > MOST_CORRECTED else (meant(stem(word)) or meant(word) or match[0])

    return _WORD.sub(put_right, text)
