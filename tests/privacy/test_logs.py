"""Logs carry no content, whoever writes them."""

import asyncio
import json
import logging

import pytest

from privacy import ContentFreeFormatter, new_id

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


def test_own_messages_keep_their_words_and_numbers_and_ids_become_marks() -> None:
    formatter, other = ContentFreeFormatter("one secret"), ContentFreeFormatter("another secret")
    conversation = new_id("c")

    def line(**extra: object) -> dict[str, object]:
        record = logging.makeLogRecord({"name": "service.drain", "msg": "drain failed", **extra})
        return dict(json.loads(formatter.format(record)))

    first = line(conversation_id=conversation, duration_ms=2, code=f"gone {conversation}")
    assert (first["message"], first["duration_ms"]) == ("drain failed", 2)
    assert conversation not in json.dumps(first)
    assert first["conversation_id"] == formatter.mark(conversation) != other.mark(conversation)
    assert line(sender="+49 170 1234567")["sender"] == formatter.mark("+49 170 1234567")
    assert line(frame_ids=[conversation])["frame_ids"] == [formatter.mark(conversation)]
