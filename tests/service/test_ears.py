"""Ears with worker processes that are fast and obedient, and once with the real ones."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import numpy as np
import pytest

from service import ears as ears_module
from service.ears import Ears
from service.errors import Refused, Unavailable
from service.hearing import Awake, Heard, NotHeard
from service.listener import ListenerDied
from speech import SpeechSetup, Word
from tests.flite import Speak
from tests.service.talk import Talk, until
from vocabulary import Clip


class FakeListener:
    """Hears what it is sent, in the order in which it is let; b"die" kills it, b"die once" the first time."""

    def __init__(self, log: list[str], gate: threading.Semaphore | None) -> None:
        self._log = log
        self._gate = gate
        self.awake: Awake | None = Awake("fake", 0)
        self.starts = 0
        self.killed = threading.Event()

    def start(self) -> None:
        self.starts += 1
        self.awake = Awake("fake", 0)

    def hear(self, sound: bytes) -> Heard | NotHeard:
        words = sound.decode()
        self._log.append(words)
        if words == "die" or (words == "die once" and self._log.count(words) == 1):
            self.awake = None
            raise ListenerDied
        if self._gate is not None:
            while not self._gate.acquire(timeout=0.01):
                if self.killed.is_set():
                    self.killed.clear()
                    self.awake = None
                    raise ListenerDied
        return Heard(Clip(np.zeros(16_000, np.float32)), words, (Word(words),), "fake", 1)

    def kill(self) -> None:
        self.killed.set()

    def close(self) -> None:
        self.kill()


class Room:
    """Ears over fake listeners. held: they wait for let() before they answer."""

    def __init__(self, *, workers: int = 1, queue: int = 9, held: bool = False, max_bytes: int = 1000) -> None:
        self.log: list[str] = []
        self._gate = threading.Semaphore(0) if held else None
        self.ears = Ears(workers=workers, queue=queue, max_seconds=9, setup=SpeechSetup(), max_bytes=max_bytes)
        self.listeners = [FakeListener(self.log, self._gate) for _ in range(workers)]
        self.ears._listeners = list(self.listeners)  # type: ignore[arg-type]
        self.ears._idle = list(self.listeners)  # type: ignore[arg-type]

    def let(self, count: int = 1) -> None:
        assert self._gate is not None
        self._gate.release(count)

    def say(self, words: str, whose: str) -> asyncio.Task[Heard]:
        return asyncio.create_task(self.ears.hear(words.encode(), whose=whose))


@pytest.fixture
async def rooms() -> AsyncIterator[Callable[..., Room]]:
    opened: list[Room] = []

    def make(**options: int) -> Room:
        opened.append(Room(**options))
        return opened[-1]

    yield make
    for room in opened:
        room.ears.close()


Rooms = Callable[..., Room]


async def test_ten_recordings_of_one_customer_do_not_make_others_wait(rooms: Rooms) -> None:
    room = rooms(held=True, queue=20)
    many = [room.say(f"a{number}", "a") for number in range(10)]
    await until(lambda: room.log == ["a0"])
    others = [room.say("b0", "b"), room.say("c0", "c")]
    await until(lambda: room.ears.listening.waiting == 11)
    room.let(12)
    await asyncio.gather(*many, *others)
    assert room.log == ["a0", "a1", "b0", "c0", *(f"a{number}" for number in range(2, 10))]


async def test_one_customer_is_heard_one_recording_at_a_time(rooms: Rooms) -> None:
    room = rooms(workers=2, held=True)
    tasks = [room.say("a0", "a"), room.say("a1", "a"), room.say("b0", "b")]
    await until(lambda: len(room.log) == 2)
    assert room.log == ["a0", "b0"]
    room.let(3)
    await asyncio.gather(*tasks)


async def test_full_line_refuses_before_anything_is_read(rooms: Rooms) -> None:
    room = rooms(queue=0, held=True)
    first = room.say("a", "a")
    await until(lambda: room.log == ["a"])
    second = room.say("b", "b")
    await until(lambda: room.ears.listening.waiting == 1)
    read = False

    async def never() -> bytes:
        nonlocal read
        read = True
        return b""

    with pytest.raises(Unavailable) as caught:
        await room.ears.listen(never, whose="c", size_bytes=1)
    assert not read
    assert caught.value.code == "busy" and caught.value.headers is not None
    assert int(caught.value.headers["Retry-After"]) >= 1
    room.let(2)
    await asyncio.gather(first, second)


async def test_greedy_customer_gives_places_up(rooms: Rooms) -> None:
    room = rooms(queue=3, held=True)
    many = [room.say(f"a{number}", "a") for number in range(5)]
    await until(lambda: room.ears.listening.waiting == 4)
    other = room.say("b", "b")
    with pytest.raises(Unavailable):
        await many[-1]
    room.let(5)
    assert (await other).text == "b"
    assert [(await task).text for task in many[:-1]] == ["a0", "a1", "a2", "a3"]


async def test_upload_that_gives_its_place_up_is_ended(rooms: Rooms) -> None:
    room = rooms(queue=1)

    async def forever() -> bytes:
        await asyncio.sleep(60)
        return b""

    uploads = [asyncio.create_task(room.ears.listen(forever, whose="a", size_bytes=1)) for _ in range(2)]
    await until(lambda: room.ears.listening.waiting == 2)
    assert (await room.ears.hear(b"b", whose="b")).text == "b"
    with pytest.raises(Unavailable):
        await uploads[1]
    uploads[0].cancel()
    await asyncio.wait(uploads)
    assert room.ears.listening.waiting == 0


async def test_slow_upload_is_refused_in_the_end(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears_module, "_UPLOAD_WITHIN_S", 0.05)

    async def forever() -> bytes:
        await asyncio.sleep(60)
        return b""

    room = rooms()
    with pytest.raises(Refused) as caught:
        await room.ears.listen(forever, whose="a", size_bytes=1)
    assert (caught.value.code, caught.value.status_code) == ("too_slow", 408)
    assert room.ears.listening.waiting == 0


async def test_cancelled_requests_free_their_places(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears_module, "_ABANDONED_S", 0.05)
    room = rooms(held=True)
    running, waiting = room.say("a", "a"), room.say("b", "b")
    await until(lambda: room.ears.listening.waiting == 1 and room.log == ["a"])
    waiting.cancel()
    running.cancel()
    await asyncio.wait([waiting, running])
    assert room.ears.listening.waiting == 0
    # The worker that heard for nobody is ended, and another one takes its place.
    await until(lambda: room.ears.listening.hearing == 0)
    assert room.listeners[0].starts == 1
    room.let()
    assert (await room.say("c", "c")).text == "c"
    assert room.log == ["a", "c"]


async def test_worker_that_dies_hears_the_recording_again(rooms: Rooms) -> None:
    room = rooms()
    assert (await room.say("die once", "a")).text == "die once"
    assert room.log == ["die once", "die once"]


async def test_recording_that_kills_every_worker_is_refused_clearly(rooms: Rooms) -> None:
    room = rooms()
    with pytest.raises(Unavailable, match="could not be heard"):
        await room.say("die", "a")
    assert room.log == ["die", "die"]
    assert (await room.say("b", "b")).text == "b"


async def test_what_the_reader_raises_frees_the_place(rooms: Rooms) -> None:
    async def broken() -> bytes:
        raise Refused("file_missing", "no file")

    room = rooms()
    with pytest.raises(Refused, match="no file"):
        await room.ears.listen(broken, whose="a", size_bytes=None)
    assert room.ears.listening.waiting == 0


async def test_real_worker_is_killed_half_way_and_nothing_is_lost(speak: Speak) -> None:
    sound = speak("where is my order four one seven two zero three").read_bytes()
    ears = Ears(workers=1, queue=4, max_seconds=60, setup=SpeechSetup())
    ears.warm()
    assert ears.listening.ready == 0, "nobody waits for the model"
    try:
        await until(lambda: ears.listening.ready == 1, within_s=60)
        first = asyncio.create_task(ears.hear(sound, whose="a"))
        second = asyncio.create_task(ears.hear(sound, whose="b"))
        await until(lambda: ears.listening.hearing == 1)
        pid = ears._listeners[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        heard = await asyncio.wait_for(asyncio.gather(first, second), 120)
        assert heard[0].text == heard[1].text != ""
        assert heard[0].words and heard[0].duration_ms > 0
        assert ears._listeners[0].pid != pid
        with pytest.raises(Refused) as caught:
            await ears.hear(b"this is no sound", whose="a")
        assert caught.value.code == "not_audio"
    finally:
        ears.close()


async def test_caller_who_hangs_up_is_not_waited_for(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = await talk.start()
    started = asyncio.Event()
    ended = asyncio.Event()

    async def slow(read: Callable[[], Awaitable[bytes]], **_: object) -> Heard:
        await read()
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        raise AssertionError

    monkeypatch.setattr(talk.ears, "listen", slow)
    sent = {"body": False}

    async def receive() -> dict[str, object]:
        if not sent["body"]:
            sent["body"] = True
            return {"type": "http.request", "body": b"say:hello", "more_body": False}
        await started.wait()
        return {"type": "http.disconnect"}

    async def send(_: object) -> None:
        """Nobody reads."""

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/api/conversations/{customer.id}/audio",
        "raw_path": b"",
        "query_string": f"id={uuid4()}".encode(),
        "headers": [(b"authorization", f"Bearer {customer.token}".encode()), (b"content-length", b"9")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await asyncio.wait_for(talk.app(scope, receive, send), 10)
    assert ended.is_set()
