"""CSV, TSV and their kin: rows of cells, read so that one damaged row costs one row."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Final

from recommender.catalogue.dialect import SEPARATORS, Dialect, find_dialect
from recommender.catalogue.lines import Line, Lines
from recommender.catalogue.records import MAX_COLUMNS, MAX_ROW_CHARACTERS, Notes, Record, Rejected
from recommender.catalogue.source import Encoding, Source
from recommender.catalogue.values import looks_like_data
from recommender.errors import CatalogueFileError

MAX_ROW_LINES: Final = 2_000
_SAMPLE_LINES: Final = 400
_TOO_LONG: Final = f"the row is longer than {MAX_ROW_CHARACTERS:,} characters or {MAX_ROW_LINES:,} lines."
_CUT: Final = "the file is cut off in this row, inside quotes; expected a quote at the end of the cell."
_TRIMMED_FROM: Final = 0.2
"""From this share of short rows on, the program that wrote the file leaves empty cells at the end of a row out."""


class DelimitedTable:
    """A text of rows. Raises: CatalogueFileError if there is not one row under the names."""

    def __init__(self, source: Source, encoding: Encoding, separator: str | None = None) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_ROW_CHARACTERS))
        self._source = source
        self._encoding = encoding
        self._ended = self._over = False
        self.notes: list[str] = []
        sample, self._skip = self._sample()
        declared = _declared(sample)
        if declared is not None:
            sample, self._skip = sample[1:], self._skip + 1
        self._dialect = find_dialect([line for line in sample if line.strip()], separator or declared)
        self.columns = self._find_names(sample)
        if len(self.columns) > MAX_COLUMNS:
            raise CatalogueFileError(
                f"{source.name} has {len(self.columns)} columns; at most {MAX_COLUMNS} can be imported. Leave some out."
            )
        self.kind = f"{'TSV' if self._dialect.separator == chr(9) else 'CSV'}, {self._dialect.words}, {_say(encoding)}"

    def rows(self) -> Iterator[Record | Rejected]:
        """Every row, with the number of its first line."""
        odd = Notes()
        width = len(self.columns)
        with self._source.text(self._encoding.name, mixed=self._encoding.mixed) as text:
            lines = Lines(text)
            for _ in range(self._skip):
                lines.take()
            while (line := lines.take()) is not None:
                number, words = line
                if words is None or len(words) > MAX_ROW_CHARACTERS:
                    yield Rejected(number, _TOO_LONG)
                elif words.strip():
                    row = self._row(lines, number, words, width, odd)
                    if isinstance(row, str):
                        yield Rejected(number, row)
                    elif any(cell.strip() for cell in row):
                        yield Record(number, dict(zip(self.columns, row, strict=True)))
        self.notes = [*self._first_notes, *odd.lines()]
        if lines.zeros:
            self.notes.append(f"{lines.zeros} lines hold NUL bytes, which are left out: the file may be damaged.")

    def _row(self, lines: Lines, number: int, words: str, width: int, odd: Notes) -> list[str] | str:
        """The cells of the row that begins here, or why there are none."""
        if not self._dialect.quoted or '"' not in words:
            return self._fitted(words.rstrip("\n").split(self._dialect.separator), words, number, width, odd)
        taken: list[Line] = []
        for strict in (True, False):
            cells, taken = self._quoted(lines, number, words, strict=strict)
            fits = cells is not None and len(cells) == width
            if fits and (strict or len(taken) == 0 or not self._swallowed(taken, width)):
                if not strict and self._ended:
                    return _CUT
                if not strict:
                    odd.add("Quotes inside a cell are not doubled; the row is read as it seems to be meant", number)
                return cells or []
            if cells is not None and taken and not self._swallowed(taken, width):
                return self._fitted(cells, words, number, width, odd)
            if cells is not None and not taken and strict:
                return self._fitted(cells, words, number, width, odd)
            if cells is None and self._over and width > 1 and not self._swallowed(taken, width):
                self._skip_cell(lines, width)
                return _TOO_LONG
            lines.give_back(taken)
        alone = self._dialect.split([words], strict=False)
        if alone is not None and len(alone) == width:
            if (more := lines.take()) is None:
                return _CUT
            lines.give_back([more])
            odd.add("A quote is opened and not closed in its row; the row is read as it seems to be meant", number)
            return alone
        return (
            "a quote is opened and never closed in this row, or not followed by a separator; "
            "expected each quote inside a cell doubled."
        )

    def _quoted(self, lines: Lines, number: int, words: str, *, strict: bool) -> tuple[list[str] | None, list[Line]]:
        """The cells, and the lines after the first that they took; no cells if no row can be made of them."""
        taken: list[Line] = []
        self._ended = self._over = False

        def feed() -> Iterator[str]:
            yield words
            size = len(words)
            while len(taken) < MAX_ROW_LINES:
                if (line := lines.take()) is None:
                    self._ended = True
                    return
                taken.append(line)
                size += len(line[1] or "")
                if line[1] is None or size > MAX_ROW_CHARACTERS:
                    break
                yield line[1]
            self._over = True
            raise csv.Error("too long")

        try:
            return next(self._dialect.reader(feed(), strict=strict)), taken
        except (csv.Error, StopIteration):
            return None, taken

    def _skip_cell(self, lines: Lines, width: int) -> None:
        """Go on behind the end of a cell that is too long; what looks like a row by itself comes next."""
        while (line := lines.take()) is not None:
            words = line[1] or ""
            if words.count('"') % 2:
                return
            if len(self._dialect.split([words]) or ()) == width:
                lines.give_back([line])
                return

    def _swallowed(self, taken: list[Line], width: int) -> bool:
        """Whether one of these lines is a row by itself, so that a quote has only seemed to enclose it."""
        return width > 1 and any(len(self._dialect.split([words or ""]) or ()) == width for _, words in taken)

    def _fitted(self, cells: list[str], words: str, number: int, width: int, odd: Notes) -> list[str] | str:
        if len(cells) == width:
            return cells
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        if len(cells) < width and self._trims:
            return cells + [""] * (width - len(cells))
        for sign, name in SEPARATORS.items() if width > 2 else ():
            other = Dialect(sign).split([words]) if sign in words else None
            if other is not None and len(other) == width:
                odd.add(f"A row is separated by {name} and not by the file's separator", number)
                return other
        what = "a cell is missing, or the row is cut off" if len(cells) < width else "a separator stands inside a cell"
        return f"{len(cells)} cells where {width} columns are named: {what}; expected text with separators in quotes."

    def _sample(self) -> tuple[list[str], int]:
        """The first lines, and how many empty ones stand before them."""
        found: list[str] = []
        empty = 0
        with self._source.text(self._encoding.name, mixed=self._encoding.mixed) as text:
            lines = Lines(text)
            while len(found) < _SAMPLE_LINES and (line := lines.take()) is not None:
                if not found and line[1] is not None and not line[1].strip():
                    empty += 1
                elif line[1] is not None:
                    found.append(line[1])
        if not found:
            raise CatalogueFileError(f"{self._source.name} is empty; expected column names and at least one row.")
        return found, empty

    def _find_names(self, sample: list[str]) -> list[str]:
        """The columns' names; lines above them are left out. Sets what else is to be known of the rows."""
        width = max(1, self._dialect.width)
        rows: list[list[str]] = []
        start = None
        for number, line in enumerate(sample):
            cells = self._dialect.split([line])
            if cells is None:
                continue
            if start is None and sum(bool(cell.strip()) for cell in cells) >= max(1, min(width - 1, (width + 1) // 2)):
                start = number
            if start is not None and line.strip():
                rows.append(cells)
        if start is None:
            start, rows = 0, [sample[0].rstrip("\n").split(self._dialect.separator)]
        names = [cell.strip() for cell in rows[0]]
        while len(names) > width and not names[-1]:
            names.pop()
        short = sum(len(row) < len(names) for row in rows[1:])
        self._trims = short >= max(3, _TRIMMED_FROM * len(rows[1:]))
        first: list[str] = []
        if start:
            first.append(f"{start} line{'s' if start > 1 else ''} above the column names are left out.")
        if len(names) == width - 1 and Counter(map(len, rows[1:])).get(width, 0) > len(rows) // 2:
            names.insert(0, "")
        self._skip += start + 1
        if looks_like_data(names, rows[1:]):
            self._skip -= 1
            first.append("The first line holds no column names, so the columns are numbered.")
            names = [""] * len(names)
        self._first_notes = first
        return _named(names)


def _named(names: list[str]) -> list[str]:
    """Every column has a name of its own: an empty one is its number, a second one of a name is numbered."""
    seen: Counter[str] = Counter()
    result = []
    for number, name in enumerate(names, 1):
        plain = " ".join(name.replace("\ufeff", "").split()) or f"column {number}"
        seen[plain] += 1
        result.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return result


def _declared(sample: list[str]) -> str | None:
    """The separator that a line "sep=;", which Excel understands, declares."""
    first = sample[0].strip("\r\n\ufeff").strip('"')
    return first[4:] if first.lower().startswith("sep=") and len(first) == 5 else None


def _say(encoding: Encoding) -> str:
    name = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(encoding.name, encoding.name)
    if encoding.mixed:
        return f"{name} with some Windows-1252"
    return name if encoding.sure else f"taken for {name}"
