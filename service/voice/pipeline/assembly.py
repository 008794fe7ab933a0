"""A pipeline of Pipecat's around one transport, and its life."""

import logging

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.workers.runner import WorkerRunner

from vocabulary import SAMPLE_RATE_HZ

log = logging.getLogger(__name__)

_CANCEL_WITHIN_S = 3.0


class Assembly:
    """Processors in order, from the customer's sound to the assistant's. run() once."""

    def __init__(self, processors: list[FrameProcessor]) -> None:
        self._worker = PipelineWorker(
            Pipeline(processors),
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE_HZ, audio_out_sample_rate=SAMPLE_RATE_HZ),
            # Silence is part of a call; the call's own limits end it.
            cancel_on_idle_timeout=False,
            idle_timeout_secs=None,
            enable_rtvi=False,
            enable_turn_tracking=False,
            cancel_timeout_secs=_CANCEL_WITHIN_S,
        )
        self._begun = self._closed = False

    async def run(self) -> None:
        """Until close(), or until the pipeline ends by itself."""
        if self._closed:
            return
        self._begun = True
        runner = WorkerRunner(handle_sigint=False, handle_sigterm=False)
        await runner.add_workers(self._worker)
        await runner.run()

    async def close(self) -> None:
        """End the pipeline at once; what was not played is dropped."""
        if not self._closed:
            self._closed = True
            if self._begun:
                await self._worker.cancel()
