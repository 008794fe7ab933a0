"""One line on the terminal that changes while a command works."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class Show(Protocol):
    """Replaces the line."""

    def __call__(self, text: str) -> None: ...


@contextmanager
def live_line(*, wanted: bool = True, stream: TextIO | None = None) -> Iterator[Show | None]:
    """Something that shows the end of a text on one line of stderr, gone afterwards.

    None where nobody watches: stderr is no terminal, or it is not wanted.
    """
    terminal = sys.stderr if stream is None else stream
    if not wanted or not terminal.isatty():
        yield None
        return

    def show(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        # A control character in a transcript must not move the cursor.
        printable = "".join(letter if letter.isprintable() else " " for letter in text)
        terminal.write("\r\x1b[2K" + (printable if len(printable) <= width else "…" + printable[1 - width :]))
        terminal.flush()

    try:
        yield show
    finally:
        terminal.write("\r\x1b[2K")
        terminal.flush()
