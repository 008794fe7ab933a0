"""Guessing passwords and codes takes too long to be worth it."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from service.errors import Refused, Unavailable
from store import StoreError

K = TypeVar("K")
V = TypeVar("V")

# Forgotten first when more than these fail; an attacker with more addresses meets the slower bounds below.
_REMEMBERED: Final = 10_000
# Wrong tries at one account from anywhere before it opens slowly: one try in five minutes.
_ALTOGETHER: Final = 30
_ONE_IN_S: Final = 300.0


@dataclass
class _Tries:
    count: float
    last: float


class Guard:
    """Counts tries before they are judged, so that a thousand at once count as a thousand.

    After `attempts` failures in a row, one account is closed to one address for `lock_s` seconds; so nobody locks a
    person out from elsewhere. Beyond that an account takes one try in five minutes from all unknown addresses together;
    an address from which its owner has signed in is not slowed down.
    """

    def __init__(self, *, attempts: int, lock_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._attempts = attempts
        self._lock_s = lock_s
        self._clock = clock
        self._here: OrderedDict[tuple[str, str], _Tries] = OrderedDict()
        self._altogether: OrderedDict[str, _Tries] = OrderedDict()
        self._homes: OrderedDict[tuple[str, str], None] = OrderedDict()

    def attempt(self, account: str, address: str) -> None:
        """Count one try. account: what was given as the name, known or not. Raises: Refused (429) while locked."""
        now = self._clock()
        key = (_normal(account), address)
        here = self._here.get(key) or _Tries(0, now)
        if here.count and now >= here.last + self._lock_s:
            here = _Tries(0, now)
        if here.count >= self._attempts:
            raise _locked(here.last + self._lock_s - now)
        if key not in self._homes:
            self._slow_down(key[0], now)
        _remember(self._here, key, _Tries(here.count + 1, now))

    @contextmanager
    def trying(self, account: str, address: str) -> Iterator[None]:
        """Around judging a try: it counts unless it could not be judged. Raises: Refused (429) while locked."""
        self.attempt(account, address)
        try:
            yield
        except (Unavailable, StoreError):
            self.undone(account, address)
            raise

    def undone(self, account: str, address: str) -> None:
        """The last try was no guess: it is not counted."""
        key = (_normal(account), address)
        for tries in (self._here.get(key), self._altogether.get(key[0])):
            if tries is not None:
                tries.count = max(0.0, tries.count - 1)

    def succeeded(self, account: str, address: str) -> None:
        """The right word clears the count, and the address is its owner's from now on."""
        self.undone(account, address)
        key = (_normal(account), address)
        self._here.pop(key, None)
        _remember(self._homes, key, None)

    def forgive(self, account: str) -> None:
        """Its owner has proved who they are by another way: nothing is counted any more."""
        name = _normal(account)
        self._altogether.pop(name, None)
        for key in [key for key in self._here if key[0] == name]:
            del self._here[key]

    def _slow_down(self, name: str, now: float) -> None:
        tries = self._altogether.get(name) or _Tries(0, now)
        tries.count = max(0.0, tries.count - (now - tries.last) / _ONE_IN_S)
        tries.last = now
        if tries.count > _ALTOGETHER - 1:
            raise _locked((tries.count - _ALTOGETHER + 1) * _ONE_IN_S)
        tries.count += 1
        _remember(self._altogether, name, tries)


def _remember(known: OrderedDict[K, V], key: K, value: V) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > _REMEMBERED:
        known.popitem(last=False)


def _normal(account: str) -> str:
    return account.strip().casefold()[:254]


def _locked(left_s: float) -> Refused:
    minutes = max(1, round(left_s / 60))
    return Refused(
        "locked", f"Too many wrong tries. Please try again in {minutes} min.", status=429, retry_after_s=left_s
    )
