"""The process itself: `python -m service.voice`, with its recogniser asleep."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from benchmarks import free_port
from privacy import Secrets
from service.calls import wire
from service.settings import Settings
from service.voice.__main__ import main

ROOT = Path(__file__).resolve().parents[3]


def start(home: Path, port: int) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "ATTUNE_HOME": str(home), "ATTUNE_VOICE_PORT": str(port), "ATTUNE_VOICE_WARM": "false"}
    return subprocess.Popen(
        [sys.executable, "-m", "service.voice"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["subprocess.Popen[bytes]", int, Path]]:
    home, port = tmp_path_factory.mktemp("voice"), free_port()
    running = start(home, port)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=1)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield running, port, home
    if running.poll() is None:
        running.kill()
    running.wait()


def test_it_says_how_it_is_and_shows_figures_to_the_web_process_alone(
    process: tuple["subprocess.Popen[bytes]", int, Path],
) -> None:
    _, port, home = process
    health = httpx.get(f"http://127.0.0.1:{port}/health").json()
    assert (health["status"], health["calls"], health["places"]) == ("ok", 0, 12)
    assert {"capability", "engine", "in_use"} == set(health["engines"][0])
    assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == 401
    token = Secrets.load_or_create(Settings(home=home).secrets_file).voice_token
    figures = httpx.get(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {token}"})
    assert "attune_voice_places 12.0" in figures.text
    for unknown in ("/", "/docs", "/openapi.json", "/calls/x"):
        assert httpx.get(f"http://127.0.0.1:{port}{unknown}").status_code == 404


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """A process's own settings of logs and files are put back."""
    handlers, umask = list(logging.getLogger().handlers), os.umask(0o022)
    yield
    os.umask(umask)
    logging.getLogger().handlers[:] = handlers


@pytest.mark.usefixtures("as_it_was")
def test_a_taken_port_and_a_wrong_setting_are_named_and_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("ATTUNE_VOICE_PORT", str(taken.getsockname()[1]))
        assert main() == 2
    assert "ATTUNE_VOICE_PORT" in capsys.readouterr().err
    for wrong in ("nan", "-1", "a while", ""):
        monkeypatch.setenv("ATTUNE_TURN_SILENCE_S", wrong)
        assert main() == 2
        assert "ATTUNE_TURN_SILENCE_S" in capsys.readouterr().err


async def test_killed_in_a_call_it_leaves_a_closed_socket(process: tuple["subprocess.Popen[bytes]", int, Path]) -> None:
    running, port, home = process
    token = Secrets.load_or_create(Settings(home=home).secrets_file).voice_token
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(f"ws://127.0.0.1:{port}/calls/one", additional_headers=headers, compression=None) as control:
        await control.send(wire.pack(wire.Start(transport="websocket")))
        answer, _ = wire.unpack(await control.recv())  # type: ignore[arg-type]
        assert answer == wire.Answer()
        calls = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/health")
        assert calls.json()["calls"] == 1
        running.send_signal(signal.SIGKILL)
        async with asyncio.timeout(5):
            await control.wait_closed()
