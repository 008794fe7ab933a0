"""Smart-turn, if it can be loaded; the silence timeout alone where it cannot."""

import logging

from service.voice.services import Judge

log = logging.getLogger(__name__)


def open_judge() -> Judge | None:
    """smart-turn v3, whose model Pipecat's wheel carries; None, with a line in the log, where it is not usable."""
    try:
        from service.voice.turns import EndJudge

        return EndJudge()
    except (ImportError, OSError, RuntimeError) as err:
        log.warning("smart-turn is not here; silence ends turns", extra={"reason": type(err).__name__})
        return None
