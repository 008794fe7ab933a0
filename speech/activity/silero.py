"""Silero's voice activity model over onnxruntime: how likely each 32 ms hold speech."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NAME: Final = "Silero 6"
HOP_S: Final = 512 / SAMPLE_RATE_HZ
# The model's frame, and what it sees of the one before: the only window that it takes at 16 kHz.
_FRAME = 512
CONTEXT: Final = 64
STATE: Final = (1, 1, 128)
# 16 s of sound at a time: whatever the clip's length, the model's own arrays stay at a few MB.
_BATCH = 512
# Quiet microphones are raised to this level of their loudest frame: at 3 % of its level, "two" of a flite voice falls
# from .95 to .49, and raised it has .93. More gain than this raises nothing but hiss.
_LOUDEST_RMS = 0.15
_MOST_GAIN = 30.0
_LEAST_RMS = 1e-5


def model_path() -> Path | None:
    """The model that the wheel of faster-whisper carries; the package itself is not imported. None if absent."""
    spec = find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "assets" / "silero_vad_v6.onnx"
    return path if path.is_file() else None


def probabilities(samples: NDArray[np.float32], path: Path) -> NDArray[np.float32]:
    """How likely each frame of 512 samples holds speech, (n_frames,); the last frame is filled with silence.

    samples: (n_samples,) at 16 kHz in [-1, 1]. Several threads may call it at once.
    """
    session = open_session(path)
    gain = _gain(samples)
    hidden = cell = np.zeros(STATE, dtype=np.float32)
    context = np.zeros(CONTEXT, dtype=np.float32)
    found = []
    for first in range(0, samples.size, _BATCH * _FRAME):
        block = np.clip(samples[first : first + _BATCH * _FRAME] * gain, -1.0, 1.0)
        padded = np.concatenate([context, block, np.zeros(-block.size % _FRAME, dtype=np.float32)])
        frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME + CONTEXT)[::_FRAME]
        given = {"input": np.ascontiguousarray(frames), "h": hidden, "c": cell}
        part, hidden, cell = session.run(["speech_probs", "hn", "cn"], given)
        context = padded[-CONTEXT:]
        found.append(part)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


def _gain(samples: NDArray[np.float32]) -> np.float32:
    """What raises the loudest frame to speaking level; never below 1. Clicks are short and do not count as loud."""
    loudest = 0.0
    for first in range(0, samples.size, _BATCH * _FRAME):
        block = samples[first : first + _BATCH * _FRAME]
        whole = block[: block.size // _FRAME * _FRAME].reshape(-1, _FRAME)
        rest = block[whole.size :]
        squares = np.einsum("ij,ij->i", whole, whole) / _FRAME
        loudest = max(loudest, float(squares.max(initial=0.0)), float(rest @ rest) / _FRAME)
    return np.float32(max(1.0, min(_MOST_GAIN, _LOUDEST_RMS / max(np.sqrt(loudest), _LEAST_RMS))))


@cache
def open_session(path: Path) -> "InferenceSession":
    """The model, once for the whole process; several threads may run it at once."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Frames follow each other: a second thread only adds waiting (measured: 10 s take 15 ms with one).
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
