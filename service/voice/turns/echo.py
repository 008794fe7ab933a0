"""Whether the microphone hears the assistant itself, by way of a loudspeaker and the room."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.voice.turns.tape import Tape

_KEEP_S: Final = 3.0


class EchoJudge:
    """Compares what the microphone heard with what was played."""

    def __init__(self) -> None:
        self._played = Tape(_KEEP_S)
        self._heard = Tape(_KEEP_S)

    def played(self, samples: NDArray[np.float32], at: float) -> None:
        """samples: (n_samples,) at 16 kHz, as they leave for the customer. at: when the last one left."""
        self._played.add(samples, at)

    def heard(self, samples: NDArray[np.float32], at: float) -> None:
        """samples: (n_samples,) at 16 kHz, of the customer's microphone. at: when the last one sounded."""
        self._heard.add(samples, at)

    def is_echo(self, start: float, at: float, *, was_echo: bool) -> bool:
        """Whether the sound since `start` is the assistant's own."""
        return False
