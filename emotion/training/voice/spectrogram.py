"""The second voice model: a small convolutional and recurrent network over the mel spectrum, trained with torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.training.voice.corpus import CLASSES, Corpus
from emotion.voice.population import Population
from emotion.voice.spectrum import N_BANDS, spectrum_input

Array = NDArray[np.float64]

CROP: Final = 150
"""Frames of a training example: 1.5 s, so that no clip's length can be learnt."""

_BATCH: Final = 32
_TURNS: Final = (0, 1, 3, 5, 20)
_OFFSET_DB: Final = 6.0


@dataclass(frozen=True)
class SpectrogramOptions:
    """epochs: passes over the clips, classes balanced. rate: highest learning rate. seed: of everything random."""

    epochs: int = 30
    rate: float = 2e-3
    channels: int = 24
    cells: int = 40
    seed: int = 7


def build_network(options: SpectrogramOptions) -> Any:
    """(n, 2, frames, N_BANDS) → logits (n, len(CLASSES)): three convolutions, a two-way LSTM, mean and maximum."""
    import torch
    from torch import nn

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            wide = options.channels
            self.seen = nn.Sequential(
                nn.Conv2d(2, wide // 2, 3, stride=(2, 1), padding=1),
                nn.BatchNorm2d(wide // 2),
                nn.ReLU(),
                nn.Conv2d(wide // 2, wide, 3, stride=(1, 2), padding=1),
                nn.BatchNorm2d(wide),
                nn.ReLU(),
                nn.Dropout2d(0.1),
                nn.Conv2d(wide, wide, 3, stride=(2, 2), padding=1),
                nn.BatchNorm2d(wide),
                nn.ReLU(),
            )
            self.narrow = nn.Sequential(nn.Linear(wide * N_BANDS // 4, 48), nn.ReLU(), nn.Dropout(0.4))
            self.heard = nn.LSTM(48, options.cells, bidirectional=True, batch_first=True)
            self.told = nn.Sequential(nn.Dropout(0.4), nn.Linear(4 * options.cells, len(CLASSES)))

        def forward(self, spectrum: Any) -> Any:
            seen = self.seen(spectrum).permute(0, 2, 1, 3).flatten(2)
            heard, _ = self.heard(self.narrow(seen))
            return self.told(torch.cat([heard.mean(1), heard.amax(1)], 1))

    torch.manual_seed(options.seed)
    return Network()


def train_network(corpus: Corpus, population: Population, options: SpectrogramOptions) -> Any:
    """Train on all versions of the clips, beside random baselines of their speakers; about 20 s on one idle core."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(options.seed)
    network = build_network(options)
    classes = np.array([CLASSES.index(label) for label in corpus.labels])
    clips = [
        [(version, at) for version in range(len(corpus.rows)) if corpus.rows[version][at] is not None]
        for at in range(len(classes))
    ]
    of_class = [
        found
        for found in (np.flatnonzero((classes == c) & [bool(clip) for clip in clips]) for c in range(7))
        if found.size
    ]
    each = int(np.ceil(len(classes) / len(of_class)))
    steps = each * len(of_class) // _BATCH
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, total_steps=steps * options.epochs, pct_start=0.15
    )
    means = band_means(corpus)
    of_speaker = {name: np.flatnonzero(corpus.speakers == name) for name in set(corpus.speakers.tolist())}
    network.train()
    for _ in range(options.epochs):
        order = np.concatenate([rng.choice(found, each, replace=found.size < each) for found in of_class])
        rng.shuffle(order)
        for step in range(steps):
            batch = order[step * _BATCH : (step + 1) * _BATCH]
            examples = np.stack(
                [
                    _example(corpus, population, means, clips[at], of_speaker[str(corpus.speakers[at])], int(at), rng)
                    for at in batch
                ]
            )
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(torch.from_numpy(examples))
            loss: Any = torch.nn.functional.cross_entropy(
                logits.float(), torch.from_numpy(classes[batch]), label_smoothing=0.1
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def write_network(network: Any, path: Path) -> None:
    """Write it as ONNX: spectrum (n, 2, frames, N_BANDS) → logits (n, len(CLASSES))."""
    import warnings

    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with warnings.catch_warnings():
        # The exporter that needs no tracing of Python is told to be old by itself; it handles the LSTM in one node.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(1, 2, CROP, N_BANDS),),
            str(partial),
            input_names=["spectrum"],
            output_names=["logits"],
            dynamic_axes={"spectrum": {0: "n", 2: "frames"}, "logits": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
    partial.replace(path)


def band_means(corpus: Corpus) -> Array:
    """(versions, n, N_BANDS), NaN where a clip could not be judged."""
    nothing = np.full(N_BANDS, np.nan)
    return np.array(
        [[nothing if row is None else row.bands_db.mean(axis=0) for row in version] for version in corpus.rows]
    )


def _example(
    corpus: Corpus,
    population: Population,
    means: Array,
    versions: list[tuple[int, int]],
    of_speaker: NDArray[np.intp],
    at: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """One clip in one of its situations, beside a baseline of up to twenty other clips of its speaker in it."""
    version = versions[int(rng.integers(len(versions)))][0] if rng.random() < 0.7 else versions[0][0]
    row = corpus.rows[version][at]
    assert row is not None
    others = of_speaker[(of_speaker != at) & np.isfinite(means[version, of_speaker, 0])]
    turns = min(int(rng.choice(_TURNS)), others.size)
    own = means[version, rng.choice(others, turns, replace=False)].mean(axis=0) if turns else np.zeros(N_BANDS)
    usual = population.usual(own[None, :], np.array([float(turns)]))[0]
    # A microphone is an offset of each band: one more of them, as far as the baseline has not taken it out.
    left = population.prior_turns / (population.prior_turns + turns)
    offset = np.convolve(rng.normal(0.0, _OFFSET_DB, N_BANDS + 4), np.ones(5) / 2.5, "valid") * left
    return _crop(spectrum_input(row.bands_db, usual - offset), rng)


def _crop(spectrum: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Stretched in time and moved along the bands at random; CROP frames of it, parts hidden."""
    if rng.random() < 0.7:
        spectrum = _along(spectrum, np.arange(0.0, spectrum.shape[1] - 1.0, rng.uniform(0.8, 1.25)), axis=1)
    if rng.random() < 0.7:
        places = np.clip(np.arange(N_BANDS) * rng.uniform(0.88, 1.14), 0.0, N_BANDS - 1.001)
        spectrum = _along(spectrum, places, axis=2)
    n_frames = min(spectrum.shape[1], int(rng.uniform(110, CROP + 1)))
    start = int(rng.integers(0, spectrum.shape[1] - n_frames + 1))
    piece = spectrum[:, start : start + n_frames]
    piece = np.tile(piece, (1, -(-CROP // n_frames), 1))[:, :CROP]
    if rng.random() < 0.5:
        hidden = int(rng.integers(0, CROP - 15))
        piece[:, hidden : hidden + int(rng.integers(5, 15))] = 0.0
    if rng.random() < 0.5:
        hidden = int(rng.integers(0, N_BANDS - 3))
        piece[:, :, hidden : hidden + int(rng.integers(1, 4))] = 0.0
    return np.ascontiguousarray(piece, dtype=np.float32)


def _along(spectrum: NDArray[np.float32], places: Array, *, axis: int) -> NDArray[np.float32]:
    """Values between the frames or bands, by straight lines."""
    low = places.astype(np.intp)
    share = (places - low).reshape((-1, 1) if axis == 1 else (1, -1)).astype(np.float32)
    upper = np.minimum(low + 1, spectrum.shape[axis] - 1)
    return np.asarray(spectrum.take(low, axis) * (1.0 - share) + spectrum.take(upper, axis) * share)
