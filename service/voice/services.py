"""What all calls of a voice process share: the recogniser, the voice, smart-turn, and how turns are taken."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.voice.reading import VoiceRoom
from service.voice.recogniser import Hears
from service.voice.turns import TurnSettings

log = logging.getLogger(__name__)


class Judge(Protocol):
    """Whether somebody has finished speaking, such as smart-turn. Called from threads, several at once."""

    def judge(self, samples: NDArray[np.float32]) -> float:
        """The probability in [0, 1]. samples: float32 mono at 16 kHz, at most 8 s, (n_samples,)."""
        ...


@dataclass(frozen=True, eq=False)
class Services:
    """Shared by reference. judge_with: None where only the silence timeout ends a turn.

    thinking_s: how long the page shows that an answer is on its way.
    """

    ears: Hears
    voice_room: VoiceRoom
    turns: TurnSettings = field(default_factory=TurnSettings)
    judge_with: Judge | None = None
    thinking_s: float = 20.0
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="judge"))

    async def judge(self, samples: NDArray[np.float32]) -> float | None:
        """The probability that the turn is over; None if it cannot be told."""
        if self.judge_with is None:
            return None
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, self.judge_with.judge, samples)
        except RuntimeError as err:
            # onnxruntime's own errors are RuntimeErrors; the silence timeout decides then.
            log.warning("end of turn not judged", extra={"reason": type(err).__name__})
            return None

    def close(self) -> None:
        """End workers and threads."""
        self.ears.close()
        self.threads.shutdown(wait=False, cancel_futures=True)
