"""Logs for machines: one JSON object a line, ids and durations, no content."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final

# Attributes that every record has; the rest came from `extra=`.
_STOCK: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


class JsonFormatter(logging.Formatter):
    """A record as one JSON line.

    An exception is given by its type and its places in the code. Its message is left out:
    the message of a foreign exception may quote what a customer wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in record.__dict__.items() if key not in _STOCK})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, default=str, ensure_ascii=False)


def configure_logging(level: str) -> None:
    """Send every logger of the process through JsonFormatter to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # httpx logs whole addresses, and Rasa takes its token in the address.
    for name in ("httpx", "httpcore", "websockets", "python_multipart", "multipart", "engineio", "socketio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "nicegui"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
