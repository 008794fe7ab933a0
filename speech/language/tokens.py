"""Heard words as tokens: the word, the punctuation around it, and which heard words it comes from."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from speech.language.numerals import is_number_word
from speech.recognition.transcript import Word

_PARTS: Final = re.compile(r"^([\"'(\[{«“‘„¿¡]*)(.*?)([\"')\]}»”’.,;:!?…]*)$", re.DOTALL)
DOUBTFUL: Final = 0.2
"""The most that a word can be trusted which was read as another one that sounds like it ("for" as 4)."""


@dataclass(frozen=True)
class Token:
    """One spoken word. before, after: punctuation. first, last: the heard words that it covers.

    glue: the hyphen between it and the next token of the same heard word, else "". changed: a rule wrote it.
    most: what its confidence cannot exceed.
    """

    before: str
    core: str
    after: str
    first: int
    last: int
    glue: str = ""
    changed: bool = False
    most: float = 1.0

    @cached_property
    def low(self) -> str:
        """The word in lower case."""
        return self.core.lower()

    @property
    def ends_clause(self) -> bool:
        """Whether punctuation follows that ends more than an item of a list."""
        return any(sign in self.after for sign in "!?:;")


def split(words: Sequence[Word]) -> list[Token]:
    """The tokens of heard words; hyphenated numbers ("forty-one", "4-1-7-2") fall apart, other hyphens stay."""
    tokens: list[Token] = []
    for index, word in enumerate(words):
        found = _PARTS.match(word.text)
        assert found is not None, "every part of the pattern may be empty"
        before, core, after = found.groups()
        if not core:
            before, core, after = "", word.text, ""
        parts = _number_parts(core)
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            tokens.append(
                Token(
                    before if place == 0 else "",
                    part,
                    after if last else "",
                    index,
                    index,
                    glue="" if last else "-",
                )
            )
    return tokens


def merge(tokens: Sequence[Token], core: str, *, most: float = 1.0, after: str | None = None) -> Token:
    """One written token in the place of several."""
    return Token(
        tokens[0].before,
        core,
        tokens[-1].after if after is None else after,
        tokens[0].first,
        tokens[-1].last,
        glue=tokens[-1].glue,
        changed=True,
        most=min(most, *(token.most for token in tokens)),
    )


def rewrite(tokens: Sequence[Token], read: Callable[[int], tuple[Sequence[Token], int]]) -> list[Token]:
    """The tokens with what a rule makes of them.

    read: gives for a position what stands there instead, and where to go on; the position itself keeps its token.
    """
    written: list[Token] = []
    position = 0
    while position < len(tokens):
        made, end = read(position)
        if end > position:
            written += made
            position = end
        else:
            written.append(tokens[position])
            position += 1
    return written


def join(tokens: Iterable[Token], words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of tokens: times and least confidence of the heard words that each comes from."""
    written: list[Word] = []
    text, open_glue = "", ""
    first = 0
    most = 1.0
    previous: Token | None = None
    for token in tokens:
        own = f"{token.before}{token.core}{token.after}"
        if previous is not None and open_glue and not previous.changed and not token.changed:
            text += open_glue + own
        else:
            if previous is not None:
                written += _written(text, first, previous.last, most, words)
            text, first, most = own, token.first, 1.0
        most = min(most, token.most)
        open_glue = token.glue
        previous = token
    if previous is not None:
        written += _written(text, first, previous.last, most, words)
    return tuple(written)


def _written(text: str, first: int, last: int, most: float, words: Sequence[Word]) -> list[Word]:
    """The words of one token; "3 March" is two."""
    if first == last and text == words[first].text:
        return [words[first]]
    sources = words[first : last + 1]
    known = [source.confidence for source in sources if source.confidence is not None]
    least = min(known) if len(known) == len(sources) else None
    if most < 1.0:
        least = most if least is None else min(least, most)
    whole = replace(words[first], end_s=sources[-1].end_s, confidence=least)
    return [replace(whole, text=part) for part in text.split()]


def _number_parts(core: str) -> list[str]:
    if "-" not in core:
        return [core]
    parts = core.split("-")
    if not all(parts):
        return [core]
    digits = all(len(part) == 1 and part.isascii() and part.isdigit() for part in parts)
    numbers = sum(is_number_word(part) for part in parts)
    if (digits and len(parts) >= 3) or numbers >= 2:
        return parts
    return [core]
