"""Processes killed in the middle of a turn: every message is answered, once, in order.

`--kills N` on the command line raises the number.
"""

import asyncio
import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks import Stack

pytestmark = pytest.mark.processes

# Rasa takes longest to come back, so it is killed least often.
ROUND = ("actions", "web", "actions", "web", "rasa")
COMPLAINT = "I want to make a formal complaint, your customer service is terrible"
QUESTION = "what are your opening hours"


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("kills"))
    stack.set_up()
    stack.start()
    try:
        stack.wait_ready()
        yield stack
    finally:
        stack.stop()


def send_until_accepted(stack: Stack, conversation: str, message_id: str, text: str) -> None:
    """What the chat page does: the same id again until the service has it."""
    for _ in range(240):
        with contextlib.suppress(httpx.HTTPError), stack.operator() as client:
            answer = client.post(f"/api/conversations/{conversation}/messages", json={"id": message_id, "text": text})
            if answer.is_success:
                return
        time.sleep(0.25)
    raise AssertionError(f"message {message_id} was never accepted\n{stack.log_tails()}")


def wait_answered(stack: Stack, conversation: str, message_ids: list[str]) -> list[dict]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError), stack.operator() as client:
            history = client.get(f"/api/conversations/{conversation}/messages").json()["messages"]
            replied = {message["reply_to"] for message in history if message["author"] == "bot"}
            if set(message_ids) <= replied:
                return list(history)
        time.sleep(0.5)
    raise AssertionError(f"not all of {message_ids} were answered\n{stack.log_tails()}")


def new_conversation(stack: Stack) -> str:
    with stack.operator() as client:
        return str(client.post("/api/conversations").json()["conversation"])


async def complaints_of(stack: Stack, conversation: str) -> int:
    db = stack.database()
    try:
        async with db.reading() as tx:
            return len(await tx.orders.complaints_of(conversation))
    finally:
        await db.close()


def test_killed_mid_turn_every_message_is_answered_once_and_acted_on_once(own_stack: Stack, kills: int) -> None:
    stack = own_stack
    rng = random.Random(20240501)
    whole = new_conversation(stack)
    send_until_accepted(stack, whole, "complaint-0", COMPLAINT)
    answer = [message for message in wait_answered(stack, whole, ["complaint-0"]) if message["reply_to"]]
    for number in range(kills):
        victim = ROUND[number % len(ROUND)]
        conversation = new_conversation(stack)
        ids = [f"complaint-{number}", f"question-{number}"]
        sender = threading.Thread(target=send_until_accepted, args=(stack, conversation, ids[0], COMPLAINT))
        sender.start()
        time.sleep(rng.uniform(0.0, 0.2))
        stack.kill(victim)
        stack.start(victim)
        sender.join()
        send_until_accepted(stack, conversation, ids[1], QUESTION)
        history = wait_answered(stack, conversation, ids)
        said = [message["id"] for message in history if message["author"] == "customer"]
        assert said == ids, f"after killing {victim}"
        replies = [message["reply_to"] for message in history if message["reply_to"]]
        assert replies == [ids[0]] * len(answer) + [ids[1]], f"after killing {victim}"
        assert asyncio.run(complaints_of(stack, conversation)) == 1, f"after killing {victim}"


def test_locked_tracker_database_keeps_the_message_and_answers_once(own_stack: Stack) -> None:
    stack = own_stack
    conversation = new_conversation(stack)
    lock = sqlite3.connect(Path(stack.home / "tracker.db"), isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        send_until_accepted(stack, conversation, "locked-0001", QUESTION)
        time.sleep(6)
        with stack.operator() as client:
            during = client.get(f"/api/conversations/{conversation}/turns/locked-0001").json()
        assert not during["answered"]
    finally:
        lock.close()
    history = wait_answered(stack, conversation, ["locked-0001"])
    assert [message["reply_to"] for message in history if message["reply_to"]] == ["locked-0001"]
