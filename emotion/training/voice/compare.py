"""Which voice model ships: prosody's, the spectrum's network, or their average, on the same held-out speakers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.metrics import measure
from emotion.training.voice.corpus import MEN, Corpus, Row, load_emodb
from emotion.training.voice.prosody_model import population_of
from emotion.training.voice.refit import TO_LABELS, refit_scorer
from emotion.training.voice.run import EMODB
from emotion.training.voice.spectrogram import SpectrogramOptions, band_means, train_network, write_network
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.population import Population
from emotion.voice.scorer import VoiceScorer
from emotion.voice.spectrum import N_BANDS, spectrum_input

Array = NDArray[np.float64]

ONLINE: Final = 5
MODELS: Final = ("prosody", "spectrogram", "average")


@dataclass(frozen=True)
class Comparison:
    """UAR of six labels by model: `speakers`, one left out at a time; `sex`, trained on one and measured on the other.

    Each "raw" and "online" (after ONLINE clips of the speaker, one seeded order). parameters: of the network.
    """

    speakers: Mapping[str, Mapping[str, float]]
    sex: Mapping[str, Mapping[str, float]]
    parameters: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Pair:
    """Both models, fitted on the same clips."""

    prosody: VoiceScorer
    network: Any
    bands: Population

    def probabilities(self, rows: list[Row], heard: list[Row]) -> dict[str, Array]:
        """Of each model over LABELS, (n, 7). heard: the speaker's earlier clips."""
        baseline = SpeakerBaseline()
        for row in heard:
            assert row is not None
            baseline = self.prosody.heard(row.figures.astype(np.float64), baseline)
        figures = np.stack([row.figures for row in rows if row is not None]).astype(np.float64)
        prosody = self.prosody.view(figures, baseline).probabilities
        usual = _usual(self.bands, heard)
        spectrogram = np.stack([_hear(self.network, row, usual) for row in rows if row is not None])
        average = np.exp(0.5 * np.log(prosody + 1e-6) + 0.5 * np.log(spectrogram + 1e-6))
        return {
            "prosody": prosody,
            "spectrogram": spectrogram,
            "average": average / average.sum(axis=1, keepdims=True),
        }


def compare_models(data: Path, cache: Path, *, progress: Callable[[str], object] = lambda _: None) -> Comparison:
    """Train both models twelve times; half an hour of one core or less. Raises: TrainingError."""
    corpus = load_emodb(data / EMODB, cache)
    men = np.isin(corpus.speakers, sorted(MEN))
    return Comparison(
        speakers=_measure(
            corpus, [corpus.speakers == name for name in sorted(set(corpus.speakers.tolist()))], progress
        ),
        sex=_measure(corpus, [men, ~men], progress),
        parameters=sum(part.numel() for part in _fit(corpus.part(men), epochs=1).network.parameters()),
    )


def write_spectrogram(data: Path, cache: Path, path: Path) -> None:
    """Train the network on all of Emo-DB and write it as ONNX. Raises: TrainingError."""
    corpus = load_emodb(data / EMODB, cache)
    bands = population_of(band_means(corpus), corpus.speakers)
    write_network(train_network(corpus, bands, SpectrogramOptions()), path)


def _measure(
    corpus: Corpus, folds: list[NDArray[np.bool_]], progress: Callable[[str], object]
) -> dict[str, dict[str, float]]:
    truth = ["neutral" if label == "boredom" else str(label) for label in corpus.labels]
    found: dict[tuple[str, str], list[tuple[Array, list[str]]]] = {}
    for number, held in enumerate(folds, start=1):
        progress(f"fold {number} of {len(folds)}")
        pair = _fit(corpus.part(~held))
        rng = np.random.default_rng(0)
        for name in sorted(set(corpus.speakers[held].tolist())):
            order = rng.permutation(
                [at for at in np.flatnonzero(corpus.speakers == name).tolist() if corpus.rows[0][at] is not None]
            ).tolist()
            rows = [corpus.rows[0][at] for at in order]
            for when, heard in (("raw", 0), ("online", ONLINE)):
                for model, scores in pair.probabilities(rows[heard:], rows[:heard]).items():
                    found.setdefault((model, when), []).append((scores, [truth[at] for at in order[heard:]]))
    return {model: {when: _uar(found[model, when]) for when in ("raw", "online")} for model in MODELS}


def _uar(parts: list[tuple[Array, list[str]]]) -> float:
    scores = np.concatenate([part for part, _ in parts])
    found = measure(scores / scores.sum(axis=1, keepdims=True), [name for _, names in parts for name in names])
    assert found.uar is not None
    return found.uar


def _fit(corpus: Corpus, epochs: int = SpectrogramOptions.epochs) -> _Pair:
    bands = population_of(band_means(corpus), corpus.speakers)
    network = train_network(corpus, bands, SpectrogramOptions(epochs=epochs))
    return _Pair(refit_scorer(corpus, np.ones(len(corpus.labels), dtype=bool)), network, bands)


def _usual(bands: Population, heard: list[Row]) -> Array:
    own = np.zeros((1, N_BANDS))
    if heard:
        own = np.mean([row.bands_db.mean(axis=0) for row in heard if row is not None], axis=0)[None, :]
    return np.asarray(bands.usual(own, np.array([float(len(heard))]))[0])


def _hear(network: Any, row: Row, usual: Array) -> Array:
    import torch

    assert row is not None
    with torch.inference_mode():
        logits = network(torch.from_numpy(spectrum_input(row.bands_db, usual))[None])[0]
    return np.asarray(logits.softmax(-1).double().numpy() @ TO_LABELS)
