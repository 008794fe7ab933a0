"""`python -m benchmarks.assessment_process TURNS`: the measured process of `attune bench assessment`."""

import gc
import json
import os
import sys
import time
from typing import Any

import psutil

_MB = 1024 * 1024
WARM_UP = 5
HEAVY = ("torch", "transformers", "sklearn", "tensorflow")


def main(turns: int) -> None:
    """Score, and print one JSON object."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    process = psutil.Process()
    before = process.memory_info().rss
    result = _measure(turns)
    gc.collect()
    result["added_memory_mb"] = round((process.memory_info().rss - before) / _MB, 1)
    result["heavy_modules"] = [name for name in HEAVY if name in sys.modules]
    result["torch"] = "torch" in sys.modules
    sys.stdout.write(json.dumps(result) + "\n")


def _measure(turns: int) -> dict[str, object]:
    import numpy as np

    from benchmarks import drawn_turn
    from emotion import TurnSignals, collect, decode_frame, fuse, open_panel, update_state
    from journey import decide
    from store import StoreSettings
    from vocabulary import DialogueEvidence

    settings = StoreSettings()
    panel = open_panel(settings.models_dir)
    pictures = [_jpeg(drawn_turn.face(number)) for number in range(4)]
    clips = [drawn_turn.clip(number) for number in range(4)]
    whole: list[float] = []
    processor: list[float] = []
    parts: dict[str, list[float]] = {}
    absent: dict[str, str] = {}
    baseline = None
    for number in range(WARM_UP + turns):
        text, clip, picture = drawn_turn.words(number), clips[number % 4], pictures[number % 4]
        started, cpu_started = time.perf_counter(), time.process_time()
        frame = decode_frame(picture)
        decoded = time.perf_counter()
        signals = TurnSignals(text=text, clip=clip, frames=(frame,), baseline=baseline)
        answers, took = {}, {"decoding": decoded - started}
        for modality, task in panel.tasks(signals).items():
            begun = time.perf_counter()
            answers[modality] = task()
            took[modality.value] = time.perf_counter() - begun
        begun = time.perf_counter()
        readings = collect(answers, baseline)
        emotion = fuse(readings.scores, options=panel.fusion)
        state = update_state(None, emotion, DialogueEvidence())
        decide(state, emotion, DialogueEvidence())
        ended = time.perf_counter()
        took["fusion_and_decision"] = ended - begun
        baseline = readings.baseline
        absent |= {modality.value: reason for modality, reason in readings.absent.items()}
        if number >= WARM_UP:
            whole.append(ended - started)
            processor.append(time.process_time() - cpu_started)
            for name, seconds in took.items():
                parts.setdefault(name, []).append(seconds)
    return {
        "turns": turns,
        "p50_ms": round(float(np.percentile(whole, 50)) * 1000, 1),
        "p95_ms": round(float(np.percentile(whole, 95)) * 1000, 1),
        "cpu_p50_ms": round(float(np.percentile(processor, 50)) * 1000, 1),
        "cpu_p95_ms": round(float(np.percentile(processor, 95)) * 1000, 1),
        "parts_p50_ms": {name: round(float(np.percentile(times, 50)) * 1000, 1) for name, times in parts.items()},
        "absent": absent,
    }


def _jpeg(pixels: Any) -> bytes:
    import io

    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=85)
    return content.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]))
