"""The lines of a text, with their numbers, of which some can be given back."""

from collections import deque
from typing import Final, TextIO

from recommender.catalogue.records import MAX_ROW_CHARACTERS

Line = tuple[int, str | None]
"""Number, from 1, and text with its line end; None where the line is longer than a row may be."""
_SKIP: Final = 1 << 20


class Lines:
    """Reads a text line by line, never more than one row's length at once."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._back: deque[Line] = deque()
        self.zeros = 0
        """Lines in which NUL bytes stood; they are left out."""

    def take(self) -> Line | None:
        """The next line; None at the end."""
        if self._back:
            return self._back.popleft()
        line = self._text.readline(MAX_ROW_CHARACTERS + 1)
        if not line:
            return None
        self._number += 1
        if len(line) > MAX_ROW_CHARACTERS and not line.endswith("\n"):
            while (rest := self._text.readline(_SKIP)) and not rest.endswith("\n"):
                pass
            return self._number, None
        if "\0" in line:
            self.zeros += 1
            line = line.replace("\0", "")
        return self._number, line

    def give_back(self, lines: list[Line]) -> None:
        """Have these, in their order, come next."""
        self._back.extendleft(reversed(lines))
