"""Reads one Parquet file and prints its rows as JSON Lines.

`python -I parquet_process.py FILE rows MEMORY_MB SECONDS CELL_CHARACTERS COLUMNS`; "-" is standard input, "head" prints
the columns only. It imports nothing of ours, so that its memory is the file's alone.

First the columns, {"columns": [...]}; then a row in each line, {"row": {...}} or {"too_long": true}; {"error": "..."}
instead if the file cannot be read.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

_BATCH: Final = 256
_MAX_ROWS: Final = 5_000_000


def main() -> int:
    """What the process does; its exit status."""
    path, what = sys.argv[1], sys.argv[2]
    memory_mb, seconds, most_characters, most_columns = map(int, sys.argv[3:7])
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        printed = 0
        for line in _said(path, most_characters, most_columns, head=what == "head"):
            words = json.dumps(line, default=_plain)
            printed += len(words)
            if printed > memory_mb << 20:
                words = json.dumps({"error": f"unpacks to more than {memory_mb:,} MB. Write it in smaller files."})
            sys.stdout.write(words + "\n")
            if printed > memory_mb << 20:
                return 0
    except BrokenPipeError:
        sys.stderr.close()
    except MemoryError:
        return 1
    return 0


def _said(path: str, most_characters: int, most_columns: int, *, head: bool) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    try:
        source: Any = pa.BufferReader(sys.stdin.buffer.read()) if path == "-" else path
        schema = pq.read_schema(source)
        if path == "-":
            source.seek(0)
        # Texts stay in their dictionary: one long text that a million rows share is not copied a million times.
        texts = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        file = pq.ParquetFile(source, read_dictionary=texts)
        rows = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as err:
        if isinstance(err, pa.ArrowMemoryError):
            raise MemoryError from None
        yield {"error": "cannot be opened as Parquet: it is damaged or cut off. Write it again, or as CSV."}
        return
    if rows > _MAX_ROWS or len(schema.names) > most_columns:
        yield {
            "error": f"has {rows:,} rows and {len(schema.names):,} columns; expected at most {_MAX_ROWS:,} and "
            f"{most_columns:,}. Write it in smaller files."
        }
        return
    yield {"columns": schema.names}
    if head:
        return
    try:
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            yield from _rows(batch, most_characters)
    except pa.ArrowMemoryError:
        raise MemoryError from None
    except (pa.ArrowException, OSError, ValueError):
        yield {"error": "is damaged in the middle. Write it again, or as CSV."}


def _rows(batch: Any, most_characters: int) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns, too_long = {}, [False] * batch.num_rows
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        kind = column.type
        if pa.types.is_dictionary(kind):
            words = column.dictionary
            long = {
                number
                for number, size in enumerate(pc.binary_length(words).to_pylist())
                if (size or 0) > most_characters
            }
            codes = column.indices.to_pylist()
            columns[name] = [None if code is None or code in long else words[code].as_py() for code in codes]
            for row, code in enumerate(codes):
                too_long[row] |= code in long
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            # Pictures and other bytes are nothing to read.
            columns[name] = [None] * batch.num_rows
        else:
            columns[name] = column.to_pylist()
    for row in range(batch.num_rows):
        if too_long[row]:
            yield {"too_long": True}
        else:
            yield {"row": {name: values[row] for name, values in columns.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return None
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
