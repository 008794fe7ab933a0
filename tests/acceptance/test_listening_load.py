"""Many recordings, long recordings and killed workers, against the real web process: figures are printed.

`pytest tests/acceptance/test_listening_load.py -s` is small; `--load full` sends 50 files at once, ten minutes and an
hour of sound.
"""

import asyncio
import http.client
import io
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest
import soundfile

from benchmarks.stack import free_port
from speech import decode
from vocabulary import SAMPLE_RATE_HZ

pytestmark = pytest.mark.processes
MB = 1_000_000
SENTENCES = (
    "where is my order please",
    "the kettle that you sent me leaks at the bottom",
    "I would like to have my money back",
    "how long does it take until a new one comes",
    "can I talk to a person about this",
    "I waited at home on Monday and nobody came",
    "the toaster works well and I am happy with it",
    "what are your opening hours in December",
    "please change the address to seven Mill Lane",
    "does the guarantee cover a broken handle",
    "I paid twice for the same thing",
    "thank you very much for your help",
)


@dataclass
class Web:
    """The web process alone: recordings become messages without Rasa. peak_mb: with its workers, since reset()."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    peak_mb: float = 0.0
    _watching: threading.Event = field(default_factory=threading.Event)

    def workers(self) -> list[psutil.Process]:
        """The processes that hear. Python's resource tracker is a child as well."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def resident_mb(self) -> float:
        """Web process and workers now."""
        processes = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        total = 0
        for process in processes:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / MB

    def watch(self) -> None:
        while not self._watching.wait(0.02):
            self.peak_mb = max(self.peak_mb, self.resident_mb())

    def stop_watching(self) -> None:
        self._watching.set()

    def customer(self) -> tuple[str, dict[str, str]]:
        """A new conversation and what opens it."""
        body = httpx.post(f"{self.url}/api/conversations").json()
        return body["conversation"], {"Authorization": f"Bearer {body['token']}"}


@contextmanager
def serving(home: Path, **settings: object) -> Iterator[Web]:
    """A web process whose workers are awake."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATTUNE_")}
    environment |= {"ATTUNE_HOME": str(home), "ATTUNE_WEB_PORT": str(port)}
    environment |= {f"ATTUNE_{name.upper()}": str(value) for name, value in settings.items()}
    home.mkdir(exist_ok=True)
    log = home / "web.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "service"], env=environment, stdout=out, stderr=out)
    web = Web(f"http://127.0.0.1:{port}", process, log)
    thread = threading.Thread(target=web.watch, daemon=True)
    try:
        wait_for(lambda: listening(web).get("ready") == listening(web).get("workers", -1), log)
        thread.start()
        yield web
    finally:
        web.stop_watching()
        process.terminate()
        process.wait(30)


def listening(web: Web) -> dict[str, int]:
    try:
        body: dict[str, dict[str, int]] = httpx.get(f"{web.url}/health", timeout=5).json()
    except httpx.HTTPError:
        return {}
    return body["listening"]


def wait_for(holds: Callable[[], bool], log: Path, *, within_s: float = 90) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, log.read_text()[-2000:]
        time.sleep(0.1)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("load")) as running:
        yield running


@pytest.fixture(scope="module")
def talk(flite_clip: Callable[[str], Path]) -> list[np.ndarray]:
    """Sentences one after the other; one sentence for minutes would be taken for an engine's loop."""
    return [decode(flite_clip(sentence)).samples for sentence in SENTENCES]


def every(talk: list[np.ndarray], seconds: float, *, every_s: float) -> bytes:
    """An Ogg file in which one sentence after the other is said."""
    length = round(every_s * SAMPLE_RATE_HZ)
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", SAMPLE_RATE_HZ, 1, format="OGG", subtype="VORBIS") as file:
        for number in range(round(seconds / every_s)):
            voice = talk[number % len(talk)][:length]
            file.write(np.pad(voice, (0, length - voice.size)))
    return buffer.getvalue()


def post(web: Web, customer: tuple[str, dict[str, str]], sound: bytes, message_id: str) -> httpx.Response:
    conversation, headers = customer
    return httpx.post(
        f"{web.url}/api/conversations/{conversation}/audio",
        params={"id": message_id},
        headers=headers,
        content=sound,
        timeout=300,
    )


async def until_accepted(
    client: httpx.AsyncClient, customer: tuple[str, dict[str, str]], sound: bytes, message_id: str
) -> tuple[int, float]:
    """What the chat page does: send it again when it is told to. How often it was refused, and when it was accepted."""
    conversation, headers = customer
    for refused in range(100):
        answer = await client.post(
            f"/api/conversations/{conversation}/audio", params={"id": message_id}, headers=headers, content=sound
        )
        if answer.status_code == 202:
            assert answer.json()["transcript"]
            return refused, time.monotonic()
        assert answer.status_code == 503, answer.text
        assert answer.json()["error"]["retryable"]
        await asyncio.sleep(float(answer.headers["Retry-After"]))
    raise AssertionError("never accepted")


def test_one_customer_with_many_recordings_does_not_make_others_wait(
    web: Web, flite_clip: Callable[[str], Path], full_load: bool
) -> None:
    own, others = (30, 20) if full_load else (10, 3)
    sound = flite_clip("where is my order please").read_bytes()
    customers = [web.customer() for _ in range(others + 1)]
    web.peak_mb = 0.0

    async def send() -> tuple[list[tuple[int, float]], list[tuple[int, float]], float, float]:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=web.url, timeout=300, limits=limits) as client:
            began = time.monotonic()
            many = [
                asyncio.create_task(until_accepted(client, customers[0], sound, f"greedy-{number:04}"))
                for number in range(own)
            ]
            await asyncio.sleep(0.2)
            others_came = time.monotonic()
            single = [
                asyncio.create_task(until_accepted(client, customer, sound, f"single-{number:04}"))
                for number, customer in enumerate(customers[1:])
            ]
            return await asyncio.gather(*many), await asyncio.gather(*single), began, others_came

    many, single, began, others_came = asyncio.run(send())
    mine = sorted(at - began for _, at in many)
    theirs = sorted(at - began for _, at in single)
    print(
        f"\n{own + others} recordings at once: one customer's {own} accepted after {mine[len(mine) // 2]:.2f} s "
        f"(median) to {mine[-1]:.2f} s, {others} others' after {theirs[len(theirs) // 2]:.2f} s to {theirs[-1]:.2f} s; "
        f"refused for the moment {sum(refused for refused, _ in many)} and {sum(refused for refused, _ in single)} "
        f"times; peak {web.peak_mb:.0f} MB resident"
    )
    # While the others wait, the greedy customer may be heard once for each of them, and what is being heard ends.
    waited_from = others_came - began
    assert sum(waited_from <= at < theirs[-1] for at in mine) <= others + 2
    assert sum(refused for refused, _ in single) == 0
    history = httpx.get(f"{web.url}/api/conversations/{customers[0][0]}/messages", headers=customers[0][1]).json()
    assert sum(message["author"] == "customer" for message in history["messages"]) == own
    assert listening(web)["waiting"] == listening(web)["hearing"] == 0


def test_long_recording_needs_little_more_memory(web: Web, talk: list[np.ndarray], full_load: bool) -> None:
    seconds = 595 if full_load else 60
    sound = every(talk, seconds, every_s=15)
    web.peak_mb = 0.0
    before, began = web.resident_mb(), time.monotonic()
    answer = post(web, web.customer(), sound, "long-recording")
    took_s = time.monotonic() - began
    print(
        f"\n{seconds} s of sound ({len(sound) / MB:.1f} MB): {answer.status_code} after {took_s:.1f} s; "
        f"{before:.0f} MB resident before, peak {web.peak_mb:.0f} MB"
    )
    assert answer.status_code == 202
    # 600 s are 38 MB of samples: decoded, joined, sent through the pipe and received.
    assert web.peak_mb < before + 300


@pytest.mark.parametrize("says_its_length", [True, False])
def test_an_hour_is_refused_quickly_and_the_limit_is_named(web: Web, says_its_length: bool) -> None:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(3600 * 8_000, np.float32), 8_000, format="FLAC")
    data = bytearray(buffer.getvalue())
    if not says_its_length:
        # The last 36 bits of the 8 bytes at offset 18 are the number of samples; 0 means unknown.
        (fields,) = struct.unpack_from(">Q", data, 18)
        struct.pack_into(">Q", data, 18, fields & ~((1 << 36) - 1))
    customer = web.customer()
    web.peak_mb = 0.0
    before, began = web.resident_mb(), time.monotonic()
    answer = post(web, customer, bytes(data), "an-hour-long")
    took_s = time.monotonic() - began
    print(
        f"\nan hour of sound ({len(data) / MB:.2f} MB, length {'said' if says_its_length else 'hidden'}): "
        f"{answer.status_code} after {took_s:.1f} s; {before:.0f} MB resident before, peak {web.peak_mb:.0f} MB"
    )
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "too_long"
    assert "600 s" in answer.json()["error"]["message"]
    assert took_s < 20
    assert web.peak_mb < before + 150


def test_file_over_the_limit_is_refused_before_it_is_sent(web: Web) -> None:
    conversation, headers = web.customer()
    host, port = web.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.putrequest("POST", f"/api/conversations/{conversation}/audio?id=too-large-file")
    for name, value in {**headers, "Content-Length": str(3_000 * MB)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    # Not one byte of the body is sent.
    answer = connection.getresponse()
    assert answer.status == 413
    assert "25 MB" in json.load(answer)["error"]["message"]
    connection.close()


def test_killed_worker_loses_nothing(web: Web, talk: list[np.ndarray]) -> None:
    sound = every(talk, 30, every_s=5)
    customer = web.customer()
    answers: list[httpx.Response] = []
    sender = threading.Thread(target=lambda: answers.append(post(web, customer, sound, "worker-killed")))
    sender.start()
    wait_for(lambda: listening(web)["hearing"] == 1, web.log, within_s=20)
    for worker in web.workers():
        os.kill(worker.pid, signal.SIGKILL)
    sender.join()
    assert answers[0].status_code == 202, answers[0].text
    assert "order" in answers[0].json()["transcript"].lower()
    assert "listener died" in web.log.read_text()


def test_an_hour_is_heard_where_it_is_allowed(tmp_path: Path, talk: list[np.ndarray], full_load: bool) -> None:
    if not full_load:
        pytest.skip("an hour of sound is heard with --load full only")
    with serving(tmp_path / "hour", max_audio_seconds=4000, max_message_chars=40_000) as web:
        sound = every(talk, 3600, every_s=15)
        web.peak_mb = 0.0
        before, began = web.resident_mb(), time.monotonic()
        answer = post(web, web.customer(), sound, "an-hour-long")
        print(
            f"\nan hour of sound ({len(sound) / MB:.1f} MB), allowed: {answer.status_code} after "
            f"{time.monotonic() - began:.1f} s; {before:.0f} MB resident before, peak {web.peak_mb:.0f} MB"
        )
        assert answer.status_code == 202
