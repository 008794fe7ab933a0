"""Held-out voices: Emo-DB, every speaker scored by a model that never heard them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from emotion.training.fusion.held_out import CLEAN, NOISY, HeldOut, HeldOutItem, item, read_or_score
from emotion.training.voice.corpus import Corpus, load_emodb, read_clip
from emotion.training.voice.domains import Domain
from emotion.training.voice.refit import refit_scorer
from emotion.training.voice.run import EMODB
from emotion.voice.scorer import VoiceScorer
from vocabulary import Absent, Clip, Modality, ModalityScore

_NOISY_SNR_DB: Final = 5.0


def voice_items(data: Path, model_dir: Path, cache: Path) -> HeldOut:
    """Five speakers to fit, five to report. Raises: TrainingError."""
    folder = data / EMODB
    corpus = load_emodb(folder, cache)
    names = sorted(set(corpus.speakers.tolist()))
    fit, report = (
        read_or_score(cache, ["voice 3", half, model_dir], partial(_score, folder, corpus, held))
        for half, held in (("fit", names[::2]), ("report", names[1::2]))
    )
    return HeldOut(Modality.VOICE, fit, report, "Emo-DB, leave two speakers out, five speakers to each half")


def _score(folder: Path, corpus: Corpus, held: list[str]) -> Iterator[HeldOutItem]:
    paths = sorted(folder.glob("*.flac"))
    rng = np.random.default_rng(12)
    names = sorted(set(corpus.speakers.tolist()))
    for fold in range(0, len(names), 2):
        out = np.isin(corpus.speakers, [name for name in names[fold : fold + 2] if name in held])
        if not out.any():
            continue
        scorer = refit_scorer(corpus, ~np.isin(corpus.speakers, names[fold : fold + 2]))
        for row in np.flatnonzero(out):
            clip = read_clip(paths[row])
            domain = Domain(snr_db=_NOISY_SNR_DB, colour=float(rng.uniform(0.0, 0.9)))
            spoilt = Clip(domain.apply(clip.samples.astype(np.float64), rng).astype(np.float32))
            label = "neutral" if corpus.labels[row] == "boredom" else str(corpus.labels[row])
            yield item(label, {CLEAN: _score_of(scorer, clip), NOISY: _score_of(scorer, spoilt)})


def _score_of(scorer: VoiceScorer, clip: Clip) -> ModalityScore | Absent:
    """As a first turn, without a baseline."""
    reading = scorer.score(clip)
    return reading if isinstance(reading, Absent) else reading.score
