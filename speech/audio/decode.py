"""Audio files of any common kind become clips: 16 kHz, mono, float32."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech.audio.containers import FORMATS, Source, opened
from speech.errors import AudioError
from vocabulary import SAMPLE_RATE_HZ, Clip

_RATES_HZ = (4_000, 384_000)
_MOST_CHANNELS = 32
# Two channels that cancel each other leave less than this share of one channel's power.
_CANCELLED = 0.01


def decode(data: bytes | Path, *, max_seconds: float = 600.0) -> Clip:
    """Decode a file by its content, not its name.

    Never holds more than max_seconds of sound, however much the file unpacks to.
    Louder than full scale (float files) is scaled down; channels are averaged, unless they cancel out.
    Raises: AudioError (empty, not_audio, not_readable, truncated, too_long, not_finite, unsupported).
    """
    with opened(data) as source:
        _check(source, max_seconds)
        samples = _resampled(source, max_seconds)
    if samples.size == 0:
        raise AudioError("the file holds no sound; expected at least one sample. Record again.", code="empty")
    return Clip(samples)


def _check(source: Source, max_seconds: float) -> None:
    low, high = _RATES_HZ
    if not low <= source.rate_hz <= high:
        raise AudioError(
            f"sample rate {source.rate_hz} Hz; expected {low} to {high}. Convert the file.", code="unsupported"
        )
    if not 1 <= source.channels <= _MOST_CHANNELS:
        raise AudioError(
            f"{source.channels} channels; expected 1 to {_MOST_CHANNELS}. Convert the file.", code="unsupported"
        )
    if source.frames is not None and source.frames > max_seconds * source.rate_hz:
        raise _too_long(source.frames / source.rate_hz, max_seconds)


def _resampled(source: Source, max_seconds: float) -> NDArray[np.float32]:
    """All blocks as one channel at 16 kHz, (n_samples,)."""
    import soxr

    # Besides the mean, the first channel is kept until it is clear that the mean is not a cancellation.
    tracks = 1 if source.channels == 1 else 2
    stream = soxr.ResampleStream(source.rate_hz, SAMPLE_RATE_HZ, tracks, dtype="float32")
    parts: list[NDArray[np.float32]] = []
    most_frames = max_seconds * source.rate_hz
    frames = 0
    for block in source.blocks:
        frames += len(block)
        if frames > most_frames:
            raise _too_long(None, max_seconds)
        if not np.isfinite(block).all():
            raise AudioError(
                f"the sound contains NaN or infinity near {frames / source.rate_hz:.1f} s; expected finite "
                f"samples. Export it again as {FORMATS}.",
                code="not_finite",
            )
        mixed = block if tracks == 1 else np.stack([block.mean(axis=1), block[:, 0]], axis=1)
        parts.append(stream.resample_chunk(mixed))
    parts.append(stream.resample_chunk(np.zeros((0, tracks), np.float32), last=True))
    both = np.concatenate(parts).reshape(-1, tracks)
    samples = both[:, 0]
    if tracks == 2 and float(np.square(samples).sum()) < _CANCELLED * float(np.square(both[:, 1]).sum()):
        samples = both[:, 1]
    peak = float(np.abs(samples).max(initial=0.0))
    # A little over 1 is resampling's overshoot; much over it is a file in another scale.
    scaled = samples / peak if peak > 1.1 else np.clip(samples, -1.0, 1.0)
    return np.ascontiguousarray(scaled, dtype=np.float32)


def _too_long(seconds: float | None, max_seconds: float) -> AudioError:
    length = f"more than {max_seconds:g} s" if seconds is None else f"{seconds:.0f} s"
    return AudioError(
        f"the sound lasts {length}; expected at most {max_seconds:g} s. Send it in parts.", code="too_long"
    )
