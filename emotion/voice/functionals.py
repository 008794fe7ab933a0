"""A clip's prosody summed up in a fixed number of figures. None of them sees the gain or the duration."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from emotion.voice.pitch import HOP_S
from emotion.voice.prosody_rev3 import N_MFCC, Prosody

PROSODIC: Final = (
    "pitch_median",
    "pitch_low",
    "pitch_high",
    "pitch_range",
    "pitch_spread",
    "pitch_slope",
    "pitch_movement",
    "pitch_jitter",
    "pitch_skew",
    "strength_mean",
    "strength_spread",
    "level_mean",
    "level_spread",
    "level_low",
    "level_movement",
    "level_of_voice",
    "level_pitch_link",
    "shimmer",
    "alpha_mean",
    "alpha_spread",
    "alpha_loud",
    "hammarberg_mean",
    "hammarberg_spread",
    "tilt_mean",
    "tilt_spread",
    "centroid_mean",
    "centroid_spread",
    "alpha_unvoiced",
    "rate",
    "pause_share",
    "voiced_share",
    "run_mean",
)
NAMES: Final = (
    *PROSODIC,
    *(f"mfcc{index}_mean" for index in range(1, N_MFCC + 1)),
    *(f"mfcc{index}_spread" for index in range(1, N_MFCC + 1)),
    *(f"mfcc{index}_movement" for index in range(1, N_MFCC + 1)),
)

MIN_VOICED_S: Final = 0.5
"""Less voice than this says nothing reliable."""

_REFERENCE_HZ: Final = 55.0


def summarise(prosody: Prosody) -> NDArray[np.float32] | None:
    """float32, shape (len(NAMES),), in the order of NAMES; None below MIN_VOICED_S of voice.

    Units: pitch in semitones above 55 Hz (movement per 10 ms), level and spectra in dB, rate in loudness peaks
    per second of speech, shares in [0, 1], run_mean in seconds.
    """
    voiced = prosody.voiced & prosody.active
    if prosody.voiced_seconds < MIN_VOICED_S or voiced.sum() < MIN_VOICED_S / HOP_S:
        return None
    pitch = 12.0 * np.log2(prosody.hz[voiced] / _REFERENCE_HZ)
    together = voiced[1:] & voiced[:-1]
    all_pitch = np.where(voiced, 12.0 * np.log2(np.maximum(prosody.hz, 1.0) / _REFERENCE_HZ), 0.0)
    steps = np.diff(all_pitch)[together]
    # Steps beyond 4 semitones in 10 ms are errors of the tracker, not of the speaker.
    steps = steps[np.abs(steps) < 4.0] if steps.size else np.zeros(1)
    steps = steps if steps.size else np.zeros(1)
    level = prosody.level_db
    level_steps = np.diff(level)[together] if together.any() else np.zeros(1)
    low, median, high = np.percentile(pitch, [10, 50, 90])
    loud = voiced & (level > np.percentile(level[voiced], 60))
    unvoiced = prosody.active & ~prosody.voiced
    values = [
        median,
        low,
        high,
        high - low,
        pitch.std(),
        steps.mean() * 10.0,
        np.abs(steps).mean(),
        np.median(np.abs(np.diff(steps))) if steps.size > 2 else 0.0,
        (high + low - 2.0 * median) / max(high - low, 1.0),
        prosody.strength[voiced].mean(),
        prosody.strength[voiced].std(),
        level[prosody.active].mean(),
        level[prosody.active].std(),
        np.percentile(level[prosody.active], 20),
        np.abs(level_steps).mean(),
        level[voiced].mean(),
        _link(pitch, level[voiced]),
        np.median(np.abs(np.diff(level_steps))) if level_steps.size > 2 else 0.0,
        prosody.alpha_db[voiced].mean(),
        prosody.alpha_db[voiced].std(),
        prosody.alpha_db[loud].mean() if loud.any() else prosody.alpha_db[voiced].mean(),
        prosody.hammarberg_db[voiced].mean(),
        prosody.hammarberg_db[voiced].std(),
        prosody.tilt[voiced].mean(),
        prosody.tilt[voiced].std(),
        prosody.centroid_khz[voiced].mean(),
        prosody.centroid_khz[voiced].std(),
        prosody.alpha_db[unvoiced].mean() if unvoiced.any() else prosody.alpha_db[voiced].mean(),
        _rate(prosody),
        1.0 - prosody.active.mean(),
        voiced.sum() / max(1, int(prosody.active.sum())),
        _mean_run(voiced) * HOP_S,
    ]
    mfcc = prosody.mfcc[voiced]
    both = np.abs(np.diff(prosody.mfcc, axis=0))[together]
    movement = both.mean(axis=0) if both.size else np.zeros(N_MFCC)
    return np.concatenate([values, mfcc.mean(axis=0), mfcc.std(axis=0), movement]).astype(np.float32)


def _link(pitch: NDArray[np.float64], level: NDArray[np.float64]) -> float:
    """Correlation of pitch and loudness, 0 where one of them is flat."""
    spread = pitch.std() * level.std()
    return float(((pitch - pitch.mean()) * (level - level.mean())).mean() / spread) if spread > 1e-6 else 0.0


def _rate(prosody: Prosody) -> float:
    """Loudness peaks per second of speech without pauses: near the syllable rate."""
    smooth = np.convolve(prosody.level_db, np.hanning(9) / np.hanning(9).sum(), mode="same")
    peaks, _ = find_peaks(smooth, prominence=2.0, distance=8)
    peaks = peaks[prosody.active[peaks]]
    return len(peaks) / max(float(prosody.active.sum()) * HOP_S, 0.1)


def _mean_run(flags: NDArray[np.bool_]) -> float:
    """Mean length of the runs of True, in frames."""
    edges = np.diff(np.concatenate([[0], flags.astype(int), [0]]))
    starts = int((edges == 1).sum())
    return float(flags.sum()) / max(1, starts)
