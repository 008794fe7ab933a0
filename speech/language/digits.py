"""Digits spoken in a row: "four one seven", "forty-one seventy-two oh three", "four hundred seventeen"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from speech.language.numerals import DIGITS, SOUNDALIKES, TENS, TIMES, ZERO_SOUNDS, cardinal, word_set
from speech.language.tokens import DOUBTFUL, Token, merge

_NAMES_NUMBER: Final = word_set(
    "order number numbers code postcode postcodes zip reference invoice phone telephone mobile pin account tracking "
    "parcel customer receipt ticket"
)
_BETWEEN: Final = word_set(
    "is it it's its was be are should would my the a this that's number code id no uh um er hmm like yes i think "
    "actually so sorry for under hash"
)
"""What may stand between "order number" and the digits."""
_LEADS_IN: Final = word_set("uh um er hmm yes yeah no ok okay it's its so well sorry sure and it is the")
_BEFORE_HEARD_FOR: Final = word_set("order number numbers code is it's its was")
_WORDS_BACK: Final = 6
_LONGEST_ROW: Final = 64
_ROUGH_ZEROS: Final = frozenset({"or", "of"})
_FEWEST_PLAIN: Final = 3
_FEWEST_FOR_ROUGH: Final = 5
_LOOSE_SEPARATORS: Final = frozenset({"", ",", ".", "...", "…", ",."})


@dataclass(frozen=True)
class Piece:
    """Digits that belong together. size: "single", "pair", "hundred", "thousand"; plain: no mere sound-alike."""

    digits: str
    used: int
    size: str
    plain: bool = True
    typed: bool = False


def write_digits(tokens: Sequence[Token]) -> list[Token]:
    """Replace each row of spoken digits by its figures; small numbers in prose stay words."""
    words = [token.low for token in tokens]
    written: list[Token] = []
    position = 0
    while position < len(tokens):
        pieces, end = row_at(tokens, words, position)
        if not pieces:
            written.append(tokens[position])
            position += 1
            continue
        for start, row in _rows(tokens, position, pieces):
            stop = start + sum(piece.used for piece in row)
            figures = _figures(words, start, stop, row)
            if figures is None:
                written += tokens[start:stop]
            else:
                written += _merged(tokens, words, written, start, stop, row)
        position = end
    return written


def row_at(tokens: Sequence[Token], words: Sequence[str], start: int) -> tuple[list[Piece], int]:
    """The pieces of the row that begins at a place, and where it ends; no pieces if none begins."""
    pieces: list[Piece] = []
    position = start
    while position < len(tokens) and len(pieces) < _LONGEST_ROW:
        piece = piece_at(tokens, words, position, inside=bool(pieces))
        if piece is None:
            break
        if not piece.plain and piece_at(tokens, words, position + 1, inside=False) is None:
            break
        pieces.append(piece)
        position += piece.used
        if tokens[position - 1].after not in _LOOSE_SEPARATORS or (position < len(tokens) and tokens[position].before):
            break
    return pieces, max(position, start + 1) if pieces else start


def piece_at(tokens: Sequence[Token], words: Sequence[str], position: int, *, inside: bool) -> Piece | None:
    """The digits that begin at a place. inside: a digit stands before it, so that sound-alikes count."""
    if position >= len(words):
        return None
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    digit = DIGITS.get(following) or ("0" if following in ZERO_SOUNDS else "")
    if word in TIMES and (digit or (following.isascii() and following.isdigit() and len(following) == 1)):
        return Piece((digit or following) * TIMES[word], 2, "single")
    if word in ZERO_SOUNDS:
        begins = not inside and not tokens[position].after and following in DIGITS
        return Piece("0", 1, "single") if inside or begins else None
    if word.isascii() and word.isdigit() and len(word) <= 3:
        return Piece(word, 1, ("single", "pair", "hundred")[len(word) - 1], typed=True)
    if inside and (word in SOUNDALIKES or word in _ROUGH_ZEROS):
        return Piece(SOUNDALIKES.get(word, "0"), 1, "single", plain=False)
    if word in TENS and tokens[position].after:
        return Piece(str(TENS[word]), 1, "pair")
    found = None if word == "a" else cardinal(words, position)
    if found is None:
        return None
    size = {"unit": "single"}.get(found.kind, found.kind)
    return Piece(str(found.value), found.used, size)


def _rows(tokens: Sequence[Token], start: int, pieces: list[Piece]) -> list[tuple[int, list[Piece]]]:
    """The row cut where a sentence ends, and at sound-alikes that have too few plain digits beside them."""
    places = [start]
    for piece in pieces:
        places.append(places[-1] + piece.used)
    ends = [tokens[place - 1].after for place in places[1:-1]]
    stops = {"."} if any(end in ("", ",") for end in ends) else set()
    # "5 to 12" in figures is a time or a score.
    plain = sum(len(piece.digits) for piece in pieces if piece.plain and not (piece.typed and piece.size != "single"))
    rows: list[tuple[int, list[Piece]]] = []
    row: list[Piece] = []
    row_start = start
    for index, piece in enumerate(pieces):
        rough = not piece.plain and tokens[places[index]].low in _ROUGH_ZEROS
        if not piece.plain and plain < (_FEWEST_FOR_ROUGH if rough else _FEWEST_PLAIN):
            if row:
                rows.append((row_start, row))
            rows.append((places[index], [piece]))
            row, row_start = [], places[index + 1]
            continue
        row.append(piece)
        if index < len(ends) and ends[index] in stops:
            rows.append((row_start, row))
            row, row_start = [], places[index + 1]
    if row:
        rows.append((row_start, row))
    return rows


def _figures(words: Sequence[str], start: int, stop: int, row: Sequence[Piece]) -> str | None:
    """The digits of a row, or None if they are numbers of a sentence."""
    digits = "".join(piece.digits for piece in row)
    if not any(piece.plain for piece in row) or len(digits) < 3:
        return None
    named = names_number(words, start)
    alone = stop == len(words) and all(word in _LEADS_IN for word in words[:start])
    if all(piece.size == "single" for piece in row):
        return digits if len(digits) >= 4 or named or alone else None
    if len(row) == 1:
        # "Order number four hundred": one number alone is figures only where a number is named just before.
        large = (named and row[0].size == "hundred") or ((named or alone) and row[0].size == "thousand")
        return digits if large and not row[0].typed else None
    if named or alone:
        return digits
    if len(row) == 2 and all(len(piece.digits) == 3 and int(piece.digits) % 100 for piece in row):
        # "413, 961": two such numbers in a row count nothing.
        return digits
    if all(piece.typed for piece in row) or all(int(piece.digits) % 10 == 0 for piece in row if piece.size != "single"):
        return None
    return digits if len(row) >= 3 and len(digits) >= 5 else None


def names_number(words: Sequence[str], start: int) -> bool:
    """Whether "order number is …" or the like stands directly before a place."""
    for position in range(start - 1, max(-1, start - 1 - _WORDS_BACK), -1):
        if words[position] in _NAMES_NUMBER:
            return True
        if words[position] not in _BETWEEN:
            return False
    return False


def _merged(
    tokens: Sequence[Token], words: Sequence[str], written: list[Token], start: int, stop: int, row: Sequence[Piece]
) -> list[Token]:
    digits = "".join(piece.digits for piece in row)
    if len(row) == 1 and row[0].typed:
        return list(tokens[start:stop])
    most = 1.0 if all(piece.plain for piece in row) else DOUBTFUL
    begin = start
    before = words[start - 1] if start else ""
    untouched = bool(written) and not written[-1].changed and not written[-1].after
    if before == "plus" and len(digits) >= 7 and untouched:
        digits, begin = f"+{digits}", start - 1
    elif before in ("for", "fore") and len(digits) in (4, 5) and untouched and _may_be_four(words, start - 1):
        # "Order for one seven two oh three" names no thing that an order is for.
        digits, begin, most = f"4{digits}", start - 1, DOUBTFUL
    if begin < start:
        written.pop()
    return [merge(tokens[begin:stop], digits, most=most)]


def _may_be_four(words: Sequence[str], position: int) -> bool:
    return position == 0 or words[position - 1] in _BEFORE_HEARD_FOR
