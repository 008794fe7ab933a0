"""What the provider is told to do with a call: small XML documents.

Source: https://www.twilio.com/docs/voice/twiml
"""

from collections.abc import Iterable
from html import escape

MEDIA_TYPE = "application/xml"


def connect(stream_url: str, then_url: str, ticket: str, *, first: Iterable[str] = ()) -> str:
    """Carry the call's sound over a WebSocket, and ask at then_url what follows. ticket: what opens the socket.

    first: said by the provider's own voice before.
    """
    return _document(
        *map(_say, first),
        f'<Connect action={_quoted(then_url)} method="POST"><Stream url={_quoted(stream_url)}>'
        f'<Parameter name="ticket" value={_quoted(ticket)}/></Stream></Connect>',
    )


def hang_up(*words: str) -> str:
    """End the call, after these words of the provider's own voice."""
    return _document(*map(_say, words), "<Hangup/>")


def _say(words: str) -> str:
    return f"<Say>{escape(words, quote=False)}</Say>"


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'


def _document(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'
