"""Who speaks when, by pyannote.audio: a program of its own in .venvs/diarization, started by path.

It imports nothing of ours. It reads requests from standard input and writes answers to standard output:
four bytes, big-endian: length of the header; the header, JSON; then the samples, little-endian float32, 16 kHz, mono.
    → {"id": 1, "samples": 160000} + samples        ← {"id": 1, "turns": [[0.3, 4.2, "SPEAKER_00"], …]}
                                                    ← {"id": 1, "error": "failed", "kind": "RuntimeError"}
The first answer is {"ready": true} or {"error": "not_loaded", "kind": …}. It ends when its input does.
"""

import argparse
import json
import os
import queue
import resource
import sys
import threading
import types
import warnings
from pathlib import Path
from typing import Any, BinaryIO

SAMPLE_RATE_HZ = 16_000
_LONGEST_HEADER = 4096
_MB = 1_000_000


def main() -> None:
    """Load the pipeline, then answer requests one after another until the input ends."""
    options = argparse.ArgumentParser()
    options.add_argument("pipeline", type=Path, help="folder with config.yaml")
    options.add_argument("--max-seconds", type=float, default=600.0)
    options.add_argument("--memory-mb", type=int, default=6000)
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()
    # Libraries print; what they print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    threading.Thread(
        target=_read, args=(sys.stdin.buffer, requests, round(given.max_seconds * SAMPLE_RATE_HZ)), daemon=True
    ).start()
    # An allocation beyond this fails in here, instead of the system ending some other process.
    resource.setrlimit(resource.RLIMIT_DATA, (given.memory_mb * _MB, given.memory_mb * _MB))
    try:
        pipeline = load(given.pipeline, threads=given.threads)
    except Exception as err:  # noqa: BLE001 whatever is wrong with the folder, the other side is told its kind
        _write(answers, {"error": "not_loaded", "kind": type(err).__name__})
        return
    _write(answers, {"ready": True})
    while True:
        header, payload = requests.get()
        try:
            turns = who_speaks(pipeline, payload)
        except Exception as err:  # noqa: BLE001 one clip must not end the process; its text could hold paths or sound
            _write(answers, {"id": header["id"], "error": "failed", "kind": type(err).__name__})
        else:
            _write(answers, {"id": header["id"], "turns": turns})


def load(folder: Path, *, threads: int) -> Any:
    """The pipeline of a folder, without a network."""
    # Before the import: the library reads them then. It reports its use over the network unless told not to.
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    os.environ["HF_HUB_OFFLINE"] = "1"
    without_torchaudio_extension()
    warnings.simplefilter("ignore")
    import torch
    from pyannote.audio import Pipeline  # type: ignore[import-not-found]

    torch.set_num_threads(threads)
    pipeline = Pipeline.from_pretrained(folder)
    if pipeline is None:
        raise FileNotFoundError(folder)
    return pipeline


def who_speaks(pipeline: Any, payload: bytes) -> list[tuple[float, float, str]]:
    """(start_s, end_s, speaker) of each turn, overlaps included."""
    import torch

    samples = torch.frombuffer(bytearray(payload), dtype=torch.float32)[None]
    with torch.inference_mode():
        # In memory: decoding files needs FFmpeg's libraries, which may be missing.
        found = pipeline({"waveform": samples, "sample_rate": SAMPLE_RATE_HZ, "uri": "clip"})
    turns = found.speaker_diarization.itertracks(yield_label=True)
    return [(round(turn.start, 3), round(turn.end, 3), str(speaker)) for turn, _, speaker in turns]


def without_torchaudio_extension() -> None:
    """Put an empty module where torchaudio loads its compiled part: builds for CUDA fail to load without it.

    pyannote.audio needs only what torchaudio does in Python.
    """
    stub: Any = types.ModuleType("torchaudio._extension")
    stub._IS_TORCHAUDIO_EXT_AVAILABLE = False
    stub._IS_ALIGN_AVAILABLE = False
    stub.fail_if_no_align = lambda function: function
    stub._check_cuda_version = lambda: None
    sys.modules["torchaudio._extension"] = stub


def _read(source: BinaryIO, requests: "queue.Queue[tuple[dict[str, Any], bytes]]", most_samples: int) -> None:
    """Requests into the queue; ends the process with its input, also in the middle of a clip."""
    while True:
        length = int.from_bytes(source.read(4), "big")
        if not 0 < length <= _LONGEST_HEADER:
            break
        try:
            header = json.loads(source.read(length))
            samples = int(header["samples"])
        except (ValueError, KeyError, TypeError):
            break
        if not 0 <= samples <= most_samples:
            break
        payload = source.read(4 * samples)
        if len(payload) < 4 * samples:
            break
        requests.put((header, payload))
    os._exit(0)


def _write(target: BinaryIO, header: dict[str, Any]) -> None:
    packed = json.dumps(header).encode()
    target.write(len(packed).to_bytes(4, "big") + packed)
    target.flush()


if __name__ == "__main__":
    main()
