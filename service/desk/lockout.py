"""Guessing passwords takes too long to be worth it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from service.errors import Refused

# Forgotten first when more addresses than this fail; an attacker with more of them meets argon2 alone.
_REMEMBERED = 10_000


@dataclass
class _Failures:
    count: int
    last: float


class Lockout:
    """After `attempts` failures in a row, one account is closed to one address for `lock_s` seconds.

    Counted by account and address together, so that nobody can lock a colleague out from elsewhere.
    """

    def __init__(self, *, attempts: int, lock_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._attempts = attempts
        self._lock_s = lock_s
        self._clock = clock
        self._failures: dict[tuple[str, str], _Failures] = {}

    def check(self, email: str, address: str) -> None:
        """Raises: Refused with status 429 while locked; known and unknown accounts alike."""
        failures = self._failures.get(self._key(email, address))
        if failures is None:
            return
        left_s = failures.last + self._lock_s - self._clock()
        if left_s <= 0:
            del self._failures[self._key(email, address)]
        elif failures.count >= self._attempts:
            raise Refused(
                "locked",
                f"Too many wrong passwords. Please try again in {max(1, round(left_s / 60))} min.",
                status=429,
                retry_after_s=left_s,
            )

    def failed(self, email: str, address: str) -> None:
        """Count a wrong password."""
        key = self._key(email, address)
        failures = self._failures.setdefault(key, _Failures(0, 0.0))
        failures.count += 1
        failures.last = self._clock()
        while len(self._failures) > _REMEMBERED:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, email: str, address: str) -> None:
        """The right password clears the count."""
        self._failures.pop(self._key(email, address), None)

    @staticmethod
    def _key(email: str, address: str) -> tuple[str, str]:
        return email.strip().lower()[:254], address
