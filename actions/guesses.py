"""Guessing at somebody else's order ends soon, however many conversations the guesses come from."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MOST_WRONG: Final = 10
"""Different wrong proofs of one number. A town has some hundred postcodes; who ordered needs one or two tries."""
FORGOTTEN_AFTER_S: Final = 3600.0
_REMEMBERED: Final = 10_000


class Guesses:
    """Counts different wrong proofs by what they were to prove, in memory. The same wrong proof again is one guess."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, dict[bytes, float]] = OrderedDict()

    def are_used_up(self, number: str) -> bool:
        """Whether no further proof of this number is looked at for now."""
        return len(self._recent(number)) >= MOST_WRONG

    def add(self, number: str, proof: str) -> None:
        """Note a wrong proof; only its digest is kept."""
        recent = self._recent(number)
        recent[hashlib.sha256(proof.encode()).digest()] = self._clock()
        self._wrong[number] = recent
        self._wrong.move_to_end(number)
        while len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)

    def _recent(self, number: str) -> dict[bytes, float]:
        oldest = self._clock() - FORGOTTEN_AFTER_S
        return {proof: at for proof, at in self._wrong.get(number, {}).items() if at > oldest}
