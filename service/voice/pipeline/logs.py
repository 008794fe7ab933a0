"""Pipecat writes through loguru, with transcripts and messages in its lines: what of it reaches our log."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loguru import Message

log = logging.getLogger(__name__)


def quieten() -> None:
    """From warnings on, where in Pipecat it happened; never its words, which may quote what was said."""
    from loguru import logger

    logger.remove()
    # Not caught by loguru, which would print the record with its words.
    logger.add(_passed_on, level="WARNING", format="", catch=False)


def _passed_on(message: "Message") -> None:
    record = message.record
    log.log(record["level"].no, "pipeline reports", extra={"where": f"{record['name']}:{record['line']}"})
