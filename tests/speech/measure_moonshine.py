"""Measures Moonshine with and without the shop's phrases on the measuring sentences, voice by voice.

    .venvs/ml/bin/python -m tests.speech.measure_moonshine
    .venvs/ml/bin/python -m tests.speech.measure_moonshine --cost FILE [--threads 2]

Needs flite and some minutes of one core. Prints the table of docs/decisions/0061; with --cost, what one recording takes
of memory and time (docs/decisions/0060).
"""

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import psutil

from benchmarks.speech_sentences import BUZZING, MEASURED, VOICES
from benchmarks.speech_voices import spoken
from speech import Hints, SpeechSetup, decode, open_transcriber, pooled, score
from speech.recognition.moonshine import open_engine


def main() -> None:
    """Print one of the two."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cost", type=Path)
    asked.add_argument("--threads", type=int, default=1)
    given = asked.parse_args()
    if given.cost is not None:
        cost(given.cost, given.threads)
    else:
        rates()


def cost(path: Path, threads: int) -> None:
    """Resident memory of this process, and time, for the recording and for half a minute of it."""
    process = psutil.Process()
    samples = decode(path).samples
    print(f"before: {process.memory_info().rss / 2**20:.0f} MB")
    engine = open_engine(SpeechSetup(threads=threads))
    print(f"loaded: {process.memory_info().rss / 2**20:.0f} MB")
    for sound in (samples, np.resize(samples, 30 * 16_000), samples):
        wall, busy = time.perf_counter(), time.process_time()
        list(engine.recognise(sound, Hints()))
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        seconds = sound.size / 16_000
        print(
            f"{seconds:.0f} s: {busy:.2f} s of processor time ({busy / seconds:.3f} x real time), {wall:.2f} s waited, "
            f"{process.memory_info().rss / 2**20:.0f} MB"
        )
    print(f"at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def rates() -> None:
    """Print one row for each voice."""
    shop = open_transcriber(SpeechSetup(engine="moonshine"))
    plain = open_transcriber(SpeechSetup(engine="moonshine", language_model=None))
    seconds = cost = 0.0
    print("| voice | words | with the shop's phrases | without |")
    both = []
    for voice in (*VOICES, BUZZING):
        scores = []
        for sentence, clip in spoken(MEASURED, voice):
            heard = shop.transcribe(clip)
            seconds, cost = seconds + clip.seconds, cost + heard.seconds
            scores.append((score(sentence, heard.text), score(sentence, plain.transcribe(clip).text)))
        with_phrases, without = pooled(one for one, _ in scores), pooled(other for _, other in scores)
        print(f"| flite {voice} | {with_phrases.words} | {with_phrases.wer:.3f} | {without.wer:.3f} |", flush=True)
        if voice != BUZZING:
            both += scores
    with_phrases, without = pooled(one for one, _ in both), pooled(other for _, other in both)
    print(f"| first three | {with_phrases.words} | {with_phrases.wer:.3f} | {without.wer:.3f} |")
    print(f"{seconds:.0f} s of sound heard in {cost:.0f} s")


if __name__ == "__main__":
    main()
