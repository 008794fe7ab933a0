"""Structured logs that cannot carry content.

A line holds the static message, ids and numbers passed as extras, and the type of an exception, never its
message or traceback: those may quote what a customer said. Of a library's message only the beginning is kept, up to
where values may start, because libraries build messages from values (asyncio quotes a lost task's exception).
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Libraries put request lines and client addresses into their arguments; ours pass extras instead.
_OWN_ROOTS: Final = ("actions", "service", "store", "speech", "emotion", "recommender", "privacy", "shop", "cli")
_MAX_EXTRA_CHARS: Final = 120
# What stands before a value in a sentence: "failed: …", "file 'x'", "<Task …", "n=5", a line break.
_VALUE_BEGINS: Final = re.compile(r"[^A-Za-z ,.-]")


class ContentFreeFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Render a record without arguments, exception text or stack."""
        own = record.name.partition(".")[0] in _OWN_ROOTS
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": str(record.msg) if own else _VALUE_BEGINS.split(str(record.msg), maxsplit=1)[0].strip(),
        }
        for name, value in vars(record).items():
            if own and name not in _STANDARD and isinstance(value, (str, int, float, bool, list, type(None))):
                line[name] = value[:_MAX_EXTRA_CHARS] if isinstance(value, str) else value
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


def configure_logging(level: str = "INFO") -> None:
    """Send every log of this process through the formatter, to standard error. Call once, at start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ContentFreeFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN_ROOTS:
        logging.getLogger(name).setLevel(level)
