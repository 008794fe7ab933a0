"""What microphones, rooms, lines and other voices do to a recording: training hears it, so that it is no feeling.

A domain is drawn once for a speaker and kept for all of that speaker's clips, as a real microphone is: that is what a
speaker's baseline can take out again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, firwin2, lfilter, resample_poly, sosfilt

from vocabulary import SAMPLE_RATE_HZ

Samples = NDArray[np.float64]

_EQ_HZ: Final = np.array([0.0, 100.0, 250.0, 500.0, 1000.0, 2000.0, 3500.0, 5500.0, 8000.0])
_MU: Final = 255.0


@dataclass(frozen=True)
class Domain:
    """One recording situation.

    speed: tape speed, changes pitch and tempo together; 1 leaves them. eq_db: gain at _EQ_HZ. echo_s: the room's time
    to fall by 60 dB, 0 for none; echo_share: amplitude of the echo beside the direct sound. low_hz, high_hz: band of
    the line, None for all. codec: mu-law of 8 bits. snr_db: distance to the noise; colour: [0, 1), how low it sounds.
    """

    speed: float = 1.0
    eq_db: tuple[float, ...] = ()
    echo_s: float = 0.0
    echo_share: float = 0.0
    low_hz: float | None = None
    high_hz: float | None = None
    codec: bool = False
    snr_db: float = 60.0
    colour: float = 0.5

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Self:
        """A random situation: always another microphone, often another speed, room, line or noise."""
        line = rng.random()
        telephone, dull = line < 0.15, 0.15 <= line < 0.3
        return cls(
            speed=rng.uniform(0.88, 1.14) if rng.random() < 0.5 else 1.0,
            eq_db=_draw_eq(rng, rng.choice([2.0, 4.0])),
            echo_s=rng.uniform(0.15, 0.7) if rng.random() < 0.35 else 0.0,
            echo_share=rng.uniform(0.1, 0.4),
            low_hz=rng.uniform(200.0, 350.0) if telephone else None,
            high_hz=rng.uniform(3200.0, 3800.0) if telephone else rng.uniform(2500.0, 6000.0) if dull else None,
            codec=telephone,
            snr_db=rng.uniform(12.0, 45.0),
            colour=rng.uniform(0.0, 0.95),
        )

    def apply(self, samples: Samples, rng: np.random.Generator) -> Samples:
        """The clip as it sounds there, peak .5; float64 at 16 kHz in and out. rng: for echo and noise alone."""
        sound = np.asarray(samples, dtype=np.float64)
        if self.speed != 1.0:
            sound = resample_poly(sound, round(100 / self.speed), 100)
        if self.eq_db:
            gains = 10.0 ** (np.array(self.eq_db) / 20.0)
            sound = fftconvolve(sound, firwin2(257, _EQ_HZ / _EQ_HZ[-1], gains), mode="same")
        if self.echo_s:
            sound = _echo(sound, rng, self.echo_s, self.echo_share)
        for edge, kind in ((self.low_hz, "highpass"), (self.high_hz, "lowpass")):
            if edge is not None:
                sound = sosfilt(butter(4, edge, kind, fs=SAMPLE_RATE_HZ, output="sos"), sound)
        if self.codec:
            sound = _mu_law(sound)
        noise = lfilter([1.0], [1.0, -self.colour], rng.normal(size=sound.size))
        sound = sound + noise * np.sqrt((sound**2).mean() / (noise**2).mean() * 10.0 ** (-self.snr_db / 10.0))
        return np.asarray(0.5 * sound / max(float(np.abs(sound).max()), 1e-9))


def _draw_eq(rng: np.random.Generator, strength_db: float) -> tuple[float, ...]:
    """A bent, tilted response: neighbouring frequencies have neighbouring gains."""
    octaves = np.log2(np.maximum(_EQ_HZ, 60.0) / 1000.0)
    gains = np.cumsum(rng.normal(0.0, strength_db, _EQ_HZ.size)) * 0.6 + rng.normal(0.0, strength_db, _EQ_HZ.size) * 0.6
    return tuple(float(gain) for gain in gains + rng.uniform(-strength_db, strength_db) * octaves / 2.0)


def _echo(sound: Samples, rng: np.random.Generator, seconds: float, share: float) -> Samples:
    """Noise that dies away, after the direct sound: a room nobody has measured."""
    t = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = lfilter([1.0], [1.0, -0.4], rng.normal(size=t.size) * 10.0 ** (-3.0 * t / seconds))
    tail *= share / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return np.asarray(fftconvolve(sound, tail)[: sound.size])


def _mu_law(sound: Samples) -> Samples:
    """Coded in 8 bits as telephone lines do (ITU-T G.711), and back."""
    sound = 0.7 * sound / max(float(np.abs(sound).max()), 1e-9)
    coded = np.round(np.sign(sound) * np.log1p(_MU * np.abs(sound)) / np.log1p(_MU) * 127.0) / 127.0
    return np.asarray(np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU)


def _strong_eq(rng: np.random.Generator) -> Domain:
    return Domain(eq_db=_draw_eq(rng, 6.0))


UNSEEN: Final[Mapping[str, Callable[[np.random.Generator], Domain]]] = {
    "another microphone": _strong_eq,
    "echo": lambda rng: Domain(echo_s=0.8, echo_share=rng.uniform(0.2, 0.5)),
    "telephone": lambda _: Domain(low_hz=300.0, high_hz=3400.0, codec=True, snr_db=35.0),
    "dull": lambda _: Domain(high_hz=2500.0),
    "noise": lambda rng: Domain(snr_db=10.0, colour=rng.uniform(0.0, 0.95)),
    "other voices": lambda rng: Domain(speed=float(rng.choice([0.85, 1.18]))),
}
"""Situations to measure in, each beyond or beside what training draws; one for all clips of a speaker."""
