"""Chooses the constants by which PocketSphinx's two readings are compared: python -m benchmarks.speech_choice

Sentences for choosing only, spoken by three flite voices: shop talk, and talk about anything else, which the shop's
model must not bend to its own words. Both kinds count the same.
"""

import sys
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.speech_sentences import FOREIGN, HELD_OUT, VOICES
from benchmarks.speech_voices import spoken
from speech import PHRASES, pooled, score, speech_segments
from speech.recognition.rivals import Rivals
from speech.recognition.sphinx import Ears
from vocabulary import SAMPLE_RATE_HZ, Clip

SHARES: Final = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
NATS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)

Reading = tuple[str, list[tuple[str, str]]]


def main() -> None:
    """Print word error rates for each pair of constants."""
    ears = Ears(PHRASES)
    shop = list(_readings(ears, HELD_OUT))
    foreign = list(_readings(ears, FOREIGN))
    for name, readings in (("shop talk", shop), ("anything else", foreign)):
        for column, model in enumerate(("general model", "shop's model")):
            total = pooled(score(reference, " ".join(pair[column] for pair in pairs)) for reference, pairs in readings)
            sys.stdout.write(f"{name}, {model} alone: WER {total.wer:.3f}\n")
    sys.stdout.write(f"\n{'share':>6} {'nats':>6} {'shop':>6} {'else':>6} {'mean':>6}\n")
    rows = []
    for share in SHARES:
        for nats in NATS:
            rivals = Rivals(*ears.models, ears.phones, share=share, nats_per_phone=nats)
            rates = [_rate(rivals, readings) for readings in (shop, foreign)]
            rows.append((sum(rates) / 2, share, nats, rates))
    for mean, share, nats, (of_shop, of_else) in sorted(rows):
        sys.stdout.write(f"{share:6.2f} {nats:6.2f} {of_shop:6.3f} {of_else:6.3f} {mean:6.3f}\n")


def _readings(ears: Ears, sentences: tuple[str, ...]) -> Iterator[Reading]:
    for voice in VOICES:
        for sentence, clip in spoken(sentences, voice):
            pairs = (ears.readings(stretch) for stretch in _stretches(clip))
            yield (
                sentence,
                [(" ".join(word.text for word in one), " ".join(word.text for word in other)) for one, other in pairs],
            )


def _stretches(clip: Clip) -> Iterator[NDArray[np.float32]]:
    for start_s, end_s in speech_segments(clip):
        yield clip.samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]


def _rate(rivals: Rivals, readings: list[Reading]) -> float:
    total = pooled(score(reference, " ".join(rivals.choose(*pair) for pair in pairs)) for reference, pairs in readings)
    return total.word_errors / total.words


if __name__ == "__main__":
    main()
