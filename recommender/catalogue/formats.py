"""Which format a file has, by its content first and its name second, and the table in it."""

import json
from typing import Final

from recommender.catalogue.delimited import DelimitedTable
from recommender.catalogue.documents import JsonLinesTable, json_table
from recommender.catalogue.parquet import ParquetTable
from recommender.catalogue.records import Table
from recommender.catalogue.source import Source, find_encoding
from recommender.errors import CatalogueFileError

_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook. Save it as CSV (UTF-8)"),
    (b"\x1f\x8b", "packed with gzip. Unpack it first"),
    (b"BZh", "packed with bzip2. Unpack it first"),
    (b"7z\xbc\xaf", "packed with 7-Zip. Unpack it first"),
    (b"\xfd7zXZ", "packed with xz. Unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd. Unpack it first"),
    (b"%PDF", "a PDF. Ask for the data as CSV"),
    (b"SQLite format 3", "a database. Write the table as CSV"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_CONTROLS: Final = [byte for byte in range(32) if byte not in b"\t\n\r\f\x1f\x1e"]
_MOST_CONTROLS: Final = 0.02


def open_table(source: Source, *, encoding: str | None = None, separator: str | None = None) -> Table:
    """The rows of a file.

    Raises: CatalogueFileError if it is empty, of another format, or cannot be opened; OSError.
    """
    head = source.head(1 << 16)
    if not head.strip():
        raise CatalogueFileError(f"{source.name} is empty; expected column names and at least one row.")
    if head.startswith(b"PAR1"):
        return ParquetTable(source)
    if head.startswith(b"PARE") or source.name.lower().endswith((".parquet", ".pq")):
        raise CatalogueFileError(
            f"{source.name} is no Parquet file that can be read: its beginning is damaged or encrypted. Write it again."
        )
    if head.startswith(b"PK\x03\x04"):
        workbook = b"xl/" in head or source.name.lower().endswith((".xlsx", ".xlsm"))
        what = "an Excel workbook. Save the sheet as CSV (UTF-8)" if workbook else "a zip archive. Unpack it first"
        raise CatalogueFileError(f"{source.name} is {what}, and import that.")
    for mark, what in _FOREIGN:
        if head.startswith(mark):
            raise CatalogueFileError(f"{source.name} is {what}; expected CSV, TSV, JSON, JSON Lines or Parquet.")
    if not head.strip(b"\0"):
        raise CatalogueFileError(f"{source.name} holds only zero bytes: it is damaged. Fetch it again.")
    found = find_encoding(source, encoding)
    if not found.name.startswith("utf-16") and not found.name.startswith("utf-32"):
        odd = sum(head.count(byte) for byte in _CONTROLS)
        if odd > _MOST_CONTROLS * len(head):
            raise CatalogueFileError(
                f"{source.name} is no text and no Parquet; expected CSV, TSV, JSON, JSON Lines or Parquet."
            )
    beginning = head.decode(found.name, "replace").lstrip("\ufeff \t\r\n\0")
    if source.name.lower().endswith((".jsonl", ".ndjson")):
        return JsonLinesTable(source, found)
    if beginning.startswith("{") or (beginning.startswith("[") and _is_list(beginning)):
        return json_table(source, found)
    if beginning[:100].lower().startswith(("<?xml", "<!doctype", "<html", "<rss")):
        raise CatalogueFileError(f"{source.name} is XML or a web page; expected CSV, TSV, JSON, JSON Lines or Parquet.")
    return DelimitedTable(source, found, separator)


def _is_list(beginning: str) -> bool:
    """Whether this begins a JSON list, and not a CSV whose first name is in brackets."""
    inner = beginning[1:].lstrip()
    if inner[:1] in '{[]"' or not inner:
        return True
    try:
        json.JSONDecoder().raw_decode(inner)
    except ValueError:
        return False
    return True
