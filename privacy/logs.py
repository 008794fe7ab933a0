"""Structured logs that cannot carry content.

A line holds the static message, ids and numbers passed as extras, and the type of an exception, never its
message or traceback: those may quote what a customer said. Of a library's message only the beginning is kept, up to
where values may start, because libraries build messages from values (asyncio quotes a lost task's exception).

Ids of people and their things become marks: equal for equal ids, so that lines of one conversation can be told from
others', and not to be turned back. A log outlives an erasure without naming who was erased.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final

from privacy.pseudonyms import PSEUDONYM

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Libraries put request lines and client addresses into their arguments; ours pass extras instead.
_OWN_ROOTS: Final = ("actions", "service", "store", "speech", "emotion", "recommender", "privacy", "shop", "cli")
_MAX_EXTRA_CHARS: Final = 120
# What stands before a value in a sentence: "failed: …", "file 'x'", "<Task …", "n=5", a line break.
_VALUE_BEGINS: Final = re.compile(r"[^A-Za-z ,.-]")
_ID_NAMES: Final = ("_id", "_ids", "sender")
_MARK_CHARS: Final = 12


class ContentFreeFormatter(logging.Formatter):
    """One JSON object a line. secret: what marks are made with; the same in every process whose lines belong together.
    Without one, marks hold for this process only."""

    def __init__(self, secret: str = "") -> None:
        super().__init__()
        self._key = secret.encode() or os.urandom(32)

    def mark(self, value: str) -> str:
        """What a log shows of an id."""
        return (
            "~" + hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_MARK_CHARS]
        )

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
                line[name] = self._shown(name, value)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._shown(name, one) for one in value]
        if not isinstance(value, str):
            return value
        if name.endswith(_ID_NAMES):
            return self.mark(value)
        return PSEUDONYM.sub(lambda found: self.mark(found[0]), value)[:_MAX_EXTRA_CHARS]


def configure_logging(level: str = "INFO", secret: str = "") -> None:
    """Send every log of this process through the formatter, to standard error. Call at start, and again once the
    installation's secret is known."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ContentFreeFormatter(secret))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN_ROOTS:
        logging.getLogger(name).setLevel(level)
