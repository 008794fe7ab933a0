"""Logs of interactions to measure on: who did what with which item, when, and how it was rated."""

import csv
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.catalogue import read_catalogue
from recommender.errors import EvaluationError
from recommender.learning import Log
from vocabulary import Item

LIKED_FROM: Final = 4.0
"""A rating from here on says that somebody liked it (on a scale of 1 to 5)."""

_NAMES: Final = {
    "user": ("user", "userid", "customer", "customerid", "subject", "visitor", "visitorid", "person", "member"),
    "item": ("item", "itemid", "product", "productid", "movie", "movieid", "sku", "article", "articleid", "asin"),
    "value": ("rating", "value", "score", "stars", "overall"),
    "time": ("time", "timestamp", "at", "date", "datetime", "when", "unixreviewtime"),
}
_BARE: Final = ("user", "item", "value", "time")
_SEPARATORS: Final = "\t,;|"
_TILT: Final = 0.2
_MIDDLE: Final = 3.5
_MILLISECONDS_FROM: Final = 1e11
_REASONS_AT_MOST: Final = 20
_ENCODINGS: Final = ("utf-8-sig", "cp1252", "latin-1")


@dataclass(frozen=True)
class Ratings:
    """A log with what it was read from.

    log: one line for each person and item, the last act of the pair. values: float32 (n,), the ratings; NaN where a
    line has none. item_ids: of the items, in the order of their numbers. rejected: "line 7: …", the first twenty;
    n_rejected: how many lines were left out.
    """

    log: Log
    values: NDArray[np.float32]
    item_ids: tuple[str, ...]
    rejected: tuple[str, ...]
    n_rejected: int

    @property
    def has_ratings(self) -> bool:
        return bool(len(self.values)) and not bool(np.isnan(self.values).any())


def read_ratings(path: Path) -> Ratings:
    """A CSV or TSV with a header that names user and item (rating and time, if there are any), or four bare columns
    user, item, rating, time as MovieLens has them.

    Times: seconds or milliseconds since 1970, or ISO dates. A line that cannot be read is left out and told of.
    Raises: EvaluationError if no line can be used or a column is missing; OSError.
    """
    lines = _text(path).splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    if first.count(separator) == 0:
        raise EvaluationError(
            f"{path.name} has no columns: it begins with {first[:60]!r}. Give a CSV or TSV with columns user and item."
        )
    header = next(csv.reader([first], delimiter=separator))
    columns, skip = _columns(header, path)
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    kept: dict[tuple[int, int], tuple[float, float]] = {}
    rejected: list[str] = []
    n_rejected = 0
    for number, cells in _rows(lines, separator, skip):
        try:
            user, item, value, when = _read(cells, columns, float(number))
        except ValueError as err:
            n_rejected += 1
            if len(rejected) < _REASONS_AT_MOST:
                rejected.append(f"line {number}: {err}")
            continue
        pair = (users.setdefault(user, len(users)), items.setdefault(item, len(items)))
        if pair not in kept or kept[pair][1] <= when:
            kept[pair] = (value, when)
    if not kept:
        raise EvaluationError(
            f"{path.name} has no line that can be used ({n_rejected} left out; first: {(rejected or ['none'])[0]})."
        )
    table = np.array([(*pair, *said) for pair, said in kept.items()], dtype=np.float64)
    values = table[:, 2].astype(np.float32)
    log = Log(
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        weights_of(values),
        table[:, 3],
        len(users),
        len(items),
    )
    return Ratings(log, values, tuple(items), tuple(rejected), n_rejected)


def weights_of(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """What an act says where every act counts as chosen: 1, a fifth more or less for each star from the middle."""
    return np.where(np.isnan(values), 1.0, np.clip(1.0 + _TILT * (values - _MIDDLE), 0.1, 3.0)).astype(np.float32)


def read_items(path: Path, item_ids: Sequence[str]) -> list[Item]:
    """The items of a log, in its order, from a catalogue file or MovieLens' u.item; the others know only their id.

    Raises: CatalogueError and OSError as reading a catalogue does.
    """
    found = {item.id: item for item in (_movies(path) if path.suffix == ".item" else read_catalogue(path).items)}
    return [found.get(item_id, bare_item(item_id)) for item_id in item_ids]


def bare_item(item_id: str) -> Item:
    """An item of which nothing is known."""
    return Item(id=item_id, title="", description="", category="", price=None, stock=None, attributes={})


def _movies(path: Path) -> Iterator[Item]:
    """u.item: id | title | release | video release | address | 19 genres as 0 or 1."""
    for line in _text(path, "latin-1").splitlines():
        cells = line.split("|")
        if len(cells) < 6:
            continue
        genres = {f"genre {number}": "yes" for number, flag in enumerate(cells[5:]) if flag.strip() == "1"}
        year = re.search(r"\d{4}$", cells[2].strip())
        when = {"year": year.group(), "decade": year.group()[:3] + "0"} if year else {}
        title = re.sub(r"\(\d{4}\)$", "", cells[1]).strip()
        yield Item(
            id=cells[0], title=title, description="", category="film", price=None, stock=None, attributes=genres | when
        )


def _text(path: Path, encoding: str | None = None) -> str:
    raw = path.read_bytes()
    for name in (encoding,) if encoding else _ENCODINGS:
        try:
            return raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise EvaluationError(f"{path.name} is no text.")  # pragma: no cover - latin-1 reads anything


def _columns(header: list[str], path: Path) -> tuple[dict[str, int], int]:
    """Where each column is, and how many lines to skip."""
    plain = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in header]
    found = {what: plain.index(name) for what, names in _NAMES.items() for name in names[::-1] if name in plain}
    if "user" in found and "item" in found:
        return found, 1
    if 3 <= len(header) <= 4 and all(_is_number(cell) for cell in header[2:]):
        return dict(zip(_BARE, range(len(header)), strict=False)), 0
    missing = " and ".join(what for what in ("user", "item") if what not in found)
    raise EvaluationError(
        f"{path.name} names no column for {missing} (columns: {', '.join(header)[:200]}). "
        "Name them user, item, rating, time."
    )


def _rows(lines: list[str], separator: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    seen = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            seen += 1
            if seen > skip:
                yield number, next(csv.reader([line.replace("\0", "")], delimiter=separator))


def _read(cells: list[str], columns: dict[str, int], number: float) -> tuple[str, str, float, float]:
    def cell(what: str) -> str | None:
        at = columns.get(what)
        if at is None:
            return None
        if at >= len(cells) or not cells[at].strip():
            raise ValueError(f"no {what}")
        return cells[at].strip()

    value, when = cell("value"), cell("time")
    return (
        cell("user") or "",
        cell("item") or "",
        math.nan if value is None else _number(value, "rating"),
        number if when is None else _time(when),
    )


def _number(words: str, what: str, read: Callable[[str], float] = float) -> float:
    try:
        number = read(words)
    except ValueError:
        raise ValueError(f"{what} {words[:30]!r} is no number") from None
    if not math.isfinite(number):
        raise ValueError(f"{what} {words[:30]!r} is no number")
    return number


def _time(words: str) -> float:
    if _is_number(words):
        seconds = _number(words, "time")
        return seconds / 1000.0 if abs(seconds) >= _MILLISECONDS_FROM else seconds
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"time {words[:30]!r} is neither seconds nor an ISO date") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _is_number(words: str) -> bool:
    try:
        return math.isfinite(float(words))
    except ValueError:
        return False
