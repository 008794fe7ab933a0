"""How a text of rows is written: what separates cells, whether quotes enclose them, where the names stand."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS: Final = {",": "','", ";": "';'", "\t": "tab", "|": "'|'", "\x1f": "unit separator", "^": "'^'", "~": "'~'"}
_BARE: Final = {name.strip("'"): sign for sign, name in SEPARATORS.items()} | {"tab": "\t", "\\t": "\t"}
_PREAMBLE: Final = 20
_NAMES_APART: Final = 0.6
_UNQUOTED: Final = 0.8


@dataclass(frozen=True)
class Dialect:
    """separator: one character. quoted: whether double quotes enclose cells. escaped: a quote inside is \\" and not "".

    width: cells in a usual row.
    """

    separator: str
    quoted: bool = True
    escaped: bool = False
    width: int = 0

    @property
    def words(self) -> str:
        """ "separated by ';'"."""
        return f"separated by {SEPARATORS.get(self.separator, repr(self.separator))}"

    def split(self, lines: Sequence[str], *, strict: bool = True) -> list[str] | None:
        """The cells of one row that is these lines; None if it is not one row in this dialect."""
        if not self.quoted or '"' not in "".join(lines):
            return lines[0].rstrip("\n").split(self.separator) if len(lines) == 1 else None
        reader = self.reader(lines, strict=strict)
        try:
            cells = next(reader)
        except (csv.Error, StopIteration):
            return None
        return cells if reader.line_num == len(lines) else None

    def reader(self, lines: Iterable[str], *, strict: bool) -> "Reader":
        """Python's reader for this dialect."""
        return csv.reader(
            lines,
            delimiter=self.separator,
            doublequote=not self.escaped,
            escapechar="\\" if self.escaped else None,
            strict=strict,
        )


def separator_of(words: str) -> str:
    """The sign that somebody names: ";", "tab". Raises: ValueError."""
    sign = _BARE.get(words.lower() if len(words) > 1 else words, words)
    if len(sign) != 1 or sign in '"\n\r':
        raise ValueError(f"separator {words!r} is not one character; expected one such as ',' ';' '|' or tab.")
    return sign


def find_dialect(lines: Sequence[str], given: str | None = None) -> Dialect:
    """What splits the most of these lines into the same number of cells, and into many.

    A text of one column has no separator; a comma is then as good as any.
    """
    options = [Dialect(sign) for sign in ([given] if given else SEPARATORS)]
    if any('"' in line for line in lines):
        options += [Dialect(option.separator, quoted=False) for option in options]
        if any('\\"' in line for line in lines):
            options += [Dialect(option.separator, escaped=True) for option in options if option.quoted]
    scored = [(_regularity(option, lines), -number, option) for number, option in enumerate(options)]
    (share, width), _, best = max(scored, key=lambda one: (one[0][0] * min(one[0][1] - 1, 8) ** 0.5, one[1]))
    if share * (width - 1) == 0:
        return Dialect(given or ",", width=1)
    return Dialect(best.separator, best.quoted, best.escaped, width)


def _regularity(dialect: Dialect, lines: Sequence[str]) -> tuple[float, int]:
    """Which share of the lines has the usual number of cells, and that number."""
    widths: Counter[int] = Counter()
    at = used = 0
    while at < len(lines):
        taken = 1
        cells = dialect.split(lines[at : at + 1])
        if cells is None and dialect.quoted:
            reader = dialect.reader(iter(lines[at:]), strict=True)
            try:
                cells = next(reader)
                taken = reader.line_num
            except (csv.Error, StopIteration):
                usual = max((width for width in widths if width > 1), default=0)
                if usual and not any(len(dialect.split([line]) or ()) == usual for line in lines[at + 1 :]):
                    # A cell of many lines: what is left of the sample stands inside it.
                    break
                cells = None
        at += taken
        used += taken
        if cells is None:
            widths[0] += 1
        elif any(cell.strip() for cell in cells):
            widths[len(cells)] += 1
    if not widths:
        return 0.0, 1
    # What stands above the names (a title, a date) does not count against a dialect.
    below = sum(widths.values()) - min(_PREAMBLE, widths.get(1, 0) if len(widths) > 1 else 0)
    width, rows = max(((w, n) for w, n in widths.items() if w), key=lambda one: one[1] * min(one[0], 3), default=(1, 0))
    # Names stand above the rows in the same number of cells; where they do not, the cut goes through texts.
    first = dialect.split(lines[:1])
    agreed = 1.0 if first is not None and len(first) == width else _NAMES_APART
    agreed *= 1.0 if dialect.quoted else _UNQUOTED
    return agreed * rows / max(1, below), width
