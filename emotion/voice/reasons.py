"""Why the voice model says what it says: put one side of the voice back to what is usual, and see what changes.

The reasons are the model's own, by occlusion (M. Zeiler, R. Fergus 2014): what does not move its score is not named.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.voice.prosody import NAMES
from vocabulary import Feature

Array = NDArray[np.float64]

LEAST_EFFECT: Final = 0.15
"""Change of the answer's log odds below which a side of the voice is no reason."""

_MOST_REASONS: Final = 3
_NOTICEABLE: Final = 0.4  # expected deviations from the usual; words need a direction that can be heard


@dataclass(frozen=True)
class Side:
    """One side of a voice. figures: what belongs to it. leads: name and sign of those that give its direction.

    words, than_before: for more and for less, against everybody and against the same customer's earlier turns.
    """

    figures: tuple[str, ...]
    leads: tuple[tuple[str, int], ...]
    words: tuple[str, str]
    than_before: tuple[str, str]


def _starting(*starts: str, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(name for name in NAMES if name.startswith(starts) and name not in but)


_PITCH: Final = ("pitch_median", "pitch_low", "pitch_high")

GROUPS: Final = {
    "pitch": Side(
        _PITCH, (("pitch_median", 1),), ("a high voice", "a low voice"), ("higher than before", "lower than before")
    ),
    "pitch_range": Side(
        _starting("pitch", but=_PITCH),
        (("pitch_range", 1), ("pitch_spread", 1)),
        ("pitch moves widely", "pitch moves little"),
        ("livelier pitch than before", "flatter pitch than before"),
    ),
    # Vocal effort, as the balance of the spectrum shows it: the microphone's gain is not heard.
    "effort": Side(
        (*_starting("alpha", "hammarberg", "tilt", "centroid", "h1_h2"), "mfcc1_mean", "mfcc2_mean", "mfcc3_mean"),
        (("alpha_mean", 1), ("hammarberg_mean", -1)),
        ("a loud, pressed voice", "a soft voice"),
        ("louder than before", "softer than before"),
    ),
    "loudness_movement": Side(
        _starting("level", "flux"),
        (("level_movement", 1), ("level_voice_spread", 1)),
        ("loudness jumps", "loudness is even"),
        ("more accents than before", "fewer accents than before"),
    ),
    "rate": Side(
        (*_starting("modulation", "run", "gap", "nucleus"), "rate", "articulation_rate", "voiced_share"),
        (("articulation_rate", 1), ("rate", 1)),
        ("fast speech", "slow speech"),
        ("faster than before", "slower than before"),
    ),
    "pauses": Side(
        _starting("pause"),
        (("pause_share", 1),),
        ("many pauses", "hardly a pause"),
        ("more pauses than before", "fewer pauses than before"),
    ),
    "roughness": Side(
        _starting("jitter", "shimmer", "hnr", "strength"),
        (("hnr_mean", -1), ("jitter", 1)),
        ("a rough voice", "a clear voice"),
        ("rougher than before", "clearer than before"),
    ),
}
"""Sides that have plain words. The rest of the cepstrum has none and is never named."""


def without(name: str, figures: Array, usual: Array) -> Array:
    """The figures with one side of GROUPS put back to what is usual; both (len(NAMES),)."""
    neutral = figures.copy()
    places = [NAMES.index(figure) for figure in GROUPS[name].figures]
    neutral[places] = usual[places]
    return neutral


def reasons(probabilities: Array, figures: Array, away: Array, *, heard_before: bool) -> tuple[Feature, ...]:
    """The sides without which the answer would be less probable, strongest first, at most three.

    probabilities: (1 + len(GROUPS), 7), the clip's own row and then one for each side that was put back.
    away: each figure's distance from what is usual, in expected deviations.
    """
    answer = int(probabilities[0].argmax())
    odds = np.log(np.clip(probabilities[:, answer], 1e-6, 1 - 1e-6) / np.clip(1 - probabilities[:, answer], 1e-6, 1))
    found = []
    for (name, side), effect in zip(GROUPS.items(), odds[0] - odds[1:], strict=True):
        direction = float(np.mean([sign * away[NAMES.index(lead)] for lead, sign in side.leads]))
        if effect >= LEAST_EFFECT and abs(direction) >= _NOTICEABLE:
            more, less = side.than_before if heard_before else side.words
            value = float(figures[NAMES.index(side.leads[0][0])])
            found.append((effect, Feature(name, value, more if direction > 0 else less)))
    return tuple(feature for _, feature in sorted(found, key=lambda pair: -pair[0])[:_MOST_REASONS])
