"""Voices that machines make: synthesisers read sentences, and vocoders make recorded speech anew."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft
from scipy.linalg import solve_toeplitz
from scipy.signal import istft, lfilter, stft

from emotion.errors import TrainingError
from emotion.training.doubt.texts import ENGLISH, GERMAN
from emotion.voice.prosody import Prosody
from vocabulary import SAMPLE_RATE_HZ, Clip

Samples = NDArray[np.float64]

LEARNT_FLITE: Final = ("rms", "slt", "awb")
"""Statistical parametric voices."""
KEPT_FLITE: Final = "kal16"
"""A diphone voice, another way of making speech: nothing is learnt or chosen from it."""
_ESPEAK: Final = ("en-us", "en-us+m3", "en-us+f2", "en-us+klatt2", "de", "de+f4", "de+m7", "de+klatt4")
_PROGRAM: Final = Path(__file__).with_name("espeak_program.py")
_EVERY_S: Final = 0.005
_ORDER: Final = 22


def speak_all(folder: Path) -> dict[str, list[Path]]:
    """WAV files by machine, made once: "flite rms", …, "espeak-ng en-us", … Raises: TrainingError."""
    flite, espeak = shutil.which("flite"), find_spec("espeakng_loader")
    if flite is None or espeak is None or espeak.origin is None:
        raise TrainingError("flite or espeak-ng is missing; run: apt-get install flite, and make setup")
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Path]] = {}
    for voice, (at, text) in product((*LEARNT_FLITE, KEPT_FLITE), enumerate((*ENGLISH, *GERMAN))):
        path = folder / f"flite-{voice}-{at}.wav"
        found.setdefault(f"flite {voice}", []).append(path)
        if not path.is_file():
            subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
    jobs = []
    for voice in _ESPEAK:
        for at, text in enumerate(GERMAN if voice.startswith("de") else ENGLISH):
            path = folder / f"espeak-{voice.replace('+', '-')}-{at}.wav"
            found.setdefault(f"espeak-ng {voice}", []).append(path)
            pace, pitch = 135 + 15 * (at % 5), 35 + 7 * (at % 6)
            jobs.append({"voice": voice, "rate": pace, "pitch": pitch, "text": text, "path": str(path)})
    if not all(Path(str(job["path"])).is_file() for job in jobs):
        command = [sys.executable, "-I", "-S", str(_PROGRAM), str(Path(espeak.origin).parent)]
        subprocess.run(command, input=json.dumps(jobs).encode(), check=True, capture_output=True)
    return found


def predictive_vocoder(samples: Samples, rng: np.random.Generator) -> Samples:
    """Linear prediction driven by pulses and noise, as in speech coders and parametric synthesis."""
    prosody = Prosody.of(Clip(samples.astype(np.float32)))
    if prosody is None:
        return samples
    hop, wide = round(_EVERY_S * SAMPLE_RATE_HZ), 512
    count = max(1, (samples.size - wide) // hop)
    hz = np.interp(np.arange(count) * 0.5, np.arange(prosody.hz.size), _bridged(prosody.hz))
    voiced = np.interp(np.arange(count) * 0.5, np.arange(prosody.hz.size), (prosody.hz > 0).astype(float)) > 0.5
    phase, state, made = 0.0, np.zeros(_ORDER), []
    for at in range(count):
        piece = samples[at * hop : at * hop + wide] * np.hanning(wide)
        correlation = irfft(np.abs(rfft(piece, 2 * wide)) ** 2)[: _ORDER + 1]
        correlation[0] = correlation[0] * 1.0005 + 1e-9
        weights = solve_toeplitz(correlation[:-1], correlation[1:])
        gain = np.sqrt(max(float(correlation[0] - weights @ correlation[1:]), 1e-12) / wide * 2.7)
        if voiced[at]:
            steps = phase + np.arange(1, hop + 1) * hz[at] / SAMPLE_RATE_HZ
            pulses = np.diff(np.floor(steps), prepend=np.floor(phase)) * np.sqrt(SAMPLE_RATE_HZ / hz[at])
            phase = float(steps[-1] % 1.0)
            source = pulses + 0.1 * rng.normal(size=hop)
        else:
            source = rng.normal(size=hop)
        sound, state = lfilter([1.0], np.concatenate([[1.0], -weights]), gain * source, zi=state)
        made.append(sound)
    return np.concatenate(made)


def spectral_vocoder(samples: Samples, rng: np.random.Generator) -> Samples:
    """Phases made up for a mel spectrum of 40 bands. Source: D. Griffin and J. Lim (1984)."""
    _, _, spectrum = stft(samples, nperseg=512, noverlap=384)
    mel = _mel(40, spectrum.shape[0])
    magnitude = np.maximum(np.linalg.pinv(mel) @ (mel @ np.abs(spectrum)), 1e-8)
    phase = np.exp(2j * np.pi * rng.random(spectrum.shape))
    for _ in range(24):
        _, sound = istft(magnitude * phase, nperseg=512, noverlap=384)
        _, _, again = stft(sound, nperseg=512, noverlap=384)
        phase = np.exp(1j * np.angle(again[:, : phase.shape[1]]))
    return np.asarray(istft(magnitude * phase, nperseg=512, noverlap=384)[1])


def _bridged(hz: Samples) -> Samples:
    voiced = np.flatnonzero(hz > 0)
    return np.interp(np.arange(hz.size), voiced, hz[voiced]) if voiced.size else np.full(hz.size, 120.0)


def _mel(count: int, bins: int) -> Samples:
    edges = 700.0 * (10.0 ** (np.linspace(0.0, 2840.0, count + 2) / 2595.0) - 1.0)
    hz = np.linspace(0.0, SAMPLE_RATE_HZ / 2, bins)
    up = (hz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - hz) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(up, down), 0.0, None)
