"""Silero on sound as it arrives: one state for each call, one model for all of them."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from speech.activity import silero

FRAME: Final = 512
"""Samples of one decision, 32 ms."""
# Towards what the loudest frames of the last seconds are raised, as silero.probabilities() does for a whole clip.
_MOST_GAIN: Final = 30.0
_LOUDEST_RMS: Final = 0.15
# The loudest level is forgotten by half in 5 s: somebody who moves away from the microphone is followed.
_FORGET: Final = 0.5 ** (1 / 156)
# Below it nothing is learned about how loud a speaker is: room noise is not raised to a voice.
_LEAST_RMS: Final = 0.004


class LiveActivity:
    """How likely each 32 ms of a call hold speech. Not for several threads at once; make one for each call.

    Raises on construction: RuntimeError without Silero's model.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or silero.model_path()
        if path is None:
            raise RuntimeError("Silero's model is absent; install faster-whisper, whose wheel carries it (make setup).")
        self._session = silero.open_session(path)
        self._rest = np.zeros(0, dtype=np.float32)
        self._loudest = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget what was heard, such as after the microphone was muted."""
        self._hidden = self._cell = np.zeros(silero.STATE, dtype=np.float32)
        self._context = np.zeros(silero.CONTEXT, dtype=np.float32)
        self._rest = self._rest[:0]

    def feed(self, samples: NDArray[np.float32]) -> list[tuple[NDArray[np.float32], float]]:
        """Each whole frame of 512 samples with its probability of speech; what is left over waits for more.

        samples: (n_samples,) at 16 kHz in [-1, 1]; NaN and infinity count as silence.
        """
        clean = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        pending = np.concatenate([self._rest, clean])
        whole = pending.size // FRAME * FRAME
        self._rest = pending[whole:].copy()
        return [(frame, self._judged(frame)) for frame in pending[:whole].reshape(-1, FRAME)]

    def _judged(self, frame: NDArray[np.float32]) -> float:
        rms = float(np.sqrt(frame @ frame / FRAME))
        self._loudest = max(rms, self._loudest * _FORGET)
        gain = 1.0 if self._loudest < _LEAST_RMS else max(1.0, min(_MOST_GAIN, _LOUDEST_RMS / self._loudest))
        loud = np.clip(frame * np.float32(gain), -1.0, 1.0)
        given = {
            "input": np.concatenate([self._context, loud])[None],
            "h": self._hidden,
            "c": self._cell,
        }
        found, self._hidden, self._cell = self._session.run(["speech_probs", "hn", "cn"], given)
        self._context = loud[-silero.CONTEXT :]
        return float(np.ravel(found)[0])
