"""Parquet: read by a process of its own, which may use only so much memory, and given on as JSON Lines.

What unpacks to a thousand times its size ends that process and nothing else, and no process that runs for long loads
pyarrow.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from recommender.catalogue.records import MAX_COLUMNS, MAX_ROW_CHARACTERS, Record, Rejected, flatten
from recommender.catalogue.source import Source
from recommender.errors import CatalogueFileError

MEMORY_MB: Final = 2_000
SECONDS: Final = 900
_PROCESS: Final = Path(__file__).with_name("parquet_process.py")
_LIMITS: Final = (MEMORY_MB, SECONDS, MAX_ROW_CHARACTERS, MAX_COLUMNS)


class ParquetTable:
    """Rows by their number, from 1. Raises: CatalogueFileError if the file cannot be opened as Parquet."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.kind = "Parquet"
        self.notes: list[str] = []
        first = next(self._lines(head=True), {})
        self.columns = [str(name) for name in first.get("columns", ())]

    def rows(self) -> Iterator[Record | Rejected]:
        """Every row, in the file's order."""
        for number, row in enumerate(self._lines(), 0):
            if number == 0:
                continue
            if "too_long" in row:
                yield Rejected(number, f"a cell is longer than {MAX_ROW_CHARACTERS:,} characters.")
            else:
                yield Record(number, flatten(row["row"]))

    def _lines(self, *, head: bool = False) -> Iterator[dict[str, Any]]:
        """What the reading process says: the columns, and then a row in each line."""
        path = "-" if isinstance(self._source.content, bytes) else str(self._source.content.resolve())
        process = subprocess.Popen(
            [sys.executable, "-I", str(_PROCESS), path, "head" if head else "rows", *map(str, _LIMITS)],
            stdin=subprocess.PIPE if path == "-" else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"},
        )
        feeder = None
        if process.stdin is not None and isinstance(self._source.content, bytes):
            feeder = threading.Thread(target=_feed, args=(process.stdin, self._source.content), daemon=True)
            feeder.start()
        try:
            for line in process.stdout or ():
                said = json.loads(line)
                if "error" in said:
                    raise CatalogueFileError(f"{self._source.name} {said['error']}")
                yield said
            if process.wait() != 0:
                raise CatalogueFileError(
                    f"{self._source.name} needs more than {MEMORY_MB:,} MB or {SECONDS} s to be unpacked, or is "
                    "damaged; expected a catalogue. Write it as CSV or in smaller files."
                )
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if feeder is not None:
                feeder.join()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def _feed(pipe: IO[bytes], content: bytes) -> None:
    try:
        with pipe:
            pipe.write(content)
    except BrokenPipeError:
        # The process has ended and said why.
        return
