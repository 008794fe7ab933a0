"""Sounds without a word in them: seeded, so that a count of invented texts can be repeated."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from speech import decode
from vocabulary import SAMPLE_RATE_HZ, Clip

Sound = NDArray[np.float64]
_KEYS: Final = ((697, 770, 852, 941), (1209, 1336, 1477, 1633))


@dataclass(frozen=True)
class Noise:
    """name: its kind and number. clip: 1 to 8 s at 16 kHz."""

    name: str
    clip: Clip


def generated(count: int, *, seed: int) -> Iterator[Noise]:
    """count clips, kind after kind, each with its own length, level and parameters."""
    kinds = list(KINDS.items())
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        random = np.random.default_rng((seed, number))
        sound = make(random, np.arange(round(random.uniform(1, 8) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ)
        yield Noise(f"{name} {number}", _clip(_at_level(sound, random.uniform(0.02, 0.9))))


def recorded(folder: Path, count: int, *, seed: int) -> Iterator[Noise]:
    """count cuts of the recordings in a folder: as they are, backwards, louder, or quieter."""
    paths = sorted(folder.glob("*.wav"))
    for number in range(count):
        path = paths[number % len(paths)]
        random = np.random.default_rng((seed, number))
        samples = decode(path).samples
        length = min(samples.size, round(random.uniform(2, 8) * SAMPLE_RATE_HZ))
        start = int(random.integers(0, samples.size - length + 1))
        cut = samples[start : start + length].astype(np.float64)
        way = ("as it is", "backwards", "louder", "quieter")[number // len(paths) % 4]
        if way == "backwards":
            cut = cut[::-1]
        elif way != "as it is":
            cut = _at_level(cut, random.uniform(0.5, 1.5) if way == "louder" else random.uniform(0.01, 0.1))
        yield Noise(f"{path.stem} {way} {number}", _clip(cut))


def _clip(sound: Sound) -> Clip:
    return Clip(np.clip(sound, -1, 1).astype(np.float32))


def _at_level(sound: Sound, peak: float) -> Sound:
    largest = float(np.abs(sound).max(initial=0.0))
    # The quietest kinds are quiet on purpose.
    return sound if largest < 1e-2 else sound * (peak / largest)


def coloured(random: Generator, size: int, slope: float, low_hz: float = 0.0, high_hz: float = 8000.0) -> Sound:
    """Noise whose power falls with frequency to the power 2 * slope, within a band."""
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(random.standard_normal(size)) / np.maximum(hz, 20.0) ** slope
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    sound = np.fft.irfft(spectrum, size)
    return np.asarray(sound / (np.abs(sound).max() + 1e-12))


def _bumps(random: Generator, time_s: Sound, per_s: float, width_s: tuple[float, float]) -> Sound:
    """A slow envelope of soft hills at random places."""
    envelope = np.zeros(time_s.size)
    for _ in range(max(1, round(per_s * time_s[-1]))):
        centre, width = random.uniform(0, time_s[-1]), random.uniform(*width_s)
        envelope += random.uniform(0.3, 1) * np.exp(-0.5 * ((time_s - centre) / width) ** 2)
    return envelope


def _bursts(random: Generator, time_s: Sound, per_s: float, decay_s: tuple[float, float]) -> Sound:
    """Sudden starts that die away: an envelope."""
    envelope = np.zeros(time_s.size)
    for _ in range(max(1, round(per_s * time_s[-1]))):
        start = random.uniform(0, time_s[-1])
        after = time_s - start
        envelope += (
            random.uniform(0.2, 1)
            * np.where(after >= 0, 1.0, 0.0)
            * np.exp(-np.clip(after, 0, None) / random.uniform(*decay_s))
        )
    return envelope


def _harmonics(time_s: Sound, hz: Sound | float, amplitudes: Sound) -> Sound:
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hz, time_s.shape)) / SAMPLE_RATE_HZ
    return np.asarray(sum(a * np.sin((k + 1) * phase) for k, a in enumerate(amplitudes)))


def _hiss(random: Generator, time_s: Sound) -> Sound:
    return np.asarray(random.uniform(1e-5, 2e-3) * random.standard_normal(time_s.size))


def _offset(random: Generator, time_s: Sound) -> Sound:
    return np.full(time_s.size, random.uniform(-5e-3, 5e-3))


def _hum(random: Generator, time_s: Sound) -> Sound:
    amplitudes = random.uniform(0, 1, 14) / np.arange(1, 15)
    return _harmonics(time_s, random.choice([50.0, 60.0, 100.0]), amplitudes) + 0.02 * random.standard_normal(
        time_s.size
    )


def _clicks(random: Generator, time_s: Sound) -> Sound:
    return np.asarray((random.random(time_s.size) < random.uniform(1e-5, 5e-4)) * random.uniform(-1, 1, time_s.size))


def _keyboard(random: Generator, time_s: Sound) -> Sound:
    strokes = coloured(random, time_s.size, 0.3, 800, 7000) * _bursts(random, time_s, 7, (0.004, 0.02))
    return np.asarray(
        strokes + 0.5 * coloured(random, time_s.size, 1, 60, 400) * _bursts(random, time_s, 5, (0.01, 0.05))
    )


def _breath(random: Generator, time_s: Sound) -> Sound:
    shaped = coloured(random, time_s.size, 0.8, 200, 5000) + 0.7 * coloured(random, time_s.size, 0.2, 900, 1600)
    return np.asarray(shaped * _bumps(random, time_s, 0.6, (0.15, 0.5)))


def _tone(random: Generator, time_s: Sound) -> Sound:
    return np.sin(2 * np.pi * random.uniform(80, 3500) * time_s)


def _beeps(random: Generator, time_s: Sound) -> Sound:
    return np.asarray(
        _tone(random, time_s) * (np.sin(2 * np.pi * random.uniform(0.5, 5) * time_s) > random.uniform(-0.5, 0.8))
    )


def _keypad(random: Generator, time_s: Sound) -> Sound:
    sound = np.zeros(time_s.size)
    at_s, step_s = 0.1, random.uniform(0.15, 0.5)
    while at_s < time_s[-1]:
        on = (time_s >= at_s) & (time_s < at_s + 0.6 * step_s)
        low, high = random.choice(_KEYS[0]), random.choice(_KEYS[1])
        sound += on * (np.sin(2 * np.pi * low * time_s) + np.sin(2 * np.pi * high * time_s))
        at_s += step_s
    return sound


def _ringing(random: Generator, time_s: Sound) -> Sound:
    warble = np.where(np.sin(2 * np.pi * random.uniform(10, 25) * time_s) > 0, 1.0, random.uniform(1.1, 1.4))
    tone = _harmonics(time_s, random.uniform(400, 1400) * warble, np.array([1, 0.5, 0.3]))
    return np.asarray(tone * (np.sin(2 * np.pi * random.uniform(0.2, 0.7) * time_s) > -0.3))


def _line_tone(random: Generator, time_s: Sound) -> Sound:
    first, second = random.choice([(350, 440), (440, 480), (480, 620), (425, 425)])
    cadence = np.sin(2 * np.pi * random.choice([0.17, 1.0, 2.0]) * time_s) > -0.2
    return np.asarray((np.sin(2 * np.pi * first * time_s) + np.sin(2 * np.pi * second * time_s)) * cadence)


def _chords(random: Generator, time_s: Sound) -> Sound:
    sound = np.zeros(time_s.size)
    beat_s = random.uniform(0.3, 1.0)
    beat = (time_s / beat_s).astype(int)
    roots = 110 * 2 ** (random.integers(0, 24, beat[-1] + 1) / 12)
    vibrato = 1 + random.uniform(0, 0.012) * np.sin(2 * np.pi * random.uniform(4, 7) * time_s)
    for interval in (0, random.choice([3, 4]), 7):
        hz = roots[beat] * 2 ** (interval / 12) * vibrato
        sound += _harmonics(time_s, hz, 1 / np.arange(1, 9) ** random.uniform(0.7, 2))
    return np.asarray(sound * np.exp(-(time_s % beat_s) / random.uniform(0.2, 1.5)))


def _music(random: Generator, time_s: Sound) -> Sound:
    drums = coloured(random, time_s.size, 0.2, 1000, 8000) * _bursts(random, time_s, 4, (0.02, 0.1))
    kick = np.sin(2 * np.pi * 55 * time_s) * _bursts(random, time_s, 2, (0.05, 0.15))
    chords = _chords(random, time_s)
    return np.asarray(chords / np.abs(chords).max() + random.uniform(0.2, 1) * (drums + kick))


def _melody(random: Generator, time_s: Sound) -> Sound:
    """A whistled or bowed line with vibrato and slides."""
    steps = np.cumsum(random.integers(-4, 5, 40))
    places = np.linspace(0, time_s[-1] + 0.01, 40)
    glide = np.interp(time_s, places, np.clip(steps, -12, 12))
    hz = random.choice([220.0, 440.0, 880.0]) * 2 ** (glide / 12)
    hz = hz * (1 + 0.01 * np.sin(2 * np.pi * 5.5 * time_s))
    return np.asarray(
        _harmonics(time_s, hz, 1 / np.arange(1, 7) ** random.uniform(1, 3))
        * (0.3 + _bumps(random, time_s, 1, (0.2, 0.6)))
    )


def _street(random: Generator, time_s: Sound) -> Sound:
    passing = _bumps(random, time_s, 0.3, (0.4, 1.2))
    rush = coloured(random, time_s.size, 0.9, 40, 3000) * (0.15 + passing)
    doppler = random.uniform(70, 140) * (1.1 - 0.2 / (1 + np.exp(-(time_s - time_s[-1] / 2) * 3)))
    motor = _harmonics(time_s, doppler, random.uniform(0.2, 1, 10) / np.arange(1, 11)) * passing
    return np.asarray(rush + random.uniform(0, 0.15) * motor)


def _wind(random: Generator, time_s: Sound) -> Sound:
    return coloured(random, time_s.size, 1.2, 20, 900) * (0.2 + _bumps(random, time_s, 1, (0.2, 0.8)))


def _motor(random: Generator, time_s: Sound) -> Sound:
    hz = random.uniform(60, 200) * (1 + 0.02 * np.sin(2 * np.pi * random.uniform(0.3, 3) * time_s))
    return _harmonics(time_s, hz, random.uniform(0.2, 1, 12) / np.arange(1, 13)) + 0.3 * coloured(
        random, time_s.size, 0.7
    )


def _siren(random: Generator, time_s: Sound) -> Sound:
    swing = np.sin(2 * np.pi * random.uniform(0.2, 4) * time_s)
    return _harmonics(time_s, random.uniform(600, 900) * (1 + 0.35 * swing), np.array([1, 0.6, 0.4, 0.2]))


def _crackle(random: Generator, time_s: Sound) -> Sound:
    return np.asarray(
        0.05 * random.standard_normal(time_s.size) * (1 + 15 * _bursts(random, time_s, 12, (0.001, 0.03)))
    )


def _knocks(random: Generator, time_s: Sound) -> Sound:
    body = coloured(random, time_s.size, 1.0, 80, 600) + 0.3 * np.sin(2 * np.pi * random.uniform(120, 300) * time_s)
    return np.asarray(body * _bursts(random, time_s, 2, (0.02, 0.08)))


def _dishes(random: Generator, time_s: Sound) -> Sound:
    rings = sum(np.sin(2 * np.pi * hz * time_s) for hz in random.uniform(1500, 6500, 6))
    return np.asarray(rings * _bursts(random, time_s, 3, (0.02, 0.2)))


def _static(random: Generator, time_s: Sound) -> Sound:
    """Bursts of wide noise, as of a bad line."""
    return np.asarray(
        coloured(random, time_s.size, random.uniform(0, 0.6)) * (_bumps(random, time_s, 3, (0.02, 0.1)) + 0.01)
    )


KINDS: Final[dict[str, Callable[[Generator, Sound], Sound]]] = {
    "silence": lambda random, time_s: np.zeros(time_s.size),
    "offset": _offset,
    "hiss": _hiss,
    "white": lambda random, time_s: coloured(random, time_s.size, 0.0),
    "pink": lambda random, time_s: coloured(random, time_s.size, 0.5),
    "brown": lambda random, time_s: coloured(random, time_s.size, 1.0),
    "band": lambda random, time_s: coloured(random, time_s.size, 0.0, 300, 3400),
    "hum": _hum,
    "clicks": _clicks,
    "keyboard": _keyboard,
    "breath": _breath,
    "tone": _tone,
    "beeps": _beeps,
    "keypad": _keypad,
    "ringing": _ringing,
    "line": _line_tone,
    "chords": _chords,
    "music": _music,
    "melody": _melody,
    "street": _street,
    "wind": _wind,
    "motor": _motor,
    "siren": _siren,
    "crackle": _crackle,
    "knocks": _knocks,
    "dishes": _dishes,
    "static": _static,
}
