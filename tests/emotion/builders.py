"""Short ways to write scores, emotions and clips in tests."""

import numpy as np
from numpy.typing import NDArray

from vocabulary import LABELS, SAMPLE_RATE_HZ, Author, Clip, Emotion, Modality, ModalityScore, Said


def spread(label: str, top: float, others: tuple[str, ...] = LABELS) -> tuple[float, ...]:
    """`top` on one label, the rest shared equally by the others of `others`."""
    rest = [name for name in others if name != label]
    return tuple(top if name == label else (1 - top) / len(rest) if name in rest else 0.0 for name in LABELS)


def score(
    modality: Modality = Modality.TEXT,
    label: str = "anger",
    top: float = 0.7,
    *,
    confidence: float | None = None,
    arousal: float | None = None,
    cue: float | None = None,
    known: tuple[str, ...] = LABELS,
) -> ModalityScore:
    return ModalityScore(
        modality=modality,
        probabilities=spread(label, top, known),
        confidence=top if confidence is None else confidence,
        arousal=arousal,
        frustration_cue=cue,
        known_labels=known,
    )


def emotion(
    cue: float | None,
    *,
    label: str = "neutral",
    top: float = 1.0,
    arousal: float = 0.0,
    valence: float | None = None,
    **nuances: float,
) -> Emotion:
    """A fused text-only emotion; `label` holds the whole mass unless `top` says otherwise."""
    return Emotion(
        probabilities=spread(label, top),
        confidence=0.8,
        contributions={Modality.TEXT: 1.0},
        mixed=False,
        certain=True,
        arousal=arousal,
        valence=valence,
        frustration_cue=cue,
        nuances=nuances,
    )


def tone(hz: float, seconds: float, *, gain: float = 0.2, harmonics: int = 8) -> NDArray[np.float32]:
    """A buzz with a fundamental, as a voice has one."""
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    wave = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, harmonics + 1))
    return np.asarray(gain * wave / np.abs(wave).max(), dtype=np.float32)


def voice(seed: int = 0, *, seconds: float = 2.0, gain: float = 0.3, low: float = 110.0, high: float = 190.0) -> Clip:
    """Something like speech: a gliding buzz in syllables, with breath in between. Deterministic."""
    rng = np.random.default_rng(seed)
    n = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(n) / SAMPLE_RATE_HZ
    hz = low + (high - low) * (0.5 + 0.5 * np.sin(2 * np.pi * 0.7 * t + seed))
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    buzz = sum(np.sin(k * phase) / k for k in range(1, 15))
    syllables = np.clip(np.sin(2 * np.pi * 2.2 * t) + 0.55, 0.0, 1.0)
    wave = buzz * syllables + 0.002 * rng.normal(size=n)
    return Clip((gain * wave / np.abs(wave).max()).astype(np.float32))


def customer_said(*texts: str) -> list[Said]:
    """Earlier messages of the customer, oldest first."""
    return [Said(Author.CUSTOMER, text) for text in texts]
