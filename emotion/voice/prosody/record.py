"""How something is said: pitch, loudness, spectrum and pauses every 10 ms, with gain taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.contour import percentiles
from emotion.voice.prosody.cycles import Cycles, measure_cycles
from emotion.voice.prosody.grid import BLOCK, HOP, REACH, count_frames
from emotion.voice.prosody.path import choose_path
from emotion.voice.prosody.pitch import BIN_HZ
from emotion.voice.prosody.span import MAX_FRAMES, Measured, Span
from vocabulary import SAMPLE_RATE_HZ, Clip

Array = NDArray[np.float64]

LEVEL_FLOOR_DB: Final = -60.0
"""Quieter than this against the clip's own loud frames is all the same: digital silence or the last bit's noise."""

_HEARD_DB: Final = 40.0  # below the loudest frame: what counts for the clip's own loudness
_ACTIVE_DB: Final = 32.0  # below the loudest twentieth: breath, room, padding
_ABOVE_NOISE_DB: Final = 5.0  # above the quietest twentieth
_NEVER_QUIET_DB: Final = 20.0  # what is louder than this below the loudest is speech, in a clip without pauses too
_BANDS_DB: Final = 80.0  # a band this far below the clip's strongest is empty, however empty
_NO_SOUND_DBFS: Final = -120.0  # the last bit of a sixteen-bit recording is at -90


@dataclass(frozen=True)
class Prosody:
    """Frames every 10 ms of one customer's speech, silence before and after it cut off.

    hz: fundamental, 0 where unvoiced. strength: autocorrelation at that period, [0, 1], 0 where unvoiced.
    level_db: loudness against the clip's 95th percentile, dB, from LEVEL_FLOOR_DB, mostly below 0.
    active: louder than a pause. joined: follows the frame before it in the recording (false where a span begins).
    alpha_db: energy of 1–5 kHz over 50 Hz–1 kHz, dB. hammarberg_db: strongest peak of 0–2 kHz over 2–5 kHz, dB.
    tilt: slope of the spectrum in dB per kHz, 50 Hz–5 kHz. centroid_khz: its centre of gravity.
    h1_h2_db: first over second harmonic, dB, 0 where unvoiced. All of shape (n_frames,).
    bands_db: 24 mel bands, 50 Hz–5 kHz, dB, (n_frames, 24). mfcc: coefficients 1–12 (0, the gain, is left out),
    (n_frames, 12). cycles: unequal neighbours among the voice's cycles.
    reference_dbfs: the 95th percentile that level_db is against, dB of full scale: the only field that gain changes.
    """

    hz: Array
    strength: Array
    level_db: Array
    active: NDArray[np.bool_]
    joined: NDArray[np.bool_]
    alpha_db: Array
    hammarberg_db: Array
    tilt: Array
    centroid_khz: Array
    h1_h2_db: Array
    bands_db: Array
    mfcc: Array
    cycles: Cycles
    reference_dbfs: float

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """True where a fundamental was found, shape (n_frames,)."""
        return self.hz > 0

    @classmethod
    def of(cls, clip: Clip) -> Self | None:
        """Measure the customer's part of a clip, its last 20 s; None where there is no sound in it."""
        pieces = clip.customer_segments if clip.customer_segments is not None else ((0.0, clip.seconds),)
        wanted = MAX_FRAMES
        measured: list[Measured] = []
        for start_s, end_s in reversed(pieces):
            samples = clip.samples[max(0, round(start_s * SAMPLE_RATE_HZ)) : max(0, round(end_s * SAMPLE_RATE_HZ))]
            n_frames = count_frames(samples.size)
            skipped = max(0, n_frames - wanted) // BLOCK
            span = Span(skipped_blocks=skipped)
            span.feed(samples[max(0, skipped * BLOCK * HOP - REACH) :])
            if (figures := span.close()) is not None:
                measured.append(figures)
                wanted -= n_frames
            if wanted <= 0:
                break
        return cls.from_spans(measured[::-1])

    @classmethod
    def from_spans(cls, spans: Sequence[Measured]) -> Self | None:
        """Choose the path, measure cycles and take the gain out; None where there is no sound. Oldest span first."""
        if not spans:
            return None
        level = np.concatenate([span.spectrum.level_db for span in spans])[-MAX_FRAMES:].astype(np.float64)
        # Silence around the words, however long, must not move the measure of loudness.
        reference = percentiles(level[level >= level.max() - _HEARD_DB], 95)[0]
        if reference <= _NO_SOUND_DBFS:
            return None
        hz, strength = choose_path(
            *(
                np.concatenate([getattr(span.pitch, name) for span in spans])[-MAX_FRAMES:]
                for name in ("hz", "strength", "peak")
            )
        )
        joined = np.concatenate([np.arange(span.n_frames) > 0 for span in spans])[-MAX_FRAMES:]
        low = np.concatenate([span.pitch.low for span in spans])[-MAX_FRAMES:]
        level = np.maximum(level - reference, LEVEL_FLOOR_DB)
        where = np.flatnonzero(level > -_ACTIVE_DB)
        extent = slice(int(where[0]), int(where[-1]) + 1)
        quietest = percentiles(level[extent], 5)[0]
        active = level > max(-_ACTIVE_DB, min(quietest + _ABOVE_NOISE_DB, -_NEVER_QUIET_DB))
        rows = {
            name: np.concatenate([getattr(span.spectrum, name) for span in spans])[-MAX_FRAMES:][extent].astype(
                np.float64
            )
            for name in ("alpha_db", "hammarberg_db", "tilt", "centroid_khz", "bands_db", "mfcc")
        }
        rows["bands_db"] = np.maximum(rows["bands_db"], rows["bands_db"].max() - _BANDS_DB)
        return cls(
            hz=hz[extent],
            strength=strength[extent],
            level_db=level[extent],
            active=active[extent],
            joined=joined[extent],
            h1_h2_db=_harmonics(low[extent], hz[extent]),
            cycles=_cycles(spans, hz),
            reference_dbfs=reference,
            **rows,
        )


def _harmonics(low: NDArray[np.float32], hz: Array) -> Array:
    """First over second harmonic, dB; each is the strongest of three bins about its place."""
    rows = np.arange(len(hz))
    heights = []
    for number in (1, 2):
        at = np.clip(np.rint(number * hz / BIN_HZ).astype(np.intp), 1, low.shape[1] - 2)
        heights.append(np.maximum(np.maximum(low[rows, at - 1], low[rows, at]), low[rows, at + 1]) + 1e-18)
    return np.where(hz > 0, 10.0 * np.log10(heights[0] / heights[1]), 0.0)


def _cycles(spans: Sequence[Measured], hz: Array) -> Cycles:
    """Cycles of all spans; `hz` holds the last frames of them together."""
    found = []
    end = len(hz)
    for span in reversed(spans):
        start = max(0, end - span.n_frames)
        if start < end:
            found.append(measure_cycles(span.samples, hz[start:end], REACH + (span.n_frames - (end - start)) * HOP))
        end = start
    return Cycles(*(np.concatenate([getattr(each, name) for each in found]) for name in ("jitter", "shimmer")))
