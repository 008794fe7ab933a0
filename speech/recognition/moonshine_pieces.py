"""Moonshine's tokens: bytes to ids and back."""

import itertools
from collections.abc import Sequence
from typing import Final

START: Final = 1
END: Final = 2
# After the marks come the 256 single bytes, then the pieces in the order in which they were merged.
_FIRST_BYTE: Final = 3
SPACE: Final = "▁".encode()


class Pieces:
    """The vocabulary of 32 768 tokens.

    >>> pieces = Pieces([b"<unk>", b"<s>", b"</s>", *(bytes([n]) for n in range(256)), "▁".encode(), "▁h".encode()])
    >>> pieces.encode("h"), pieces.text([260])
    ([260], 'h')
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._ids = {
            piece: number for number, piece in reversed(list(enumerate(pieces))) if number >= _FIRST_BYTE + 256
        }

    @classmethod
    def unpack(cls, packed: bytes) -> "Pieces":
        """From tokenizer.bin: each piece after its length, which has one byte, or two if the first is 128 or more.

        Raises: IndexError if the bytes end in a length.
        """
        pieces = []
        position = 0
        while position < len(packed):
            length = packed[position]
            position += 1
            if length >= 128:
                length += packed[position] * 128 - 128
                position += 1
            pieces.append(packed[position : position + length])
            position += length
        return cls(pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    def begins_word(self, token: int) -> bool:
        """True if a space comes before this piece."""
        return self._pieces[token].startswith(SPACE)

    def raw(self, token: int) -> bytes:
        """The piece's bytes; a space is "▁"."""
        return self._pieces[token]

    def text(self, tokens: Sequence[int]) -> str:
        """What the tokens say; bytes that are no UTF-8 become "�"."""
        return b"".join(self._pieces[token] for token in tokens).decode("utf-8", "replace").replace("▁", " ").strip()

    def words(self, tokens: Sequence[int]) -> list[list[int]]:
        """The tokens, word by word."""
        groups: list[list[int]] = []
        for token in tokens:
            if not groups or self.begins_word(token):
                groups.append([])
            groups[-1].append(token)
        return groups

    def encode(self, text: str) -> list[int]:
        """Byte-pair encoding: of all neighbours, those that were merged first in training are joined first."""
        parts = [letter.encode() for letter in "▁" + text.replace(" ", "▁")]
        while True:
            joined = [(self._ids.get(left + right), at) for at, (left, right) in enumerate(itertools.pairwise(parts))]
            best = min(((number, at) for number, at in joined if number is not None), default=None)
            if best is None:
                break
            at = best[1]
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        tokens: list[int] = []
        for part in parts:
            known = self._ids.get(part)
            tokens += [known] if known is not None else [_FIRST_BYTE + byte for byte in part]
        return tokens
