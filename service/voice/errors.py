"""The voice process's errors.

CallError
├── OfferError      the browser's offer cannot be answered
└── NoPlaceError    as many calls as this process takes are running
"""


class CallError(Exception):
    """Base of every error of a call."""

    code = "call"
    retryable = False


class OfferError(CallError):
    """The browser's offer cannot be answered; another one may."""

    code = "offer"


class NoPlaceError(CallError):
    """All places are taken; another process may have one, or this one in a while."""

    code = "full"
    retryable = True
