"""Clips of one person and of two, put together from Emo-DB's full-length sentences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.audio import decode
from speech.errors import WhoSpeaksError
from vocabulary import SAMPLE_RATE_HZ, Clip

CHOOSING: Final = ("03", "08", "10", "13", "15")
"""Speakers on whom everything is chosen; the report is on REPORTING."""
REPORTING: Final = ("09", "11", "12", "14", "16")
_MEN = ("03", "10", "11", "12", "15")
ALONE: Final = ("one mood", "several moods")
PACES: Final = (0.88, 0.94, 1.0, 1.06, 1.12)
"""Each speaker played slower and faster, pitch and formants with it, counts as another in choosing."""
Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A made clip. kind: what it is. speaker: the first voice. both: per sample, whether a second one sounds."""

    kind: str
    speaker: str
    clip: Clip
    both: NDArray[np.float32]


def read_sentences(data: Path) -> dict[str, list[tuple[str, Samples]]]:
    """(mood, samples) of each sentence by speaker; moods: W anger, F happiness, T sadness, N neutral."""
    files = sorted((data / "speech_emotion" / "emodb_full4").glob("*.flac"))
    if not files:
        raise WhoSpeaksError(f"{data} holds no speech_emotion/emodb_full4/*.flac. Name the folder of the data sets.")
    sentences: dict[str, list[tuple[str, Samples]]] = {}
    for file in files:
        sentences.setdefault(file.name[:2], []).append((file.name[5], decode(file).samples.astype(np.float64)))
    return sentences


def make_trials(
    sentences: dict[str, list[tuple[str, Samples]]],
    speakers: Sequence[str],
    *,
    rounds: int,
    paces: Sequence[float] = (1.0,),
    seed: int,
) -> Iterator[Trial]:
    """Seven clips a round; the same seed gives the same clips. Every clip gets noise, some a room, and a level."""
    for index in range(rounds):
        yield from _round(_Draw(sentences, paces, seed + index), speakers)


class _Draw:
    """Chances of one round."""

    def __init__(self, sentences: dict[str, list[tuple[str, Samples]]], paces: Sequence[float], seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._sentences = sentences
        self._paces = paces

    def one_of(self, options: Sequence[str]) -> str:
        return options[int(self.random.integers(len(options)))]

    def pace(self) -> float:
        return self._paces[int(self.random.integers(len(self._paces)))]

    def sentence(self, speaker: str, pace: float, mood: str | None = None) -> Samples:
        import soxr

        fitting = [samples for its, samples in self._sentences[speaker] if mood in (None, its)]
        samples = fitting[int(self.random.integers(len(fitting)))]
        if pace == 1.0:
            return samples
        return np.asarray(soxr.resample(samples, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ / pace), dtype=np.float64)

    def pause(self) -> Samples:
        return np.zeros(int(SAMPLE_RATE_HZ * self.random.uniform(0.1, 0.7)))

    def joined(self, parts: Sequence[Samples]) -> Samples:
        spaced = [piece for part in parts for piece in (part, self.pause())]
        return np.concatenate(spaced[:-1])

    def recorded(self, samples: Samples) -> Clip:
        """In a room (one in three), with noise of any colour at 8 to 50 dB, at -36 to -18 dB of full scale."""
        if self.random.random() < 1 / 3:
            samples = _in_room(samples, self.random)
        noise = _noise(samples.size, self.random.uniform(0.0, 2.0), self.random)
        samples = samples + at_level(noise, level_db(samples) - self.random.uniform(8.0, 50.0))
        samples = at_level(samples, -self.random.uniform(18.0, 36.0))
        return Clip((samples / max(1.0, float(np.abs(samples).max()))).astype(np.float32))


def _round(draw: _Draw, speakers: Sequence[str]) -> list[Trial]:
    speaker, pace, other_pace = draw.one_of(speakers), draw.pace(), draw.pace()
    other = draw.one_of([name for name in speakers if name != speaker])
    moods = list(draw.random.permutation(list("WFTN")))
    own: Callable[[], Samples] = lambda: draw.sentence(speaker, pace)  # noqa: E731
    foreign: Callable[[], Samples] = lambda: draw.sentence(other, other_pace)  # noqa: E731
    first = [own() for _ in range(int(draw.random.integers(1, 3)))]
    second = [foreign() for _ in range(int(draw.random.integers(1, 3)))]
    alike = "same sex" if (speaker in _MEN) == (other in _MEN) else "other sex"
    back = [own()] if draw.random.random() < 0.3 else []
    name = f"{speaker}×{pace}"
    found: list[Trial] = []

    def add(kind: str, samples: Samples, both: Samples | None = None) -> None:
        covered = np.zeros(samples.size) if both is None else both
        found.append(Trial(kind, name, draw.recorded(samples), covered.astype(np.float32)))

    same = [draw.sentence(speaker, pace, moods[0]) for _ in range(int(draw.random.integers(1, 5)))]
    add("one mood", draw.joined(same))
    add(
        "several moods",
        draw.joined([draw.sentence(speaker, pace, mood) for mood in moods[: int(draw.random.integers(2, 5))]]),
    )
    add(f"one after another, {alike}", draw.joined(first + second + back))
    fainter = -26.0 - draw.random.uniform(5.0, 15.0)
    add(
        "second voice 5 to 15 dB fainter",
        draw.joined([at_level(x, -26.0) for x in first] + [at_level(x, fainter) for x in second]),
    )
    ground = at_level(draw.joined([*first, own()]), -26.0)
    for low, high in ((0.0, 5.0), (5.0, 10.0)):
        over = draw.joined([*second, foreign(), foreign()])[: ground.size]
        over = np.pad(at_level(over, -26.0 - draw.random.uniform(low, high)), (0, ground.size - over.size))
        add(f"both at once, {low:g} to {high:g} dB", ground + over, _sounding(over))
    over = at_level(second[0], -26.0 - draw.random.uniform(0.0, 10.0))[: ground.size]
    start = int(draw.random.integers(0, ground.size - over.size + 1))
    covering = np.pad(over, (start, ground.size - over.size - start))
    add("both at once for a while, 0 to 10 dB", ground + covering, _sounding(covering))
    return found


def level_db(samples: NDArray[np.floating]) -> float:
    """Root mean square against full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64))) + 1e-9))


def at_level(samples: NDArray[np.floating], wanted_db: float) -> Samples:
    """The samples with that level."""
    return np.asarray(samples, dtype=np.float64) * 10 ** ((wanted_db - level_db(samples)) / 20)


def _sounding(samples: Samples) -> Samples:
    power = np.convolve(samples**2, np.full(800, 1 / 800), mode="same")
    return np.asarray(power > 1e-3 * np.percentile(power, 95), dtype=np.float64)


def _noise(size: int, slope: float, random: np.random.Generator) -> Samples:
    """Noise whose power falls with frequency to the power of slope: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(random.normal(size=size))
    bins = np.maximum(np.arange(spectrum.size), 1)
    return np.asarray(np.fft.irfft(spectrum * bins ** (-slope / 2), size), dtype=np.float64)


def _in_room(samples: Samples, random: np.random.Generator) -> Samples:
    """Noise that decays by 60 dB in 0.1 to 0.5 s, 6 to 18 dB below the direct sound."""
    from scipy.signal import fftconvolve

    seconds = random.uniform(0.1, 0.5)
    tail = random.normal(size=int(seconds * SAMPLE_RATE_HZ))
    tail *= 10 ** (-3 * np.arange(tail.size) / tail.size)
    echo = np.asarray(fftconvolve(samples, tail), dtype=np.float64)[: samples.size]
    return np.add(samples, at_level(echo, level_db(samples) - random.uniform(6.0, 18.0)), dtype=np.float64)
