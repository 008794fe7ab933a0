"""Logs carry no content, whoever writes them."""

import asyncio
import json
import logging

import pytest

from privacy import ContentFreeFormatter

MARKER = "zebra-marker-7319"


def written(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(ContentFreeFormatter().format(record) for record in caplog.records)


async def test_exception_of_a_lost_task_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError(MARKER)

    task = asyncio.ensure_future(fail())
    await asyncio.wait({task})
    del task
    lines = written(caplog)
    assert "Task exception was never retrieved" in lines
    assert MARKER not in lines


def test_of_a_library_s_message_only_the_words_before_a_value_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    for message in (f"Bad request: {MARKER}", f"No action for name '{MARKER}'.", f"Failed {{'text': {MARKER!r}}}"):
        logging.getLogger("some.package").error(message, extra={"body": MARKER})
    messages = [json.loads(line)["message"] for line in written(caplog).splitlines()]
    assert messages == ["Bad request", "No action for name", "Failed"]
    assert MARKER not in written(caplog)


def test_own_messages_keep_their_words_and_ids(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("service.drain").error("drain failed", extra={"conversation_id": "c_1", "duration_ms": 2})
    line = json.loads(written(caplog))
    assert (line["message"], line["conversation_id"], line["duration_ms"]) == ("drain failed", "c_1", 2)
