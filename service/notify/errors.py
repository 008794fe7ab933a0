"""Why a message could not be sent, or a sender not be had."""


class SendFailed(Exception):  # noqa: N818 - reads as a sentence where it is caught
    """code: stable, for the log. retryable: whether trying later may help. gone: whether the address is no more.

    The message says what an operator can do; it holds no address and no words of the message.
    """

    def __init__(self, code: str, message: str, *, retryable: bool, gone: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.gone = gone


class SenderInvalid(Exception):  # noqa: N818
    """The settings name a sender that cannot be used; the message says what to do."""
