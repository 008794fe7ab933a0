"""Why the channel refuses a request or takes a turn back.

ChannelError
├── RequestError          400/401/422, the caller must change the request
└── TurnError             503, the same request may be sent again
    ├── TurnIncompleteError
    ├── TrackerUnavailableError
    └── BusyError
"""

from typing import Any, Dict


class ChannelError(Exception):
    """Base of the channel's errors: a stable `code`, an HTTP status, and whether a retry makes sense."""

    code = "channel_error"
    status = 500
    retryable = False

    def to_dict(self) -> Dict[str, Any]:
        return {"error": {"code": self.code, "message": str(self), "retryable": self.retryable}}


class RequestError(ChannelError):
    """The request is wrong; repeating it unchanged cannot help."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class TurnError(ChannelError):
    """The turn did not happen; the tracker is as it was before."""

    status = 503
    retryable = True


class TurnIncompleteError(TurnError):
    """A custom action left no receipt, a policy failed, or the turn took too long."""

    code = "turn_incomplete"


class TrackerUnavailableError(TurnError):
    """The tracker database is locked, missing or does not hold what was written."""

    code = "tracker_unavailable"


class BusyError(TurnError):
    """The conversation is in another turn, or no model is loaded yet."""

    code = "busy"
