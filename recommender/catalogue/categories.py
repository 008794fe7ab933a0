"""Categories, written as paths in many ways."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from recommender.catalogue.values import as_text

NO_CATEGORY: Final = "Other"
LONGEST: Final = 100
_SEPARATORS: Final = (" > ", ">", " » ", "»", "::", " → ", " / ", "|", "\\", "/", " - ")
SURE_SEPARATORS: Final = frozenset({" > ", ">", " » ", "»", "::", " → "})
_BETWEEN: Final = re.compile(r"\s*[,;]\s*(?=[^,;]*(?:>|»|::|→))|\s*;\s*")
_ROOTS: Final = frozenset(
    {"default category", "root catalog", "root", "home", "all", "all products", "shop", "produkte", "startseite"}
)


def find_separator(values: Iterable[Any]) -> str | None:
    """What separates the levels in these categories; None for a flat catalogue.

    A sign that also stands in names ("TV/Audio") counts only if first levels have several second ones.
    """
    texts = sorted({as_text(value) for value in values if not isinstance(value, list | dict)} - {""})
    if not texts:
        return None
    for separator in _SEPARATORS:
        with_it = [text for text in texts if separator in text.strip(separator)]
        if not with_it:
            continue
        if separator in SURE_SEPARATORS:
            return separator
        below = defaultdict(set)
        for text in with_it:
            first, _, rest = text.strip(separator).partition(separator)
            below[first.strip()].add(rest)
        branching = sum(len(rest) for rest in below.values() if len(rest) > 1)
        if len(with_it) >= 0.5 * len(texts) and branching >= 0.6 * len(with_it):
            return separator
    return None


def read_paths(value: Any, separator: str | None) -> list[tuple[str, ...]]:
    """Every path that a cell names, each from the widest level; the longest first, otherwise as given."""
    if isinstance(value, str) and value.lstrip()[:1] == "[":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = _literal(value)
    if isinstance(value, list | tuple):
        if any(isinstance(one, list | tuple) for one in value):
            paths = [_path([as_text(part) for part in one]) for one in value if isinstance(one, list | tuple)]
        elif any(separator_in(as_text(one)) for one in value):
            paths = [_split(as_text(one), separator_in(as_text(one))) for one in value]
        else:
            paths = [_path([as_text(one) for one in value])]
    else:
        text = as_text(value)
        several = separator in SURE_SEPARATORS or (separator is not None and ";" in text)
        parts = _apart(_BETWEEN.split(text), separator or "") if several else [text]
        paths = [_split(part, separator) for part in parts]
    found = list(dict.fromkeys(path for path in paths if path))
    # A path that only leads to another one says nothing more.
    found = [path for path in found if not any(path != other and other[: len(path)] == path for other in found)]
    return sorted(found, key=lambda path: -len(path))


def join_levels(levels: Sequence[str]) -> tuple[str, ...]:
    """The levels that stand in columns of their own."""
    return _path(list(levels))


def separator_in(text: str) -> str | None:
    """A sign that can only separate levels, if there is one in the text."""
    return next((separator for separator in _SEPARATORS if separator in SURE_SEPARATORS and separator in text), None)


def _apart(parts: list[str], separator: str) -> list[str]:
    """Paths in a list may include a first level alone, which no sign tells from a name with a comma."""
    roots = {part.partition(separator)[0].strip() for part in parts if separator in part}
    found = []
    for part in parts:
        while (cut := part.rpartition(","))[0] and cut[2].strip() in roots:
            part = cut[0]
            found.append(cut[2])
        found.append(part)
    return found


def _split(text: str, separator: str | None) -> tuple[str, ...]:
    return _path(text.split(separator) if separator else [text])


def _path(parts: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for part in parts:
        words = as_text(part).strip("/|>\\» ")
        if words and (not kept or kept[-1] != words):
            kept.append(words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…")
    if len(kept) > 1 and kept[0].lower() in _ROOTS:
        kept = kept[1:]
    return tuple(kept[:12])


def _literal(words: str) -> Any:
    """A list as Python prints it: "['Home', 'Kitchen']"."""
    found = re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", words)
    return [first or second for first, second in found] or words.strip("[] ")
