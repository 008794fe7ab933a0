"""Every way to read the digits of a text: for readers who know how long their numbers are."""

from typing import Final

from speech.language.digits import Piece, piece_at
from speech.language.numerals import SOUNDALIKES, ZERO_SOUNDS
from speech.language.tokens import Token, split
from speech.recognition.transcript import Word

_FEWEST_PLAIN: Final = 3
_LONGEST: Final = 64


def digit_rows(text: str) -> list[tuple[str, ...]]:
    """The rows of spoken digits in a text, each in its likeliest reading first.

    A row may begin with a "for" and end with a "to" that is a mere word: both readings are given. Figures of three
    digits and more are no spoken digits and end a row.

    >>> digit_rows("for one seven to zero three to go")
    [('4172032', '417203', '172032', '17203')]
    """
    tokens = split([Word(word) for word in text.split()])
    words = [token.low for token in tokens]
    rows: list[tuple[str, ...]] = []
    row: list[Piece] = []
    position = 0
    while position <= len(tokens):
        piece = _piece(tokens, words, position) if len(row) < _LONGEST else None
        if piece is not None:
            row.append(piece)
            position += piece.used
            continue
        if sum(len(one.digits) for one in row if one.plain) >= _FEWEST_PLAIN:
            rows.append(_readings(row))
        row = []
        position += 1
    return rows


def _piece(tokens: list[Token], words: list[str], position: int) -> Piece | None:
    if position >= len(tokens):
        return None
    word = words[position]
    if word in SOUNDALIKES or word in ZERO_SOUNDS:
        return Piece(SOUNDALIKES.get(word, "0"), 1, "single", plain=False)
    piece = piece_at(tokens, words, position, inside=False)
    return None if piece is None or (piece.typed and len(piece.digits) > 2) else piece


def _readings(row: list[Piece]) -> tuple[str, ...]:
    starts = (0,) if row[0].plain else (0, 1)
    ends = (len(row),) if row[-1].plain else (len(row), len(row) - 1)
    return tuple("".join(piece.digits for piece in row[start:end]) for start in starts for end in ends)
