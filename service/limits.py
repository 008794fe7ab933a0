"""Rate limits: a token bucket for each conversation and each address."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from service.errors import Refused

# Buckets that are remembered; a forgotten one is full again, so forgetting the oldest errs on the mild side.
_REMEMBERED = 10_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """Lets `burst` calls of one key through at once and `per_s` a second from then on."""

    def __init__(self, *, burst: int, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one token; 0, or the seconds until there is one."""
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._per_s)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._per_s
        bucket.tokens -= 1
        return 0.0

    def check(self, key: str) -> None:
        """Take one token. Raises: Refused with status 429 when there is none."""
        wait_s = self.take(key)
        if wait_s:
            refusal = Refused(
                "too_many_requests",
                f"That was a lot at once. Please try again in {max(1, round(wait_s))} s; nothing was stored.",
                status=429,
                retry_after_s=wait_s,
            )
            refusal.retryable = True
            raise refusal
