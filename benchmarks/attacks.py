"""How others are served while one address attacks the public door, beside the same minutes without the attack.

The real web process, started alone: what is measured is the door and the database, not the assistant. Quiet and
attacked stretches take turns, so that what else happens on the machine falls on both. Everybody else comes from
another address than the attacker, as in life.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.attackers import ATTACKS, HOST, MARKER
from benchmarks.stack import free_port

_ROOT: Final = Path(__file__).resolve().parent.parent
_READY_WITHIN_S: Final = 90.0
_ATTACKER: Final = Path(__file__).with_name("attackers.py")
_PAUSE_S: Final = 0.01
# The attack has begun, and what an address may do at once is used up.
_UNDER_WAY_S: Final = 1.0
ALLOWED_RATIO: Final = 2.0


class AttackBenchError(Exception):
    """The web process did not start, or did not serve at all."""

    code = "attack_bench"


@dataclass
class _Times:
    """Milliseconds of requests that were served; how many were not."""

    quiet: list[float] = field(default_factory=list)
    attacked: list[float] = field(default_factory=list)
    failed: int = 0
    answers: dict[str, int] = field(default_factory=dict)


def bench_attacks(kinds: Sequence[str], seconds: float, rounds: int) -> dict[str, Any]:
    """For each attack: p95 of everybody else's requests, quiet and attacked, and their ratio.

    seconds: of one stretch. rounds: how often quiet and attacked take turns. Raises: AttackBenchError.
    """
    unknown = sorted(set(kinds) - set(ATTACKS))
    if unknown:
        raise AttackBenchError(f"{unknown[0]!r} is no attack; expected some of {', '.join(ATTACKS)}.")
    with tempfile.TemporaryDirectory(prefix="attune-attacks-") as folder, _web(Path(folder)) as (port, log):
        results = {kind: _summary(asyncio.run(_measure(kind, port, seconds, rounds))) for kind in kinds}
        leaked = MARKER in log.read_text(encoding="utf-8", errors="replace")
    return {
        "attacks": results,
        "worst_ratio": max(result["ratio"] for result in results.values()),
        "failed": sum(result["failed"] for result in results.values()),
        "content_in_log": leaked,
    }


async def _measure(kind: str, port: int, seconds: float, rounds: int) -> _Times:
    times = _Times()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", trust_env=False) as client:
        created = (await client.post("/api/conversations")).raise_for_status().json()
    path, token = f"/api/conversations/{created['conversation']}", created["token"]
    await _serve(port, path, token, 1.0, [], times)
    for _ in range(rounds):
        await _serve(port, path, token, seconds, times.quiet, times)
        # By its path: the package around it would load for seconds, in the stretch that is measured.
        attacker = await asyncio.create_subprocess_exec(
            *(sys.executable, str(_ATTACKER), kind, str(port), str(seconds + _UNDER_WAY_S)), stdout=subprocess.PIPE
        )
        assert attacker.stdout is not None
        await attacker.stdout.readline()
        await asyncio.sleep(_UNDER_WAY_S)
        await _serve(port, path, token, seconds, times.attacked, times)
        output, _ = await attacker.communicate()
        for answer, count in json.loads(output)["answers"].items():
            times.answers[answer] = times.answers.get(answer, 0) + count
    return times


async def _serve(port: int, path: str, token: str, seconds: float, into: list[float], times: _Times) -> None:
    """Ask for a page and for a conversation in turn, a hundred times a second at most."""
    asked = [
        f"GET {where} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\n\r\n" for where in ("/chat", path)
    ]
    until = time.monotonic() + seconds
    connection = None
    while time.monotonic() < until:
        for request in asked:
            started = time.perf_counter()
            try:
                async with asyncio.timeout(10):
                    connection = connection or await asyncio.open_connection(HOST, port)
                    reader, writer = connection
                    writer.write(request.encode())
                    head = (await reader.readuntil(b"\r\n\r\n")).lower()
                    await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                times.failed += 1
                connection = None
                continue
            times.failed += not head.startswith(b"http/1.1 200")
            into.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(_PAUSE_S)
    if connection is not None:
        connection[1].close()


def _summary(times: _Times) -> dict[str, Any]:
    if len(times.quiet) < 20 or len(times.attacked) < 20:
        raise AttackBenchError("fewer than 20 requests were served in one of the stretches; expected more. Try longer.")
    quiet, attacked = (_p95(values) for values in (times.quiet, times.attacked))
    return {
        "quiet_p95_ms": round(quiet, 2),
        "attacked_p95_ms": round(attacked, 2),
        "ratio": round(attacked / quiet, 2),
        "failed": times.failed,
        "answers_to_attacker": times.answers,
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


@contextmanager
def _web(home: Path) -> Iterator[tuple[int, Path]]:
    """The web process on a free port, and its log."""
    port, log = free_port(), home / "web.log"
    environment = {
        **os.environ,
        "ATTUNE_HOME": str(home / "data"),
        "ATTUNE_WEB_PORT": str(port),
        # Nothing answers there: this is about the door.
        "ATTUNE_RASA_URL": f"http://{HOST}:{free_port()}",
        "ATTUNE_ACTIONS_URL": f"http://{HOST}:{free_port()}",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "service"], cwd=_ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait(port, process)
        yield port, log
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            listening = httpx.get(f"http://{HOST}:{port}/health", timeout=2, trust_env=False).json()["listening"]
            # Loading a speech model takes the processor: not a quiet stretch.
            if listening["ready"] == listening["workers"]:
                return
        except (httpx.HTTPError, KeyError, ValueError):
            pass
        time.sleep(0.2)
    raise AttackBenchError(f"the web process was not ready within {_READY_WITHIN_S:.0f} s. Run: attune doctor")
