"""Letters: spelled one by one, with a word for each ("B as in bravo"), and in codes ("A T dash one zero four two")."""

from collections.abc import Sequence
from typing import Final

from speech.language.digits import names_number, row_at
from speech.language.numerals import TIMES, word_set
from speech.language.tokens import Token, merge, rewrite

NATO: Final = word_set(
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu"
)
_NAMES: Final = word_set(
    "adam anna anton apple bertha boy bob caesar charles david dog dora easy edward emil emily frank fox freddie "
    "friedrich george gustav harry heinrich henry ida isaac item jack john julius king kaufmann larry london lion love "
    "ludwig mary martha mother nancy nan nellie nordpol nora oboe oliver orange otto ocean paula peter paul queen "
    "quelle richard robert roger romeo samuel sam sugar susan siegfried tommy theodor tom tare ulrich uncle union "
    "viktor victoria william wilhelm xanthippe x-ray yellow york ypsilon zacharias zebra zeppelin"
)
_SAYS_LETTER: Final = frozenset({"for", "like"})
HYPHENS: Final = frozenset({"dash", "hyphen", "minus"})
_FEWEST_LETTERS: Final = 3
_MOST_PARTS: Final = 16
_ALSO_WORDS: Final = frozenset("aio")
"""Letters that are words of their own; one of them alone before digits is no letter."""


def write_alphabet(tokens: Sequence[Token]) -> list[Token]:
    """Replace "B as in bravo", "M for Mike", and NATO words in a row, by the letters."""

    def read(position: int) -> tuple[Sequence[Token], int]:
        end = position + _letter_with_word(tokens, position)
        if end > position:
            return [merge(tokens[position:end], tokens[position].core.upper())], end
        end = position + _nato_row(tokens, position)
        return [merge([token], token.core[0].upper()) for token in tokens[position:end]], end

    return rewrite(tokens, read)


def write_codes(tokens: Sequence[Token]) -> list[Token]:
    """Replace letters and digits of a code, spoken one by one, by the code, and three letters or more by a word."""
    words = [token.low for token in tokens]

    def read(position: int) -> tuple[Sequence[Token], int]:
        code, end = _code_at(tokens, words, position)
        if code:
            return [merge(tokens[position:end], code)], end
        letters, stop = spelled_at(tokens, position)
        if len(letters) >= _FEWEST_LETTERS:
            return [merge(tokens[position:stop], letters)], stop
        # Two letters stay two; they and bare digits are not looked at again.
        end = max(end, stop)
        return tokens[position:end], end

    return rewrite(tokens, read)


def spelled_at(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The letters spelled from a place on, as they were heard, and where they end: "a double n a" is "anna"."""
    letters = ""
    position = start
    while position < len(tokens):
        low = tokens[position].low
        if low == "capital" and position + 1 < len(tokens) and is_letter(tokens[position + 1]):
            letters += tokens[position + 1].core.upper()
            position += 2
        elif low in TIMES and position + 1 < len(tokens) and is_letter(tokens[position + 1]):
            letters += tokens[position + 1].core * TIMES[low]
            position += 2
        elif is_letter(tokens[position]):
            letters += tokens[position].core
            position += 1
        else:
            break
        if tokens[position - 1].ends_clause:
            break
    return letters, max(position, start)


def is_letter(token: Token) -> bool:
    """Whether a word is one letter of the English alphabet."""
    return len(token.core) == 1 and token.core.isascii() and token.core.isalpha()


def _code_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[str, int]:
    """A code of letters and digits, and where it ends; "" if there is none, and where the bare digits here end."""
    parts: list[str] = []
    position = end = start
    letters_spoken, digits, hyphens = "", 0, 0
    while position < len(tokens) and len(parts) < _MOST_PARTS:
        if parts and words[position] in HYPHENS and position + 1 < len(tokens):
            parts.append("-")
            hyphens += 1
            position += 1
            continue
        letters, stop = spelled_at(tokens, position)
        # An "o" beside digits is a zero.
        if letters and not (digits and letters.lower() == "o"):
            parts.append(letters.upper())
            letters_spoken += letters
            position = end = stop
        else:
            pieces, stop = row_at(tokens, words, position)
            if not pieces or not all(piece.plain for piece in pieces) or (parts and parts[-1].isdigit()):
                break
            parts.append("".join(piece.digits for piece in pieces))
            digits += len(parts[-1])
            position = end = stop
        if tokens[end - 1].ends_clause:
            break
    if parts and parts[-1] == "-":
        parts.pop()
        hyphens -= 1
    sure = len(letters_spoken) >= 2 or hyphens or letters_spoken.lower() not in _ALSO_WORDS
    named = names_number(words, start)
    if letters_spoken and digits >= (1 if hyphens else 2 if named else 3) and sure:
        return "".join(parts), end
    if not letters_spoken and hyphens and digits >= 4:
        return "".join(parts), end
    return "", (end if len(parts) == 1 and not letters_spoken else start)


def _letter_with_word(tokens: Sequence[Token], start: int) -> int:
    """How many tokens "B as in bravo" takes; 0 if it is not said here."""
    if not is_letter(tokens[start]):
        return 0
    letter = tokens[start].low
    words = [token.low for token in tokens[start + 1 : start + 4]]
    if len(words) == 3 and words[:2] == ["as", "in"] and words[2].startswith(letter) and len(words[2]) > 1:
        return 4
    known = len(words) >= 2 and (words[1] in NATO or words[1] in _NAMES)
    if known and words[0] in _SAYS_LETTER and words[1].startswith(letter):
        return 3
    return 0


def _nato_row(tokens: Sequence[Token], start: int) -> int:
    """How many NATO words follow each other here, if they can only be letters: three, or two before a digit."""
    end = start
    while end < len(tokens) and tokens[end].low in NATO:
        end += 1
        if tokens[end - 1].ends_clause:
            break
    count = end - start
    if count >= 3:
        return count
    if count < 2 or end == len(tokens):
        return 0
    after = tokens[end : end + 2]
    followed = after[0].low in HYPHENS or bool(row_at(after, [token.low for token in after], 0)[0])
    return count if followed else 0
