"""Nothing is invented: sounds without a word give no text; and short answers are still heard.

Thresholds were chosen on seeds 101 to 104; these are others. `pytest tests/speech/test_noises.py --noises 300 -s`
plays them all and prints the figures.
"""

from collections import Counter
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.noises import KINDS, Noise, generated, recorded
from speech import Transcriber, decode, has_speech, open_transcriber
from speech.recognition.setup import SpeechSetup
from tests.flite import Speak
from vocabulary import SAMPLE_RATE_HZ, Clip

SEED = 7319
SHORT = ("yes", "no", "four", "one", "stop", "hi", "two", "eight", "okay", "please", "help", "six", "refund")
VOICES = ("kal16", "awb", "rms", "slt")


@pytest.fixture(scope="module")
def noises(noise_count: int) -> list[Noise]:
    """Four fifths generated, the rest cut from recordings where there are some."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "speech" / "noise"
    cuts = noise_count // 5 if folder.is_dir() else 0
    return list(chain(generated(noise_count - cuts, seed=SEED), recorded(folder, cuts, seed=SEED) if cuts else ()))


def invented(transcriber: Transcriber, noises: list[Noise]) -> list[str]:
    transcripts = [(noise.name, transcriber.transcribe(noise.clip)) for noise in noises]
    reasons = Counter(transcript.reason for _, transcript in transcripts)
    texts = [name for name, transcript in transcripts if transcript.text]
    print(f"\n{transcriber.engine}: {len(texts)} texts from {len(noises)} noises; reasons {dict(reasons)}")
    return texts


def test_same_seed_gives_the_same_noises() -> None:
    one, two = (list(generated(len(KINDS), seed=5)) for _ in range(2))
    assert all((first.clip.samples == second.clip.samples).all() for first, second in zip(one, two, strict=True))
    assert any((first.clip.samples.size != other.clip.samples.size) for first, other in pairwise(one))


def test_default_engine_invents_nothing(transcriber: Transcriber, noises: list[Noise]) -> None:
    assert invented(transcriber, noises) == []


def test_pocketsphinx_invents_nothing(noises: list[Noise]) -> None:
    assert invented(open_transcriber(SpeechSetup(engine="pocketsphinx")), noises) == []


@pytest.mark.parametrize("noise_db", [None, -20, -10])
def test_short_answers_are_noticed(speak: Speak, noise_db: float | None) -> None:
    random = np.random.default_rng(SEED)
    clips = [decode(speak(word, voice)) for word in SHORT for voice in VOICES]
    missed = 0
    for clip in clips:
        padded = np.pad(clip.samples, SAMPLE_RATE_HZ // 2).astype(np.float64)
        level = 1e-3 if noise_db is None else np.sqrt(np.square(clip.samples).mean()) * 10 ** (noise_db / 20)
        padded += level * random.standard_normal(padded.size)
        missed += not has_speech(Clip(np.clip(padded, -1, 1).astype(np.float32)))
    where = "quiet room" if noise_db is None else f"noise at {noise_db} dB"
    print(f"\nshort answers, {where}: {len(clips) - missed} of {len(clips)} noticed")
    assert missed <= (0 if noise_db is None or noise_db <= -20 else 2)


def test_short_answers_give_words(transcriber: Transcriber, speak: Speak) -> None:
    clips = [decode(speak(word, voice)) for word in SHORT for voice in VOICES]
    reasons = Counter(transcriber.transcribe(clip).reason for clip in clips)
    print(f"\n{transcriber.engine}: {reasons[None]} of {len(clips)} short answers give words; {dict(reasons)}")
    # A lone synthetic syllable may be too unclear to be believed; it is not lost: the customer is asked again.
    assert reasons[None] >= 0.9 * len(clips)


@pytest.mark.shared
def test_natural_speech_is_heard(shared_data: Path, transcriber: Transcriber) -> None:
    speech = shared_data / "speech"
    paths = [
        *speech.glob("jfk.flac"),
        *sorted(speech.glob("timit_like/*.wav")),
        *sorted(speech.glob("librispeech/*.ogg")),
    ]
    if not paths:
        pytest.skip("no natural speech in the measuring data")
    reasons = Counter(transcriber.transcribe(decode(path)).reason for path in paths)
    print(f"\n{transcriber.engine}: {reasons[None]} of {len(paths)} natural recordings give words; {dict(reasons)}")
    assert reasons[None] == len(paths)
