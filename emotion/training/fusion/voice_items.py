"""Held-out voices: Emo-DB, every speaker scored by a model that never heard them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.fusion.held_out import CLEAN, NOISY, HeldOut, HeldOutItem, item, read_or_score
from emotion.training.voice.corpus import load_emodb, read_clip
from emotion.training.voice.refit import refit_scorer
from emotion.training.voice.run import EMODB
from emotion.voice.scorer import VoiceScorer
from vocabulary import Absent, Clip, Modality, ModalityScore

_NOISY_SNR_DB: Final = 5.0


def voice_items(data: Path, model_dir: Path, cache: Path) -> HeldOut:
    """Five speakers to fit, five to report; a model is made for every two speakers without them.

    model_dir: of the model that ships, whose making these models repeat. Raises: TrainingError.
    """
    items = read_or_score(cache, ["voice 4", model_dir], partial(_score, data / EMODB, cache))
    names = sorted({one.speaker for one in items})
    fit, report = (tuple(one for one in items if one.speaker in half) for half in (names[::2], names[1::2]))
    words = "Emo-DB, first turns, by models that have not heard the speaker; five speakers to each half"
    return HeldOut(Modality.VOICE, fit, report, words)


def _score(folder: Path, cache: Path) -> Iterator[HeldOutItem]:
    corpus, paths = load_emodb(folder, cache), sorted(folder.glob("*.flac"))
    names = sorted(set(corpus.speakers.tolist()))
    rng = np.random.default_rng(12)
    for fold in range(0, len(names), 2):
        out = np.isin(corpus.speakers, names[fold : fold + 2])
        scorer = refit_scorer(corpus, ~out)
        for row in np.flatnonzero(out):
            clip, label = read_clip(paths[row]), str(corpus.labels[row])
            readings = {CLEAN: _reading(scorer, clip), NOISY: _reading(scorer, Clip(spoil(clip.samples, rng)))}
            # Boredom counts as neutral, as everywhere.
            yield item("neutral" if label == "boredom" else label, readings, speaker=str(corpus.speakers[row]))


def spoil(samples: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """White noise, 5 dB below the voice. samples: shape (n,), in [-1, 1]; the same peak afterwards."""
    noise = rng.normal(size=samples.size)
    power = float((samples.astype(np.float64) ** 2).mean()) * 10.0 ** (-_NOISY_SNR_DB / 10.0)
    mixed = samples + np.sqrt(power) * noise
    peak = float(np.abs(mixed).max())
    return np.asarray(mixed * (float(np.abs(samples).max()) / peak) if peak else mixed, dtype=np.float32)


def _reading(scorer: VoiceScorer, clip: Clip) -> ModalityScore | Absent:
    """As a first turn, without a baseline."""
    reading = scorer.score(clip)
    return reading if isinstance(reading, Absent) else reading.score
