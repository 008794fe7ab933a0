"""What encryption, redaction and audit cost a text turn: the same turn with and without them, by turns, in one run."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.stack import Customer, Stack
from benchmarks.turn import TURNS, BenchError

_COMMANDS: Final[Mapping[str, str]] = {
    "rasa": ".venvs/rasa/bin/python benchmarks/unprotected_assistant.py",
    "actions": ".venvs/ml/bin/python -m benchmarks.unprotected actions",
    "web": ".venvs/ml/bin/python -m benchmarks.unprotected service",
}


def bench_protection(conversations: int = 30) -> dict[str, Any]:
    """Run the bench: two whole installations, every turn in one and then the other, the order changing each time.

    conversations: 8-turn conversations of each, with consent to text. Result: milliseconds as a customer waits, by
    HTTP with the operator's token, whose every request is an entry of the audit; overhead_ratio is the difference of
    the medians beside the one without. Raises: BenchError.
    """
    with tempfile.TemporaryDirectory() as folder:
        protected = Stack(Path(folder) / "with")
        protected.set_up()
        bare = Stack(Path(folder) / "without", model=protected.model, commands=dict(_COMMANDS))
        bare.set_up()
        stacks = {"with": protected, "without": bare}
        try:
            for stack in stacks.values():
                stack.start()
            for stack in stacks.values():
                stack.wait_ready()
            times = _measure(stacks, conversations)
        finally:
            for stack in stacks.values():
                stack.stop()
        _check(protected, bare)
        entries = {name: _audit_entries(stack) for name, stack in stacks.items()}
    with_p50, without_p50 = (statistics.median(times[name]) for name in ("with", "without"))
    return {
        "conversations": conversations,
        "turns_each": len(times["with"]),
        "with_p50_ms": round(with_p50, 2),
        "without_p50_ms": round(without_p50, 2),
        "added_p50_ms": round(with_p50 - without_p50, 2),
        "overhead_ratio": round(with_p50 / without_p50 - 1, 4),
        "audit_entries": entries,
    }


def _measure(stacks: Mapping[str, Stack], conversations: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in stacks}
    clients = {name: stack.operator() for name, stack in stacks.items()}
    try:
        for number in range(conversations + 1):
            customers = {name: Customer(client, "text") for name, client in clients.items()}
            for place, text in enumerate(TURNS):
                order = list(stacks) if (number + place) % 2 == 0 else list(stacks)[::-1]
                for name in order:
                    took = _turn(customers[name], text)
                    # The first conversation warms both up.
                    if number > 0:
                        times[name].append(took)
    finally:
        for client in clients.values():
            client.close()
    return times


def _turn(customer: Customer, text: str) -> float:
    begun = time.perf_counter()
    try:
        turn = customer.say(text)
    except httpx.HTTPError as err:
        raise BenchError(f"a turn failed ({type(err).__name__}); expected an answer. Look at the processes.") from None
    took = (time.perf_counter() - begun) * 1000
    if not turn["answered"] or not turn["replies"]:
        raise BenchError("a turn got no answer; expected one within the time that was waited.")
    return took


def _audit_entries(stack: Stack) -> int:
    with sqlite3.connect(stack.home / "attune.db") as db:
        count = int(db.execute("SELECT count(*) FROM audit").fetchone()[0])
    db.close()
    return count


def _check(protected: Stack, bare: Stack) -> None:
    """The peer must really have been without, and the other with protection."""
    for stack, expected in ((protected, True), (bare, False)):
        for path, query in (
            (stack.home / "attune.db", "SELECT sealed FROM messages"),
            (stack.home / "attune.db", "SELECT sealed FROM assessments"),
            (stack.home / "tracker.db", "SELECT data FROM events"),
        ):
            with sqlite3.connect(path) as db:
                values = [str(value) for (value,) in db.execute(query)]
            db.close()
            sealed = {value.startswith("attune2:") for value in values}
            if sealed != {expected}:
                raise BenchError(f"{query} holds other values than expected {'with' if expected else 'without'} keys.")
