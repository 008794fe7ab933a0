"""Natural and made voices, every one of them through recording situations drawn in the same way."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from emotion.errors import TrainingError
from emotion.training.doubt.machines import KEPT_FLITE, predictive_vocoder, speak_all, spectral_vocoder
from emotion.training.voice.artefacts import artefacts
from emotion.training.voice.corpus import read_clip
from emotion.training.voice.domains import Domain
from emotion.voice.doubt import Frames, figures_of
from vocabulary import SAMPLE_RATE_HZ, Clip

Samples = NDArray[np.float64]

SEED: Final = 19
SITUATIONS: Final = 3
"""Of each made clip; natural ones are more and get two."""
KEPT_SPEAKERS: Final = frozenset({"15", "16"})
"""A man and a woman of Emo-DB; with a fifth of EmoGator's people they are only measured."""
_SECONDS: Final = (1.5, 4.0)


@dataclass(frozen=True, eq=False)
class Row:
    """One clip in one situation. source: its corpus or machine; who: what must not be on both sides of a split.

    made: by a machine. role: "learn", "kept" (never learnt from), "replay" (kept, through a loudspeaker) or
    "english". artefacts: what its processing gives away.
    """

    source: str
    who: str
    made: bool
    role: str
    figures: NDArray[np.float32]
    artefacts: tuple[float, ...]


def load_rows(data: Path, made: Path, tell: Callable[[str], None]) -> list[Row]:
    """All clips measured, in a fixed order. made: folder for what synthesisers read. Raises: TrainingError."""
    rows: list[Row] = []
    for at, (source, who, is_made, role, samples) in enumerate(_clips(data, made)):
        rng = np.random.default_rng([SEED, at])
        for number in range(SITUATIONS if is_made else 2):
            piece = samples[_crop(samples.size, rng)]
            shifted = phase_shifted(piece, rng)
            # A synthesiser may be fed into a call without any room: that, too, must be heard on both sides.
            situation = Domain.draw(rng) if number else Domain(snr_db=rng.uniform(35.0, 70.0))
            rows += _measured(source, who, is_made, role, situation.apply(shifted, rng))
            if role == "kept":
                rows += _measured(source, who, is_made, "replay", loudspeaker(rng).apply(shifted, rng))
        if at % 500 == 499:
            tell(f"{at + 1} clips measured …")
    if not any(row.made for row in rows) or not any(not row.made for row in rows):
        raise TrainingError(f"{data} gives no natural or no made voices; expected speech_emotion/emodb and emogator.")
    return rows


def phase_shifted(sound: Samples, rng: np.random.Generator) -> Samples:
    """Through a few all-pass filters, and upside down half of the time.

    Recordings differ in phase as much as in colour, by microphone and converter. Without this a corpus is told by the
    shape of its pulses, and every recording with another phase response is taken for a machine's.
    """
    for _ in range(int(rng.integers(0, 7))):
        radius, angle = rng.uniform(0.5, 0.95), np.pi * rng.uniform(0.01, 0.45)
        poles = [1.0, -2.0 * radius * np.cos(angle), radius**2]
        sound = lfilter(poles[::-1], poles, sound)
    return np.asarray(sound if rng.random() < 0.5 else -sound)


def loudspeaker(rng: np.random.Generator) -> Domain:
    """A small loudspeaker across a room before a microphone: what a replayed voice has been through."""
    return Domain(
        eq_db=tuple(float(gain) for gain in np.cumsum(rng.normal(0.0, 3.0, 9))),
        echo_s=rng.uniform(0.2, 0.6),
        echo_share=rng.uniform(0.4, 0.8),
        low_hz=rng.uniform(200.0, 350.0),
        high_hz=rng.uniform(5_000.0, 7_000.0),
        snr_db=rng.uniform(18.0, 35.0),
        colour=rng.uniform(0.3, 0.9),
    )


def _clips(data: Path, made: Path) -> Iterator[tuple[str, str, bool, str, Samples]]:
    acted = sorted((data / "speech_emotion" / "emodb_full4").glob("*.flac"))
    acted += sorted((data / "speech_emotion" / "emodb").glob("*.flac"))[::2]
    for path in acted:
        role = "kept" if path.name[:2] in KEPT_SPEAKERS else "learn"
        yield "Emo-DB", f"emodb {path.name[:2]}", False, role, _read(path)
    for path in sorted((data / "speech_emotion" / "emogator").glob("*"))[::4]:
        person = path.name.split("-")[0]
        yield "EmoGator", f"emogator {person}", False, "kept" if _fifth(person) else "learn", _read(path)
    for machine, paths in speak_all(made).items():
        role = "kept" if machine == f"flite {KEPT_FLITE}" else "learn"
        for at, path in enumerate(paths):
            yield machine, f"{machine.split()[0]} {at}", True, role, _read(path)
    rng = np.random.default_rng(SEED)
    for name, vocoder, first in (("pulse-vocoder", predictive_vocoder, 0), ("phase-vocoder", spectral_vocoder, 4)):
        for path in acted[first::8]:
            if path.name[:2] not in KEPT_SPEAKERS:
                yield name, f"emodb {path.name[:2]}", True, "learn", vocoder(_read(path), rng)
    for name, path in _english(data / "speech"):
        samples = _read(path)
        for start in range(0, samples.size - SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ):
            yield name, path.name, False, "english", samples[start : start + 3 * SAMPLE_RATE_HZ]


def _english(folder: Path) -> Iterator[tuple[str, Path]]:
    yield from (("LibriSpeech", path) for path in sorted((folder / "librispeech").glob("*.ogg")))
    yield from (("read sentences", path) for path in sorted((folder / "timit_like").glob("*.wav")))
    yield from (("public address", path) for path in folder.glob("jfk.flac"))
    yield from (("meetings", path) for path in sorted((folder / "ami").glob("*.wav")))


def _read(path: Path) -> Samples:
    return read_clip(path).samples.astype(np.float64)


def _fifth(person: str) -> bool:
    return hashlib.sha256(person.encode()).digest()[0] % 5 == 0


def _crop(size: int, rng: np.random.Generator) -> slice:
    """A stretch at a random place: neither length nor padding tells anything."""
    wanted = min(size, round(rng.uniform(*_SECONDS) * SAMPLE_RATE_HZ))
    start = int(rng.integers(0, size - wanted + 1))
    return slice(start, start + wanted)


def _measured(source: str, who: str, made: bool, role: str, sound: Samples) -> list[Row]:
    frames = Frames.of(Clip(sound.astype(np.float32)))
    figures = None if frames is None else figures_of(frames)
    return [] if figures is None else [Row(source, who, made, role, figures, tuple(artefacts(sound)))]
