"""What the emotion assessment costs a turn, beside the same assistant without it, in one run."""

import asyncio
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.stack import Stack, free_port
from benchmarks.without_assessment import strip_assessment
from cli.processes import Ports
from store import Database
from vocabulary import Purpose, Signal

TURNS: Final = (
    "hello there",
    "what are your opening hours",
    "do you have wireless headphones",
    "I need a kettle under 60 euros",
    "how long is the warranty on it",
    "can I pay in instalments",
    "what can you help me with",
    "thanks a lot",
)
LONG_CONVERSATION: Final = 205
NOTICE: Final = "bench"


@dataclass(frozen=True)
class _Assistant:
    """One Rasa process under measurement."""

    name: str
    url: str
    token: str

    @property
    def assesses(self) -> bool:
        return self.name == "with"


class BenchError(Exception):
    """The bench did not measure what it says."""

    code = "bench_invalid"


def bench_turn(conversations: int = 12, long_conversation: int = LONG_CONVERSATION) -> dict[str, Any]:
    """Run the bench.

    conversations: 8-turn conversations per assistant, alternating between the two.
    Result: milliseconds; `added_p50_ms` is the difference of the medians.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        stack = Stack(home / "with")
        stack.set_up()
        assert stack.model is not None
        peer = Stack(home / "with", model=strip_assessment(stack.model, home / "without.tar.gz"))
        peer.ports = Ports(rasa=free_port(), actions=stack.ports.actions, web=stack.ports.web, voice=stack.ports.voice)
        peer.logs = home / "peer-logs"
        peer.logs.mkdir()
        peer.extra_environment = {"ATTUNE_TRACKER_DB": str(home / "peer-tracker.db")}
        try:
            stack.start("rasa", "actions")
            peer.start("rasa")
            return asyncio.run(_measure(stack, peer, conversations, long_conversation))
        finally:
            peer.stop()
            stack.stop()


async def _measure(stack: Stack, peer: Stack, conversations: int, long_conversation: int) -> dict[str, Any]:
    token = stack.secrets.rasa_token
    assessed = _Assistant("with", stack.settings.rasa_url, token)
    plain = _Assistant("without", f"http://127.0.0.1:{peer.ports.rasa}", token)
    db = stack.database()
    times: dict[str, list[float]] = {assessed.name: [], plain.name: []}
    try:
        async with httpx.AsyncClient(timeout=60) as client:
            await _wait(client, stack, assessed, plain)
            for assistant in (assessed, plain):
                await _converse(client, db, assistant, TURNS)  # warm-up, not counted
            for number in range(conversations):
                order = (assessed, plain) if number % 2 == 0 else (plain, assessed)
                for assistant in order:
                    times[assistant.name] += await _converse(client, db, assistant, TURNS)
            turns = tuple(TURNS[number % len(TURNS)] for number in range(long_conversation))
            growth = await _converse(client, db, assessed, turns)
    finally:
        await db.close()
    memory = await asyncio.to_thread(_memory_mb, stack)
    with_p50, without_p50 = (statistics.median(times[name]) for name in ("with", "without"))
    # Eight consecutive turns hold each sentence once, so both windows ask the same things.
    early, late = _around(growth, 10), _around(growth, len(growth) - len(TURNS))
    return {
        "conversations": conversations,
        "turns_each": len(times["with"]),
        "with_p50_ms": round(with_p50, 1),
        "without_p50_ms": round(without_p50, 1),
        "added_p50_ms": round(with_p50 - without_p50, 1),
        "turn_10_ms": round(early, 1),
        f"turn_{len(growth) - len(TURNS) // 2}_ms": round(late, 1),
        "growth": round(late / early, 2),
        "resident_mb": {name: round(value) for name, value in memory.items()},
        "cores": os.cpu_count(),
    }


def _around(times: list[float], first: int) -> float:
    return statistics.median(times[first : first + len(TURNS)])


async def _converse(
    client: httpx.AsyncClient, db: Database, assistant: _Assistant, turns: tuple[str, ...]
) -> list[float]:
    async with db.transaction() as tx:
        conversation = await tx.conversations.create(channel="bench")
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, True, NOTICE)
    times = []
    for text in turns:
        message_id = str(uuid.uuid4())
        async with db.transaction() as tx:
            await tx.inbox.receive(conversation.id, message_id, text)
        started = time.perf_counter()
        answer = await client.post(
            f"{assistant.url}/webhooks/attune/webhook",
            headers={"Authorization": f"Bearer {assistant.token}"},
            json={"sender": conversation.id, "message_id": message_id, "text": text, "metadata": {}},
        )
        times.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
        async with db.transaction() as tx:
            await tx.inbox.answer(conversation.id, message_id, [])
    async with db.reading() as tx:
        assessed = len(await tx.assessments.timeline(conversation.id))
    if assessed != (len(turns) if assistant.assesses else 0):
        raise BenchError(f"{assessed} of {len(turns)} turns {assistant.name} assessment were assessed.")
    return times


async def _wait(client: httpx.AsyncClient, stack: Stack, *assistants: _Assistant) -> None:
    addresses: list[tuple[str, Callable[[httpx.Response], bool]]] = [
        (f"{assistant.url}/status?token={assistant.token}", _model_loaded) for assistant in assistants
    ]
    addresses.append((f"{stack.settings.actions_url}/health", lambda response: response.is_success))
    deadline = time.monotonic() + 180
    for address, ready in addresses:
        while True:
            try:
                if ready(await client.get(address)):
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(f"{address.partition('?')[0]} did not become ready\n{stack.log_tails()}")
            await asyncio.sleep(0.5)


def _model_loaded(response: httpx.Response) -> bool:
    return response.is_success and bool(response.json().get("model_file"))


def _memory_mb(stack: Stack) -> dict[str, float]:
    stack.start("web")
    stack.wait_ready()
    memory = {name: stack.resident_mb(name) for name in ("web", "actions", "rasa")}
    return {**memory, "web_and_actions": memory["web"] + memory["actions"]}
