"""JSON and JSON Lines: objects, read one after the other, so that a file that is cut off still gives what it holds."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from recommender.catalogue.fields import Field, meanings
from recommender.catalogue.lines import Lines
from recommender.catalogue.records import MAX_ROW_CHARACTERS, Record, Rejected, flatten
from recommender.catalogue.source import Encoding, Source
from recommender.errors import CatalogueFileError

MAX_DOCUMENT_BYTES: Final = 256 * 1024 * 1024
_SPACE: Final = " \t\r\n"
_DEPTH: Final = 4


def _nothing(_name: str) -> None:
    """NaN and Infinity, which Python writes and JSON does not know, are no value."""


_decoder = json.JSONDecoder(parse_constant=_nothing, strict=False)


class JsonLinesTable:
    """One object in each line."""

    def __init__(self, source: Source, encoding: Encoding) -> None:
        self._source, self._encoding = source, encoding
        self.kind = "JSON Lines"
        self.notes: list[str] = []

    def rows(self) -> Iterator[Record | Rejected]:
        """Every line that is not empty."""
        with self._source.text(self._encoding.name, mixed=self._encoding.mixed) as text:
            lines = Lines(text)
            while (line := lines.take()) is not None:
                number, words = line
                if words is None:
                    yield Rejected(number, f"the row is longer than {MAX_ROW_CHARACTERS:,} characters.")
                elif words.strip(_SPACE + "\ufeff"):
                    yield _record(words.strip(_SPACE + "\ufeff"), number)


def _record(words: str, number: int) -> Record | Rejected:
    try:
        value, end = _decoder.raw_decode(words)
    except (ValueError, RecursionError):
        return Rejected(number, "the line is no JSON object: it is damaged or cut off; expected {...} in one line.")
    if not isinstance(value, dict) or words[end:].strip(_SPACE + ","):
        return Rejected(number, "the line holds something else than one JSON object; expected {...} in one line.")
    return Record(number, flatten(value))


class JsonTable:
    """A document with a list of objects, at its top or under some name, or with an object for each id.

    Raises: CatalogueFileError if it is too large to be read whole, or holds no list of objects.
    """

    def __init__(self, source: Source, encoding: Encoding) -> None:
        if source.size > MAX_DOCUMENT_BYTES:
            raise CatalogueFileError(
                f"{source.name} is a JSON document of {source.size / 1e6:,.0f} MB; expected at most "
                f"{MAX_DOCUMENT_BYTES / 1e6:,.0f} MB. Write it as JSON Lines, one object in each line: "
                "that has no such limit."
            )
        with source.text(encoding.name, mixed=encoding.mixed) as file:
            self._text = file.read().removeprefix("\ufeff")
        self.notes: list[str] = []
        self._has_lines = "\n" in self._text.strip()
        self._at, self._keyed, where = _find_list(self._text, source.name)
        self.kind = f"JSON, {'the objects' if self._keyed else 'the list'} {where}"

    def rows(self) -> Iterator[Record | Rejected]:
        """Every object of the list, with the line in which it begins."""
        at, number, line, counted = self._at + 1, 0, 1, 0
        while True:
            at = _next(self._text, at, skip=",")
            number += 1
            # A document in one line has no lines to name: objects are numbered instead.
            line, counted = (line + self._text.count("\n", counted, at), at) if self._has_lines else (number, at)
            if at >= len(self._text):
                yield Rejected(line, f"the document is cut off after object {number - 1}; expected ']' at its end.")
                return
            if self._text[at] in "]}":
                return
            try:
                key = None
                if self._keyed:
                    key, at = _decoder.raw_decode(self._text, at)
                    at = _next(self._text, at, skip=":")
                value, end = _decoder.raw_decode(self._text, at)
            except (ValueError, RecursionError):
                yield Rejected(line, f"object {number} is damaged or cut off; what follows it cannot be read.")
                return
            if end - at > MAX_ROW_CHARACTERS:
                yield Rejected(line, f"object {number} is longer than {MAX_ROW_CHARACTERS:,} characters.")
            elif not isinstance(value, dict):
                yield Rejected(line, f"entry {number} is no object; expected {{...}}.")
            else:
                cells = flatten(value)
                if key is not None and "id" not in cells:
                    cells["id"] = key
                yield Record(line, cells)
            at = end


def json_table(source: Source, encoding: Encoding) -> JsonTable | JsonLinesTable:
    """As lines if the first line is an object of its own and there is more; otherwise as one document."""
    with source.text(encoding.name, mixed=encoding.mixed) as file:
        lines = Lines(file)
        first = ""
        while not first.strip(_SPACE + "\ufeff") and (line := lines.take()) is not None:
            first = line[1] or ""
        second = lines.take()
        while second is not None and not (second[1] or "x").strip(_SPACE):
            second = lines.take()
    whole = isinstance(_record(first.strip(_SPACE + "\ufeff"), 1), Record)
    if whole and (second is not None or not _holds_list(first)):
        return JsonLinesTable(source, encoding)
    if first.lstrip("\ufeff \t").startswith("{") and second is not None and (second[1] or "").startswith('{"'):
        return JsonLinesTable(source, encoding)
    return JsonTable(source, encoding)


def _holds_list(words: str) -> bool:
    """Whether an object is a document around a list of objects, and not an item with lists of its own."""
    value = json.loads(words.strip(_SPACE + "\ufeff"), strict=False)
    own = {field for name in value for field, fits in meanings(str(name)).items() if fits > 0.9}
    return not own & {Field.ID, Field.TITLE} and _around_list(value, 1)


def _around_list(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return any(isinstance(one, dict) for one in value)
    if not isinstance(value, dict) or depth > _DEPTH:
        return False
    members = list(value.values())
    return (len(members) > 1 and all(isinstance(one, dict) for one in members)) or any(
        _around_list(one, depth + 1) for one in members
    )


def _next(text: str, at: int, *, skip: str) -> int:
    """The next place that holds neither white space nor one of these signs."""
    while at < len(text) and (text[at] in _SPACE or text[at] in skip):
        at += 1
    return at


def _find_list(text: str, name: str) -> tuple[int, bool, str]:
    """Where the list begins that holds the most objects, whether it is one object by ids, and its name."""
    at = _next(text, 0, skip="")
    if text[at : at + 1] == "[":
        return at, False, "at the top"
    found: list[tuple[int, int, bool, str]] = []
    if text[at : at + 1] == "{":
        # What was found before the damage stands.
        with suppress(ValueError, RecursionError):
            _search(text, at, "", 1, found)
    if not found:
        raise CatalogueFileError(
            f"{name} holds no list of objects that can be read; expected JSON such as "
            '[{"id": "1", "title": "..."}], or the same under a name.'
        )
    _, at, keyed, where = max(found, key=lambda one: one[0])
    return at, keyed, where


def _search(text: str, at: int, path: str, depth: int, found: list[tuple[int, int, bool, str]]) -> int:
    """Look at each member of the object that begins here; what is found so far stands also if the rest is damaged."""
    start, objects = at, 0
    at = _next(text, at + 1, skip=",")
    while text[at : at + 1] != "}":
        key, at = _decoder.raw_decode(text, at)
        at = _next(text, at, skip=":")
        where = f"{path}{key}"
        if text[at : at + 1] == "[":
            place = len(found)
            found.append((0, at, False, f"under '{where}'"))
            if not text.startswith("{", _next(text, at + 1, skip="")):
                found.pop()
                _, at = _decoder.raw_decode(text, at)
            else:
                # Counted as the largest while its end is not known: a file that is cut off is cut off in there.
                found[place] = (1 << 40, at, False, f"under '{where}'")
                value, end = _decoder.raw_decode(text, at)
                found[place] = (len(value), at, False, f"under '{where}'")
                at = end
        elif text[at : at + 1] == "{" and depth < _DEPTH:
            objects += 1
            at = _search(text, at, f"{where}.", depth + 1, found)
        else:
            _, at = _decoder.raw_decode(text, at)
        at = _next(text, at, skip=",")
    if objects > 1:
        found.append((objects, start, True, f"under '{path.rstrip('.')}'" if path else "at the top"))
    return at + 1
