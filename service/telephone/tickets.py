"""What opens a call's sound. The provider's signature on a WebSocket is the same for each call; a ticket is not."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from privacy import hash_token, new_token

LIFETIME_S: Final = 60.0
"""The provider connects within seconds; a ticket for later is nobody's."""
_MOST: Final = 1000


@dataclass(frozen=True)
class Ticket:
    """One call that may connect. call: the provider's id. tries: how often its line was interrupted before."""

    call: str
    conversation_id: str
    tries: int = 0


@dataclass
class _Issued:
    ticket: Ticket
    secret: str
    until: float


class Tickets:
    """Tickets that wait for their WebSocket; each opens one, once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: OrderedDict[str, _Issued] = OrderedDict()

    def issue(self, ticket: Ticket) -> str:
        """The secret for a call. An earlier one for the same call, not used yet, opens nothing any more."""
        self._drop_late()
        secret = new_token()
        self._waiting.pop(ticket.call, None)
        self._waiting[ticket.call] = _Issued(ticket, secret, self._clock() + LIFETIME_S)
        while len(self._waiting) > _MOST:
            self._waiting.popitem(last=False)
        return secret

    def waiting(self, call: str) -> str | None:
        """The secret of a call that has not connected yet, if it still opens."""
        self._drop_late()
        issued = self._waiting.get(call)
        return None if issued is None else issued.secret

    def redeem(self, call: str, secret: str) -> Ticket | None:
        """The ticket, if the secret is this call's; it is used up then."""
        self._drop_late()
        issued = self._waiting.get(call)
        # An unknown call takes as long as a wrong secret.
        right = hmac.compare_digest(hash_token(issued.secret if issued else ""), hash_token(secret))
        if issued is None or not right:
            return None
        del self._waiting[call]
        return issued.ticket

    def _drop_late(self) -> None:
        now = self._clock()
        for call in [call for call, issued in self._waiting.items() if issued.until <= now]:
            del self._waiting[call]
