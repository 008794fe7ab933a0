"""Who may come in: how many connections and requests of one address, and of all."""

import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from service.protection.lanes import Lanes

log = logging.getLogger(__name__)

_TELL_EVERY_S: Final = 10.0
_REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class GateLimits:
    """Of one connection and one address. Times in seconds.

    connections: open at once, in all; connections_of_address: of one address.
    headers_within_s: from the first byte to the last header. header_bytes: request line and headers.
    body_grace_s, body_bytes_per_s: a body may be this slow on average after the grace; looked at every look_every_s.
    unwanted_bytes, linger_s: what is still read of a body that is refused, and when its connection is closed.
    write_within_s: how long a client may leave an answer untaken.
    request_burst, requests_per_s: of one address; more wait their turn, one after the other, up to longest_wait_s,
    or are answered 429 after that time. A crowd behind one address gets slower, an attacker does not get the processor.
    frame_burst, frames_per_s; byte_burst, bytes_per_s: of what one WebSocket sends. sound_frames_per_s: of one that
    carries a call's sound, fifty frames a second while it goes well, and more after a hole in the line.
    """

    connections: int = 1000
    connections_of_address: int = 200
    headers_within_s: float = 10.0
    header_bytes: int = 32 * 1024
    body_grace_s: float = 20.0
    body_bytes_per_s: float = 1000.0
    look_every_s: float = 2.0
    unwanted_bytes: int = 1024 * 1024
    linger_s: float = 1.0
    write_within_s: float = 60.0
    request_burst: int = 100
    requests_per_s: float = 40.0
    longest_wait_s: float = 4.0
    frame_burst: int = 200
    frames_per_s: float = 40.0
    sound_frames_per_s: float = 100.0
    byte_burst: int = 1024 * 1024
    bytes_per_s: float = 128 * 1024


class Gate:
    """Counts connections and requests by address, and what was refused, by reason."""

    def __init__(
        self, limits: GateLimits, *, by_address: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """by_address: False behind a proxy, whose address all customers share; it counts for itself."""
        self.limits = limits
        self.refused: Counter[str] = Counter()
        self._by_address = by_address
        self._clock = clock
        self._open: Counter[str] = Counter()
        self.lanes = Lanes()
        self._requests: OrderedDict[str, float] = OrderedDict()
        self._told: dict[str, tuple[float, int]] = {}

    @property
    def open(self) -> int:
        """Connections that are open now."""
        return self._open.total()

    def enter(self, address: str) -> bool:
        """Whether one more connection of this address may stay open; if so, leave() must follow."""
        if self.open >= self.limits.connections:
            self.note("connections")
            return False
        if self._by_address and self._open[address] >= self.limits.connections_of_address:
            self.note("connections_of_address")
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """A connection that entered is closed."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def wait_s(self, address: str, weight: int = 1) -> float | None:
        """How long one more request of this address waits for its turn; None if it has to be refused.

        weight: of how many pages it is as dear.
        """
        if not self._by_address:
            return 0.0
        limits, now = self.limits, self._clock()
        # When the address will have had all its turns.
        turns = max(self._requests.pop(address, 0.0), now - limits.request_burst / limits.requests_per_s)
        done = turns + weight / limits.requests_per_s
        wait_s = done - now
        if wait_s > limits.longest_wait_s:
            self._requests[address] = turns
            self.note("requests")
            return None
        self._requests[address] = done
        while len(self._requests) > _REMEMBERED:
            self._requests.popitem(last=False)
        return max(0.0, wait_s)

    def note(self, reason: str) -> None:
        """Count a refusal; the log gets a line at most every ten seconds for each reason."""
        self.refused[reason] += 1
        now = self._clock()
        at, counted = self._told.get(reason, (-_TELL_EVERY_S, 0))
        if now - at >= _TELL_EVERY_S:
            total = self.refused[reason]
            self._told[reason] = now, total
            log.warning("connections refused", extra={"reason": reason, "count": total - counted})
