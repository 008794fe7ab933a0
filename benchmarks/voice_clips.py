"""Sounds that a customer makes in a call: signs of listening, interruptions, and sounds without a word.

Two halves: "tune", on which the settings of the turn taking were chosen, and "report", other voices, other recordings
and other seeds, on which it is measured. Natural recordings lie in `../shared/data`, which a clone may lack; flite
speaks the rest. `python -m benchmarks.voice_turns` plays them to the turn taking.
"""

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.noises import generated, recorded
from speech import decode
from vocabulary import SAMPLE_RATE_HZ

Split = Literal["tune", "report"]
DATA: Final = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_SEEDS: Final = {"tune": 3101, "report": 3202}
_VOICES: Final = {"tune": ("awb", "kal16"), "report": ("rms", "slt")}
# Times as long as the voice's own way.
_PACES: Final = {"tune": (1.0, 1.25, 0.85, 1.1), "report": (1.03, 1.17, 0.92, 1.1)}
# Spelled out letter by letter otherwise.
_HUMMED: Final = "pau m hh m pau"
_HELD: Final = {
    "tune": ("mm hmm", "okay", "right", "uh huh", "yeah", "I see", "alright", "sure", "got it", "yep"),
    "report": ("mm hmm", "okay", "right", "uh huh", "yeah", "I see", "all right", "yes", "great", "oh okay"),
}
_BROKEN: Final = {
    "tune": (
        "stop", "wait a moment", "no", "hold on, that is the wrong order", "I want to speak to a person please",
        "excuse me, can I ask something", "that is not what I asked", "my order number is four one seven",
        "can you say that again", "yeah but when does it arrive", "okay but I already paid for it", "hello",
        "actually I want to cancel it", "what about the delivery costs",
    ),
    "report": (
        "stop it", "wait", "no no", "hang on, I did not order that", "let me talk to an agent",
        "sorry, I have a question", "that is wrong", "the number is five two eight", "please repeat that",
        "right but where is my parcel", "yes but it is broken", "never mind", "I changed my mind",
        "how long does the refund take",
    ),
}  # fmt: skip
# Read speech, the beginning of which serves as somebody who begins to speak. Who speaks in which half is fixed.
_READ: Final = {
    "tune": ("timit_like/spk1_*.wav", "librispeech/198-*.ogg", "librispeech/3436-*.ogg"),
    "report": ("timit_like/spk2_*.wav", "librispeech/5703-*.ogg", "jfk.flac"),
}
# Signs of listening and of thinking in the meeting recordings, found by listening: file, from, to in seconds.
_MEETING: Final = {
    "tune": (("dev00", 5.56, 6.0), ("dev00", 9.2, 9.9)),
    "report": (("dev00", 18.45, 19.1), ("dev00", 29.82, 30.0)),
}
_BURSTS: Final = {"15": "neutral", "22": "relief", "27": "surprise", "10": "disgust"}


@dataclass(frozen=True, eq=False)
class VoiceClip:
    """One sound. kind: what it is. words: what is said; empty without words. source: what made it.

    samples: (n_samples,), float32 mono at 16 kHz in [-1, 1]. starts_at_s, ends_at_s: its first and last sound.
    """

    name: str
    kind: str
    samples: NDArray[np.float32]
    source: str
    words: str = ""
    starts_at_s: float = 0.0
    ends_at_s: float = 0.0


def backchannels(split: Split, count: int = 40) -> Iterator[VoiceClip]:
    """Signs of listening while another speaks: meetings where they are there, else flite at two paces."""
    yield from islice(_backchannels(split), count)


def interruptions(split: Split, count: int = 40) -> Iterator[VoiceClip]:
    """Somebody takes the floor: read speech where it is there, else flite."""
    yield from islice(_interruptions(split), count)


def non_speech(split: Split, count: int = 200) -> Iterator[VoiceClip]:
    """Silence, noise, breath, music, tones, knocks: four of five are generated, the rest are cuts of recordings."""
    folder = DATA / "speech" / "noise"
    cuts = count // 5 if folder.is_dir() else 0
    for noise in generated(count - cuts, seed=_SEEDS[split]):
        yield _clip(noise.name, "generated", noise.clip.samples, f"benchmarks.noises, seed {_SEEDS[split]}")
    if cuts:
        for noise in recorded(folder, cuts, seed=_SEEDS[split]):
            yield _clip(noise.name, "recorded", noise.clip.samples, f"speech/noise, seed {_SEEDS[split]}")


def bursts(split: Split, count: int = 80) -> Iterator[VoiceClip]:
    """Sighs, gasps, groans and hums of people (EmoGator); some of them say "oh". Even people tune, odd ones report."""
    folder = DATA / "speech_emotion" / "emogator"
    paths = [
        path
        for path in sorted(folder.glob("*-1.ogg"))
        if path.stem.split("-")[1] in _BURSTS and int(path.stem[:6]) % 2 == (split == "report")
    ]
    for path in paths[:count]:
        yield _clip(path.stem, _BURSTS[path.stem.split("-")[1]], decode(path).samples, "EmoGator")


def _backchannels(split: Split) -> Iterator[VoiceClip]:
    for name, start_s, end_s in _MEETING[split]:
        path = DATA / "speech" / "ami" / f"{name}.wav"
        if path.is_file():
            samples = decode(path).samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
            yield _clip(f"{name} {start_s}", "backchannel", samples, "AMI meeting")
    for stretch in _PACES[split]:
        for words in _HELD[split]:
            for voice in _VOICES[split]:
                samples = spoken(words, voice, stretch)
                yield _clip(f"{words} {voice} {stretch}", "backchannel", samples, f"flite {voice}", words)


def _interruptions(split: Split) -> Iterator[VoiceClip]:
    for pattern in _READ[split]:
        for path in sorted((DATA / "speech").glob(pattern)):
            samples = decode(path).samples
            first = round(_first_s(samples) * SAMPLE_RATE_HZ)
            samples = samples[first : first + 3 * SAMPLE_RATE_HZ]
            yield _clip(path.stem, "interruption", samples, pattern.split("/")[0], "read speech")
    for stretch in _PACES[split]:
        for words in _BROKEN[split]:
            for voice in _VOICES[split]:
                samples = spoken(words, voice, stretch)
                yield _clip(f"{words} {voice} {stretch}", "interruption", samples, f"flite {voice}", words)


def spoken(words: str, voice: str, stretch: float = 1.0) -> NDArray[np.float32]:
    """flite's sound of it, 16 kHz. stretch: times as long. Raises: CalledProcessError, FileNotFoundError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{hashlib.sha256(words.encode()).hexdigest()[:12]}.wav"
        said = ["-p", _HUMMED] if words == "mm hmm" else ["-t", words]
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", *said, "-o", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return decode(path).samples


def _clip(name: str, kind: str, samples: NDArray[np.float32], source: str, words: str = "") -> VoiceClip:
    samples = samples.astype(np.float32)
    return VoiceClip(name, kind, samples, source, words, _first_s(samples), _last_s(samples))


def _first_s(samples: NDArray[np.float32]) -> float:
    """When it is first within 30 dB of its loudest sample; 0 for silence."""
    loud = np.flatnonzero(np.abs(samples) > 0.03 * np.abs(samples).max(initial=1e-9))
    return float(loud[0] / SAMPLE_RATE_HZ) if loud.size else 0.0


def _last_s(samples: NDArray[np.float32]) -> float:
    loud = np.flatnonzero(np.abs(samples) > 0.03 * np.abs(samples).max(initial=1e-9))
    return float((loud[-1] + 1) / SAMPLE_RATE_HZ) if loud.size else 0.0
