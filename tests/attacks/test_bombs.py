"""Small files that would become huge, and files that lie about themselves: refused within bounds of time and memory."""

import gzip
import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks.conftest import MARKER
from tests.service.talk import Talk

ROOT = Path(__file__).resolve().parents[2]
_MEMORY_MB = 450
_SECONDS = 15


def png(width: int, height: int, rows: int) -> bytes:
    """A picture that announces width × height pixels and holds so many rows of zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"\0" * (width * 3 + 1)) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    """A small picture whose comment unpacks to 200 MB."""
    text = b"Comment\0\0" + zlib.compress(b"a" * 200_000_000, 9)
    small = png(8, 8, 8)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return small[:33] + chunk + small[33:]


def gif_of_many() -> bytes:
    """A GIF of two thousand pictures; only the first is looked at."""
    frame = b"\x21\xf9\x04\x00\x01\x00\x00\x00\x2c\0\0\0\0\x08\x00\x08\x00\x00\x02\x07\x84\x8f\xa9\xcb\xed\x0f\xa3\x00"
    return b"GIF89a\x08\x00\x08\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame * 2000 + b";"


def flac_of_silence(minutes: int) -> bytes:
    """Hours of silence, packed to almost nothing."""
    import numpy as np
    import soundfile

    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 16_000, 1, format="FLAC") as file:
        for _ in range(minutes):
            file.write(np.zeros(16_000 * 60, dtype=np.int16))
    return out.getvalue()


def wav(announced: int, rate: int = 16_000, channels: int = 1) -> bytes:
    """A WAV file that announces far more than it holds."""
    form = struct.pack("<HHIIHH", 1, channels, rate, min(2**32 - 1, rate * channels * 2), (channels * 2) % 65536, 16)
    head = b"RIFF" + struct.pack("<I", announced) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", announced) + b"\0\0" * 800


PICTURES: dict[str, Callable[[], bytes]] = {
    "a billion pixels announced": lambda: png(32_000, 32_000, 4),
    "a billion pixels, all there": lambda: png(32_000, 32_000, 2_000),
    "no pixels": lambda: png(0, 0, 0),
    "the largest size that can be written": lambda: png(2**31 - 1, 2**31 - 1, 0),
    "unpacking comment": png_with_text_bomb,
    "endless pictures": gif_of_many,
    "cut off": lambda: png(900, 900, 900)[:-200],
    "nested formats": lambda: b"GIF89a" + png(100, 100, 100) * 30,
}
SOUNDS: dict[str, Callable[[], bytes]] = {
    "ten hours of silence": lambda: flac_of_silence(600),
    "four gigabytes announced": lambda: wav(2**32 - 1),
    "a rate of billions": lambda: wav(1600, rate=2**32 - 1),
    "65,535 channels": lambda: wav(1600, channels=65_535),
    "no channel": lambda: wav(1600, channels=0),
    "half a header": lambda: wav(1600)[:20],
    "Matroska that nests": lambda: b"\x1a\x45\xdf\xa3" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 5000,
    "Ogg without end": lambda: b"OggS\0\x02" + b"\xff" * 60_000,
}
DECODERS = {
    "picture": "from emotion.face.decode import decode_frame as decode",
    "sound": "from speech.audio.decode import decode",
}
_PROGRAM = """
import json, resource, sys, time
{imports}
data = sys.stdin.buffer.read()
before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
try:
    decode(data)
    said = "taken"
except Exception as err:
    said = type(err).__name__
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(json.dumps([said, grown, time.monotonic() - started]))
"""


def decoded(kind: str, data: bytes) -> tuple[str, float, float]:
    """What the decoder says in a process of its own, by how many MB that grew, and how long it took."""
    import json

    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(imports=DECODERS[kind])],
        input=data,
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=True,
    )
    said, grown, seconds = json.loads(ended.stdout.splitlines()[-1])
    return said, grown, seconds


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_stays_within_its_bounds(name: str) -> None:
    data = PICTURES[name]()
    assert len(data) < 15_000_000
    said, grown, seconds = decoded("picture", data)
    assert said in ("taken", "FrameError") and grown < _MEMORY_MB and seconds < _SECONDS
    assert (said == "taken") == (name == "endless pictures")


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_stays_within_its_bounds(name: str) -> None:
    data = SOUNDS[name]()
    assert len(data) < 25_000_000
    said, grown, seconds = decoded("sound", data)
    assert grown < _MEMORY_MB and seconds < _SECONDS
    assert said in ("taken", "AudioError", "AudioFormatError", "AudioTooLong") or said.endswith("Error")
    assert not (name == "ten hours of silence" and said == "taken")


async def test_packed_bodies_are_not_unpacked(talk: Talk) -> None:
    """No encoding of bodies is understood: what unpacks to 50 MB is 50 kB of no JSON."""
    customer = await talk.start()
    packed = gzip.compress(b'{"id": "message-0001", "text": "' + MARKER.encode() + b"a" * 50_000_000 + b'"}')
    assert len(packed) < 64 * 1024
    answer = await customer.post("messages", content=packed, headers={"Content-Encoding": "gzip"})
    assert answer.status_code in (400, 415, 422) and await customer.history() == []


async def test_deeply_nested_and_endless_forms_are_refused(talk: Talk) -> None:
    customer = await talk.start()
    nested = b'{"id": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    assert (await customer.post("messages", content=nested)).status_code in (400, 422)
    boundary = {"Content-Type": "multipart/form-data; boundary=zebra"}
    part = b'--zebra\r\nContent-Disposition: form-data; name="' + MARKER.encode() + b'"\r\n\r\nx\r\n'
    for body in (part * 20_000, b"--zebra\r\n" + b"X-Long: a\r\n" * 50_000, b"--zebra" * 50_000, part + b"--zebra"):
        answer = await customer.post("audio?id=message-0001", content=body, headers=boundary)
        assert 400 <= answer.status_code < 500, answer.text
    assert await customer.history() == []
