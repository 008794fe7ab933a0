"""Where somebody speaks in a clip: voiced sound that changes as speech does."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ, Clip

# 64 ms hold several periods of a low voice: frames of 32 ms miss a short "no".
FRAME: Final = 1024
HOP: Final = 256
# 62 Hz to 500 Hz: low male to high female and child voices.
_LAGS = (SAMPLE_RATE_HZ // 500, SAMPLE_RATE_HZ // 62)
# Chosen on seeded noises (white, pink, brown, 300-600 Hz) and ten short words of four flite voices: every value
# from .10 to .17 tells all of them apart.
_LEAST_PERIODICITY = 0.15
# Mean of three frames, so that one frame does not flicker.
_SMOOTH = 3
_LEAST_LEVEL_DB = -55.0
_ABOVE_FLOOR_DB = 9.0
# A pure tone keeps nearly all its power within a few bins; a voice spreads it over its harmonics.
_TONE_SHARE = 0.94
# Voices glide; a hum, a chord or a dial tone does not. Share of the spectrum that moves between frames.
_LEAST_CHANGE = 0.08
# Rumble and mains hum lie below; the fundamental of a low voice may too, but its harmonics do not.
_LOW_CUT_HZ = 90
# Shorter voiced stretches are clicks and knocks; a short "yes" has about 150 ms.
_LEAST_VOICED_S = 0.08
# Consonants and pauses between words belong to the speech around them.
_MARGIN_S = 0.25
_JOIN_S = 0.6
_CHUNK = 2048


def has_speech(clip: Clip) -> bool:
    """False for silence, tones, hum and steady noise. Music can pass for speech."""
    return bool(speech_segments(clip))


def speech_segments(clip: Clip) -> tuple[tuple[float, float], ...]:
    """(start_s, end_s) of each stretch of speech, in order, with a margin of 250 ms; empty if there is none.

    A stretch is sound that stands out of the background, with pauses under 0.6 s, and with a voice in it.
    """
    loud, voiced = _loud_and_voiced(clip.samples)
    hop_s = HOP / SAMPLE_RATE_HZ
    anchors = [run for run in _runs(voiced) if (run[1] - run[0]) * hop_s >= _LEAST_VOICED_S]
    segments: list[tuple[float, float]] = []
    for start, stop in _joined(_runs(loud), round(_JOIN_S / hop_s)):
        if not any(start < anchor_stop and anchor_start < stop for anchor_start, anchor_stop in anchors):
            continue
        begin = max(0.0, start * hop_s - _MARGIN_S)
        end = min(clip.seconds, stop * hop_s + FRAME / SAMPLE_RATE_HZ + _MARGIN_S)
        segments.append((begin, end))
    return tuple(segments)


def speech_seconds(clip: Clip) -> float:
    """How long somebody speaks, margins included."""
    return sum(end - start for start, end in speech_segments(clip))


def _loud_and_voiced(samples: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which frames stand out of the background, and which of them hold a voice; shape (n_frames,) each."""
    if samples.size < FRAME:
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]
    level_db = np.empty(len(frames))
    periodicity = np.empty(len(frames))
    tone_share = np.empty(len(frames))
    change = np.empty(len(frames))
    window = np.hanning(FRAME).astype(np.float32)
    before: NDArray[np.floating] | None = None
    for first in range(0, len(frames), _CHUNK):
        part = frames[first : first + _CHUNK]
        centred = part - part.mean(axis=1, keepdims=True)
        power = np.abs(np.fft.rfft(centred * window, 2 * FRAME)) ** 2
        power[:, : _LOW_CUT_HZ * 2 * FRAME // SAMPLE_RATE_HZ] = 0.0
        here = slice(first, first + len(part))
        # Parseval: the power of the frame without its rumble. 0.375 is the mean square of a Hann window.
        level_db[here] = 10 * np.log10(power.sum(axis=1) / (FRAME * FRAME * 0.375) + 1e-12)
        # Cube root before the way back: harmonics count, formants and the slope of noise do not
        # (Tolonen and Karjalainen 2000, "A computationally efficient multipitch analysis model").
        compressed = np.fft.irfft(np.cbrt(power))[:, : _LAGS[1] + 1]
        periodicity[here] = compressed[:, _LAGS[0] :].max(axis=1) / (compressed[:, 0] + 1e-12)
        strongest = power.argmax(axis=1)
        near = np.abs(np.arange(power.shape[1])[None, :] - strongest[:, None]) <= 4
        total = power.sum(axis=1) + 1e-12
        tone_share[here] = (power * near).sum(axis=1) / total
        spectrum = power / total[:, None]
        previous = spectrum[:1] if before is None else before
        change[here] = 0.5 * np.abs(np.diff(np.vstack([previous, spectrum]), axis=0)).sum(axis=1)
        before = spectrum[-1:]
    periodicity = np.convolve(periodicity, np.full(_SMOOTH, 1 / _SMOOTH), mode="same")[: len(frames)]
    floor_db = min(float(np.percentile(level_db, 10)), float(level_db.max()) - 20.0)
    loud = level_db > max(_LEAST_LEVEL_DB, floor_db + _ABOVE_FLOOR_DB)
    voiced = loud & (periodicity > _LEAST_PERIODICITY) & (tone_share < _TONE_SHARE)
    for start, stop in _runs(voiced):
        if float(np.median(change[start:stop])) < _LEAST_CHANGE:
            voiced[start:stop] = False
    return np.asarray(loud), np.asarray(voiced)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(start, stop) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _joined(runs: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """The runs, with those closer than gap made one."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] < gap:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined
