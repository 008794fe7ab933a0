"""A light suspicion that more than one person speaks in a clip; it does not say who or when."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import WhoSpeaksError
from speech.voices.mel import spoken_frames
from vocabulary import Clip

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

VOICES: Final = Path(__file__).resolve().parents[2] / "models" / "voices"
"""The encoder that ships; its card says what it was made of."""
WINDOW: Final = 160
"""Frames of 10 ms: the length that the encoder was trained on."""
_HOP = 40
# Of a long clip, as many windows as keep the work below this, evenly spread.
_MOST_WINDOWS = 240
_BATCH = 32
# Windows on either side of a moment that are compared, without the one that straddles it.
_SIDE = 7

ANOTHER_VOICE: Final = "another voice takes over"
TWO_AT_ONCE: Final = "two voices at once"
ONE_VOICE: Final = "one voice"
TOO_SHORT: Final = "too short to tell"


@dataclass(frozen=True)
class Suspicion:
    """suspected: more than one person may speak. score: in [0, 1], suspected from .5. reason: in words, no content."""

    suspected: bool
    score: float
    reason: str


def suspicion(clip: Clip) -> Suspicion:
    """Whether a second person may speak in the clip, before, after or beneath the first.

    About .015 × real time on one core. Less than 0.8 s of speech is not suspected, and says so.
    Raises: WhoSpeaksError if the model is missing. Source: docs/decisions/0072-second-voice.md.
    """
    return _shipped().judge(clip)


class Suspector:
    """The encoder of a folder with its thresholds. Safe to share between threads. Raises: WhoSpeaksError."""

    def __init__(self, folder: Path = VOICES, *, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            self._change_limit = float(meta["change_limit"])
            self._overlap_limit = float(meta["overlap_limit"])
            self._session: InferenceSession = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise WhoSpeaksError(
                f"{folder} holds no voice encoder ({type(err).__name__}). Check out the file."
            ) from None
        except Exception as err:  # noqa: BLE001 onnxruntime raises bare Exception subclasses of its own
            raise WhoSpeaksError(f"{folder / 'encoder.onnx'} cannot be loaded ({type(err).__name__}).") from None

    def judge(self, clip: Clip) -> Suspicion:
        """See suspicion()."""
        measured = self.measure(clip)
        if measured is None:
            return Suspicion(False, 0.0, TOO_SHORT)
        change, overlap = measured
        # Steepness: a tenth of the voices' distance, one unit of the overlap's logit.
        change_score = _squashed((change - self._change_limit) / 0.1)
        overlap_score = _squashed(overlap - self._overlap_limit)
        score = max(change_score, overlap_score)
        if score < 0.5:
            return Suspicion(False, score, ONE_VOICE)
        return Suspicion(True, score, ANOTHER_VOICE if change_score >= overlap_score else TWO_AT_ONCE)

    def measure(self, clip: Clip) -> tuple[float, float] | None:
        """(largest change of voice, 0 to 2; two voices at once, a logit), None if too little is spoken."""
        (mel,) = spoken_frames(clip)
        if len(mel) < WINDOW // 2:
            return None
        identity, overlap = self.hear(mel)
        return largest_change(identity), loudest_two(overlap)

    def hear(self, mel: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit vectors of the voice in each window, (n_windows, 256), and the logits of two at once, (n_windows,)."""
        windows, names = windows_of(mel), ["identity", "overlap"]
        parts = [
            self._session.run(names, {"mel": windows[first : first + _BATCH]})
            for first in range(0, len(windows), _BATCH)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])[:, 0]


def windows_of(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Overlapping windows, (n, 160, …), every 0.4 s or, of long clips, rarer; a short clip is repeated to fill one."""
    if len(frames) < WINDOW:
        times = -(-WINDOW // len(frames))
        return np.concatenate([frames] * times)[None, :WINDOW]
    last = len(frames) - WINDOW
    count = min(_MOST_WINDOWS, last // _HOP + 1)
    starts = np.linspace(0, last // _HOP * _HOP, count).astype(int)
    return np.stack([frames[start : start + WINDOW] for start in starts])


def largest_change(identity: NDArray[np.float32]) -> float:
    """1 - cosine between the mean voices before and after the moment where they differ most; 0 with few windows."""
    largest = 0.0
    for moment in range(2, len(identity) - 1):
        before = identity[max(0, moment - _SIDE - 1) : moment - 1].mean(axis=0)
        after = identity[moment + 1 : moment + 1 + _SIDE].mean(axis=0)
        lengths = float(np.linalg.norm(before) * np.linalg.norm(after))
        if lengths > 0.0:
            largest = max(largest, 1.0 - float(before @ after) / lengths)
    return largest


def loudest_two(overlap: NDArray[np.float32]) -> float:
    """Mean of the two strongest windows: one alone may be a cough."""
    return float(np.sort(overlap)[-2:].mean())


def _squashed(value: float) -> float:
    return float(1.0 / (1.0 + np.exp(-np.clip(value, -30.0, 30.0))))


@cache
def _shipped() -> Suspector:
    return Suspector()
