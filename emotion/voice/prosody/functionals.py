"""A clip's prosody summed up in a fixed number of figures. None of them sees the gain or the duration.

Every name, with unit and source: docs/reference/prosody.md.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody.contour import (
    correlation,
    final_movement,
    percentiles,
    rises_and_falls,
    run_range,
    semitones,
    slopes,
    trend,
)
from emotion.voice.prosody.grid import HOP_S
from emotion.voice.prosody.record import Prosody
from emotion.voice.prosody.rhythm import Rhythm, find_rhythm, modulation_shares
from emotion.voice.prosody.spectrum import N_MFCC

PITCH: Final = (
    "pitch_median",
    "pitch_low",
    "pitch_high",
    "pitch_range",
    "pitch_spread",
    "pitch_skew",
    "pitch_movement",
    "pitch_bend",
    "pitch_declination",
    "pitch_residual",
    "pitch_rise",
    "pitch_rise_spread",
    "pitch_fall",
    "pitch_fall_spread",
    "pitch_rising_share",
    "pitch_final",
    "pitch_run_range",
)
QUALITY: Final = (
    "strength_mean",
    "strength_spread",
    "hnr_mean",
    "hnr_spread",
    "hnr_low",
    "jitter",
    "jitter_high",
    "shimmer",
    "shimmer_high",
    "h1_h2_mean",
    "h1_h2_spread",
)
LEVEL: Final = (
    "level_mean",
    "level_spread",
    "level_low",
    "level_of_voice",
    "level_voice_spread",
    "level_movement",
    "level_bend",
    "level_rise",
    "level_rise_spread",
    "level_fall",
    "level_fall_spread",
    "level_declination",
    "level_final",
    "level_pitch_link",
)
SPECTRUM: Final = (
    "alpha_mean",
    "alpha_spread",
    "alpha_loud",
    "hammarberg_mean",
    "hammarberg_spread",
    "tilt_mean",
    "tilt_spread",
    "centroid_mean",
    "centroid_spread",
    "flux_mean",
    "flux_spread",
    "alpha_unvoiced",
    "hammarberg_unvoiced",
    "centroid_unvoiced",
    "flux_unvoiced",
)
RHYTHM: Final = (
    "rate",
    "articulation_rate",
    "nucleus_spread",
    "pause_share",
    "pause_mean",
    "pause_rate",
    "voiced_share",
    "run_mean",
    "run_spread",
    "gap_mean",
    "modulation_slow",
    "modulation_syllable",
    "modulation_fast",
)
PROSODIC: Final = (*PITCH, *QUALITY, *LEVEL, *SPECTRUM, *RHYTHM)
NAMES: Final = (
    *PROSODIC,
    *(f"mfcc{index}_mean" for index in range(1, N_MFCC + 1)),
    *(f"mfcc{index}_spread" for index in range(1, N_MFCC + 1)),
    *(f"mfcc{index}_movement" for index in range(1, N_MFCC + 1)),
)

MIN_VOICED_S: Final = 0.5
"""Less voice than this says nothing reliable."""

_MAX_STEP: Final = 4.0  # semitones in 10 ms: more is an error of the tracker, not of the speaker
_MAX_SLOPE: Final = 100.0  # semitones per second; Xu & Sun (2002) find 61 at most where speakers try their fastest


def summarise(prosody: Prosody) -> NDArray[np.float32] | None:
    """float32, shape (len(NAMES),), in the order of NAMES, all finite; None below MIN_VOICED_S of voice."""
    voiced = prosody.voiced & prosody.active
    if voiced.sum() < MIN_VOICED_S / HOP_S:
        return None
    rhythm = find_rhythm(prosody)
    together = voiced[1:] & voiced[:-1] & prosody.joined[1:]
    change = np.abs(np.diff(prosody.mfcc, axis=0))[together]
    mfcc = prosody.mfcc[voiced]
    values = [
        *_pitch(prosody, voiced, together),
        *_quality(prosody, voiced),
        *_level(prosody, voiced, together),
        *_spectrum(prosody, voiced),
        *_rhythm(prosody, rhythm, voiced),
        *mfcc.mean(axis=0),
        *mfcc.std(axis=0),
        *(change.mean(axis=0) if change.size else np.zeros(N_MFCC)),
    ]
    return np.array(values, dtype=np.float32)


def _pitch(prosody: Prosody, voiced: NDArray[np.bool_], together: NDArray[np.bool_]) -> list[float]:
    track = semitones(prosody.hz)
    pitch = track[voiced]
    steps = np.diff(track)[together]
    steps = steps[np.abs(steps) < _MAX_STEP]
    steps = steps if steps.size else np.zeros(1)
    low, median, high = percentiles(pitch, 10, 50, 90)
    declination, residual = trend(pitch, np.flatnonzero(voiced))
    slope = slopes(track, voiced)
    slope = slope[np.abs(slope) < _MAX_SLOPE]
    return [
        median,
        low,
        high,
        high - low,
        pitch.std(),
        (high + low - 2.0 * median) / max(high - low, 1.0),
        np.abs(steps).mean(),
        percentiles(np.abs(np.diff(steps)), 50)[0] if steps.size > 1 else 0.0,
        declination,
        residual,
        *rises_and_falls(slope),
        final_movement(pitch),
        run_range(track, voiced),
    ]


def _quality(prosody: Prosody, voiced: NDArray[np.bool_]) -> list[float]:
    strength = prosody.strength[voiced]
    share = np.clip(strength, 0.01, 0.9999)
    hnr = 10.0 * np.log10(share / (1.0 - share))
    jitter, shimmer = prosody.cycles.jitter, prosody.cycles.shimmer
    return [
        strength.mean(),
        strength.std(),
        hnr.mean(),
        hnr.std(),
        *percentiles(hnr, 20),
        100.0 * jitter.mean() if jitter.size else 0.0,
        100.0 * percentiles(jitter, 80)[0] if jitter.size else 0.0,
        100.0 * shimmer.mean() if shimmer.size else 0.0,
        100.0 * percentiles(shimmer, 80)[0] if shimmer.size else 0.0,
        prosody.h1_h2_db[voiced].mean(),
        prosody.h1_h2_db[voiced].std(),
    ]


def _level(prosody: Prosody, voiced: NDArray[np.bool_], together: NDArray[np.bool_]) -> list[float]:
    level, active = prosody.level_db, prosody.active
    steps = np.diff(level)[together]
    steps = steps if steps.size else np.zeros(1)
    mean_rise, rise_spread, mean_fall, fall_spread, _ = rises_and_falls(slopes(level, active))
    return [
        level[active].mean(),
        level[active].std(),
        *percentiles(level[active], 20),
        level[voiced].mean(),
        level[voiced].std(),
        np.abs(steps).mean(),
        percentiles(np.abs(np.diff(steps)), 50)[0] if steps.size > 1 else 0.0,
        mean_rise,
        rise_spread,
        mean_fall,
        fall_spread,
        trend(level[voiced], np.flatnonzero(voiced))[0],
        final_movement(level[voiced]),
        correlation(semitones(prosody.hz[voiced]), level[voiced]),
    ]


def _spectrum(prosody: Prosody, voiced: NDArray[np.bool_]) -> list[float]:
    loud = voiced & (prosody.level_db >= percentiles(prosody.level_db[voiced], 60)[0])
    unvoiced = prosody.active & ~prosody.voiced
    unvoiced = unvoiced if unvoiced.any() else voiced
    steps = np.diff(prosody.bands_db, axis=0)
    # Without the mean over bands, louder is not different.
    flux = np.abs(steps - steps.mean(axis=1, keepdims=True)).mean(axis=1)
    flux = np.concatenate([[0.0], flux])
    follows = np.concatenate([[False], prosody.joined[1:] & prosody.active[:-1]])
    return [
        prosody.alpha_db[voiced].mean(),
        prosody.alpha_db[voiced].std(),
        prosody.alpha_db[loud].mean(),
        prosody.hammarberg_db[voiced].mean(),
        prosody.hammarberg_db[voiced].std(),
        prosody.tilt[voiced].mean(),
        prosody.tilt[voiced].std(),
        prosody.centroid_khz[voiced].mean(),
        prosody.centroid_khz[voiced].std(),
        *_mean_and_spread(flux[voiced & follows]),
        prosody.alpha_db[unvoiced].mean(),
        prosody.hammarberg_db[unvoiced].mean(),
        prosody.centroid_khz[unvoiced].mean(),
        _mean_and_spread(flux[unvoiced & follows])[0],
    ]


def _mean_and_spread(values: NDArray[np.float64]) -> tuple[float, float]:
    return (float(values.mean()), float(values.std())) if values.size else (0.0, 0.0)


def _rhythm(prosody: Prosody, rhythm: Rhythm, voiced: NDArray[np.bool_]) -> list[float]:
    seconds = len(prosody.hz) * HOP_S
    speaking = float(rhythm.speaking.sum()) * HOP_S
    between = np.diff(rhythm.nuclei) * HOP_S
    return [
        len(rhythm.nuclei) / seconds,
        len(rhythm.nuclei) / speaking,
        between.std() / between.mean() if between.size > 1 else 0.0,
        1.0 - speaking / seconds,
        rhythm.pauses.mean() if rhythm.pauses.size else 0.0,
        rhythm.pauses.size / seconds,
        voiced.sum() * HOP_S / speaking,
        rhythm.voices.mean(),
        rhythm.voices.std(),
        rhythm.gaps.mean() if rhythm.gaps.size else 0.0,
        *modulation_shares(prosody.level_db),
    ]
