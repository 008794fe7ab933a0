"""smart-turn v3: from the sound of a turn, how likely it is that the customer has finished."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

# What the model was trained to take: the last 8 s as Whisper's features, 80 bands every 10 ms.
_SAMPLES: Final = 8 * SAMPLE_RATE_HZ
_WINDOW: Final = 400
_HOP: Final = 160
_BANDS: Final = 80


class EndJudgeError(RuntimeError):
    """smart-turn is absent; the silence timeout decides instead."""

    code = "end_judge"
    retryable = False


class EndJudge:
    """smart-turn over onnxruntime, one model for all calls; several threads may ask at once.

    Raises on construction: EndJudgeError when the model is absent.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or model_path()
        if path is None:
            raise EndJudgeError(
                "smart-turn's model is absent; install pipecat-ai (make setup), whose wheel carries it."
            )
        self._session = _open(path)

    def judge(self, samples: NDArray[np.float32]) -> float:
        """How likely the turn is over, 0 to 1. Blocks for about 80 ms.

        samples: (n_samples,), float32 at 16 kHz, from the turn's beginning to now; only the last 8 s count.
        """
        (found,) = self._session.run(None, {"input_features": features(samples)[None]})[:1]
        return float(np.ravel(found)[0])


def model_path() -> Path | None:
    """The model that the wheel of Pipecat carries; the package itself is not imported. None if absent."""
    spec = find_spec("pipecat")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "audio" / "turn" / "smart_turn" / "data"
    return max(folder.glob("smart-turn-v3*-cpu.onnx"), default=None)


def features(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whisper's log-mel features of the last 8 s, (80, 800), silence before shorter sounds.

    Source: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", section 2.2, with the
    sound at mean 0 and variance 1, as smart-turn was trained.
    """
    recent = samples[-_SAMPLES:]
    sound = np.concatenate([np.zeros(_SAMPLES - recent.size, dtype=np.float32), recent])
    sound = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
    padded = np.pad(sound, _WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][:-1]
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)).astype(np.float32)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    log = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    log = np.maximum(log, log.max() - 8.0)
    return np.asarray((log + 4.0) / 4.0, dtype=np.float32)


@cache
def _filters() -> NDArray[np.float64]:
    """Triangles of unit area on Slaney's mel scale (linear to 1 kHz, logarithmic above), (80, 201)."""

    def hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))

    highest = 15.0 + 27.0 * np.log(SAMPLE_RATE_HZ / 2 / 1000.0) / np.log(6.4)
    edges = hertz(np.linspace(0.0, highest, _BANDS + 2))
    bins = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ)[None, :]
    low, middle, high = (edges[first : first + _BANDS, None] for first in range(3))
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)) * 2.0 / (high - low))


@cache
def _open(path: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Calls are many and cores are few: a decision on one thread takes no core from the others.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
