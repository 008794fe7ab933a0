"""A reply cut into sentences for reading out, each with its place in the reply."""

import re
from dataclasses import dataclass
from typing import Final

from speech.errors import VoiceError
from speech.synthesis.reading import MONTH_NAMES, readable

LONGEST_REPLY_CHARS: Final = 10_000
LONGEST_SENTENCE_CHARS: Final = 240
"""A longer sentence is cut at a space, so that its beginning is heard soon."""

# A full stop after these ends no sentence …
_SHORT: Final = {
    *("e.g", "i.e", "mr", "mrs", "ms", "dr", "prof", "st", "vs", "approx", "incl", "excl", "max", "min", "fig", "cf"),
    *("tel", "ext", "dept", "est", "ca"),
}
# … and after these only in front of a number.
_SHORT_BEFORE_NUMBER: Final = {
    *("no", "nr", "art", "p", "vol", "ver"),
    *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
}
_END: Final = re.compile(r"[.!?…]+[)\]\"'”’»*_~`]*(?=\s)|\n+")
_LIST_NUMBER: Final = re.compile(r"\s*\d{1,3}\.")
_WORD_BEFORE: Final = re.compile(r"([A-Za-z][A-Za-z.]{0,9}|\d{1,9})$")
_MONTH: Final = re.compile(rf"\s+(?:{'|'.join(MONTH_NAMES)})", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """One sentence. start, end: its place in the reply, in characters. spoken: what a voice is given."""

    start: int
    end: int
    spoken: str


def sentences(reply: str) -> list[Sentence]:
    """The reply's sentences in order; those with nothing to read out (emoji, other scripts) are left out.

    No cut is made inside a number, a price, a date, an e-mail address or a link.

    >>> [sentence.spoken for sentence in sentences("Order 417203 costs €19.99. Is that all? 🙂")]
    ['Order 4 1 7 2 0 3 costs 19 euros 99.', 'Is that all?']

    Raises: VoiceError (too_long) above LONGEST_REPLY_CHARS.
    """
    if len(reply) > LONGEST_REPLY_CHARS:
        raise VoiceError(
            f"a reply of {len(reply):,} characters; expected at most {LONGEST_REPLY_CHARS:,}. Read it in parts.",
            code="too_long",
        )
    found = []
    start = 0
    for end in [*_ends(reply), len(reply)]:
        for piece in _pieces(reply, start, end):
            spoken = readable(reply[slice(*piece)])
            if spoken:
                found.append(Sentence(*piece, spoken))
        start = end
    return found


def _ends(reply: str) -> list[int]:
    return [match.end() for match in _END.finditer(reply) if "\n" in match[0] or _ends_sentence(reply, match)]


def _ends_sentence(reply: str, mark: re.Match[str]) -> bool:
    """Whether . ! ? or … ends a sentence here."""
    if mark[0][0] in "!?":
        return True
    line = reply[reply.rfind("\n", 0, mark.start()) + 1 : mark.start() + 1]
    # What follows is read a little way only: a text of spaces must not be read again for each mark.
    after = reply[mark.end() : mark.end() + 40].lstrip(" \t")
    if _LIST_NUMBER.fullmatch(line) or after[:1].islower():
        return False
    before = _WORD_BEFORE.search(reply, max(0, mark.start() - 10), mark.start())
    if mark[0][0] != "." or before is None:
        return True
    word = before[1].lower()
    if word in _SHORT or (len(word) == 1 and word.isalpha() and word != "i"):
        return False
    if after[:1].isdigit() and word in _SHORT_BEFORE_NUMBER:
        return False
    return not (len(word) <= 2 and word.isdigit() and _MONTH.match(" " + after))


def _pieces(reply: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretch without the spaces around it, cut where it is too long."""
    pieces = []
    while end - start > LONGEST_SENTENCE_CHARS:
        cut = _cut(reply, start, start + LONGEST_SENTENCE_CHARS)
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    return [_stripped(reply, *piece) for piece in pieces]


def _cut(reply: str, start: int, latest: int) -> int:
    """The best place to cut, at most `latest`: after a comma, else at a space, in the second half of the stretch."""
    spaces = [at for at in range(latest, start, -1) if reply[at].isspace() and not _inside_number(reply, at)]
    after_mark = [at for at in spaces if reply[at - 1] in ",;:" and at - start > LONGEST_SENTENCE_CHARS // 2]
    if spaces:
        return (after_mark or spaces)[0]
    # No space at all: a link, an attack, or a script that has none. Only a number is worth keeping whole.
    places = (at for at in range(latest, start, -1) if not _inside_token(reply, at))
    return next(places, latest)


def _inside_number(reply: str, at: int) -> bool:
    """Whether the space at this place may belong to a number or a price: 1 299, +49 30 1234, 19 €."""
    return reply[at - 1] in "0123456789€$£#+" and reply[at + 1 : at + 2] != "" and reply[at + 1] in "0123456789€$£(+"


def _inside_token(reply: str, at: int) -> bool:
    near = reply[at - 1 : at + 1]
    return all(char.isalnum() or char in ".,:/-_@€$£" for char in near) and any(char.isdigit() for char in near)


def _stripped(reply: str, start: int, end: int) -> tuple[int, int]:
    while start < end and reply[start].isspace():
        start += 1
    while end > start and reply[end - 1].isspace():
        end -= 1
    return start, end
