"""What kind of audio file this is, by its first bytes; and its samples, block by block."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import AudioError

FORMATS: Final = "wav, flac, ogg, mp3, webm, m4a"
_BLOCK_FRAMES = 65_536
# libsndfile's "unknown length" is the largest 64-bit number; no file of ours comes near this one.
_UNKNOWN_FRAMES = 1 << 48


@dataclass(frozen=True)
class Source:
    """An opened file. frames: as its header says, None if it does not. blocks: float32, (n, channels)."""

    rate_hz: int
    channels: int
    frames: int | None
    blocks: Iterator[NDArray[np.float32]]


def sniff(head: bytes) -> str | None:
    """The container by its first 16 bytes, whatever the file is called; None if it is no audio."""
    if head[:4] in (b"RIFF", b"RIFX", b"RF64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return "ogg"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if head[4:8] == b"ftyp":
        return "mov"
    if head[:3] == b"ID3":
        return "mp3"
    # Frame sync of 11 bits; layer bits 00 are AAC in ADTS, the others MPEG audio.
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None


@contextmanager
def opened(data: bytes | Path) -> Iterator[Source]:
    """Open a file for one reading. Raises: AudioError, also while its blocks are read."""
    head, size = _head(data)
    if size == 0:
        raise AudioError("the file has 0 bytes; expected audio. Record again.", code="empty")
    container = sniff(head)
    if container is None:
        raise AudioError(f"the file of {size} bytes is no known audio; expected {FORMATS}.", code="not_audio")
    # libsndfile loses the end of a FLAC stream that hides its length; FFmpeg does not.
    if container in ("wav", "ogg") or (container == "flac" and not _hides_length(data)):
        with _with_soundfile(data, container) as source:
            yield source
    else:
        with _with_av(data, container) as source:
            yield source


def _hides_length(data: bytes | Path) -> bool:
    """True if a FLAC stream was written without knowing its end: 36 bits of 0 from the 21st byte's middle."""
    if isinstance(data, bytes):
        head = data[:26]
    else:
        with data.open("rb") as file:
            head = file.read(26)
    return len(head) == 26 and int.from_bytes(head[21:26], "big") & ((1 << 36) - 1) == 0


def _head(data: bytes | Path) -> tuple[bytes, int]:
    if isinstance(data, bytes):
        return data[:16], len(data)
    try:
        with data.open("rb") as file:
            return file.read(16), data.stat().st_size
    except OSError as err:
        raise AudioError(
            f"{data} cannot be read ({err.strerror}); expected an audio file.", code="not_readable"
        ) from None


@contextmanager
def _with_soundfile(data: bytes | Path, container: str) -> Iterator[Source]:
    import soundfile

    try:
        file = soundfile.SoundFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except (soundfile.SoundFileError, RuntimeError, ValueError):
        raise _damaged(container) from None
    with file:
        frames = int(file.frames) if 0 <= file.frames < _UNKNOWN_FRAMES else None

        def blocks() -> Iterator[NDArray[np.float32]]:
            read = 0
            while True:
                try:
                    block = file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
                except (soundfile.SoundFileError, RuntimeError):
                    raise _cut_off(container) from None
                if not len(block):
                    break
                read += len(block)
                yield block
            if frames is not None and read < frames:
                raise _cut_off(container)

        yield Source(int(file.samplerate), int(file.channels), frames, blocks())


@contextmanager
def _with_av(data: bytes | Path, container: str) -> Iterator[Source]:
    import av

    try:
        # The format is given, so that a playlist in disguise cannot make FFmpeg open other addresses.
        file = av.open(io.BytesIO(data) if isinstance(data, bytes) else str(data), mode="r", format=container)
    except (av.FFmpegError, ValueError):
        raise _damaged(container) from None
    with file:
        if not file.streams.audio:
            raise AudioError(f"the {container} file has no sound; expected {FORMATS}.", code="not_audio")
        stream = file.streams.audio[0]
        rate_hz, channels = int(stream.rate or 0), int(stream.channels or 0)
        seconds = None if file.duration is None else file.duration / 1_000_000
        resampler = av.AudioResampler(format="fltp")

        def blocks() -> Iterator[NDArray[np.float32]]:
            read = 0
            try:
                for frame in file.decode(stream):
                    for part in resampler.resample(frame):
                        read += part.samples
                        yield np.ascontiguousarray(part.to_ndarray().T, dtype=np.float32)
            except (av.FFmpegError, ValueError):
                raise (_damaged(container) if read == 0 else _cut_off(container)) from None

        yield Source(rate_hz, channels, None if seconds is None else int(seconds * rate_hz), blocks())


def _damaged(container: str) -> AudioError:
    return AudioError(f"the {container} file cannot be decoded; expected {FORMATS}.", code="not_audio")


def _cut_off(container: str) -> AudioError:
    return AudioError(
        f"the {container} file ends before its sound does, or is damaged; expected a whole file. Send it again.",
        code="truncated",
    )
