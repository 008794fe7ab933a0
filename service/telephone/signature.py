"""Whether a request comes from the telephone provider: Twilio signs each one with the account's token.

Source: https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

Params = Sequence[tuple[str, str]]
"""A form's fields, decoded, in any order."""


def signature(token: str, url: str, params: Params = ()) -> str:
    """What the provider writes into X-Twilio-Signature: base64 of the HMAC-SHA1, by the account's token, over the URL
    and the fields, sorted by name, each name and value joined. A field that comes twice counts once for each value.

    >>> fields = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675310"), ("Digits", "1234")]
    >>> fields += [("From", "+14158675310"), ("To", "+18005551212")]
    >>> signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields)
    'GvWf1cFY/Q7PnoempGyD5oXAezc='
    """
    signed = url + "".join(name + value for name, value in sorted(set(params)))
    digest = hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def is_signed(token: str, given: str, url: str, params: Params = ()) -> bool:
    """Whether `given` signs this URL, as the provider may write it, and these fields; in constant time."""
    sent = given.encode("utf-8", "surrogatepass")
    return sum(hmac.compare_digest(signature(token, one, params).encode(), sent) for one in _written(url)) > 0


def _written(url: str) -> Iterator[str]:
    """The ways in which the provider writes one URL: with and without the usual port, a WebSocket's with a slash."""
    parts = urlsplit(url)
    for one in _with_port(parts):
        yield one.geturl()
        if parts.scheme == "wss":
            yield f"{one.geturl()}/"


def _with_port(parts: SplitResult) -> Iterable[SplitResult]:
    if parts.port is not None and parts.port != 443:
        return (parts,)
    host = parts.netloc.removesuffix(":443")
    return (parts._replace(netloc=host), parts._replace(netloc=f"{host}:443"))
