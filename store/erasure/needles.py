"""Many byte strings looked for in one pass.

Two bytes of each needle are a place in a table of 2^16; the data's own pairs are looked up in it all at once. Where one
is found the next byte is looked up likewise, and only then is the whole needle compared. The time grows with the data,
hardly with the number of needles.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

_BLOCK: Final = 4 * 1024 * 1024
_PAIRS: Final = 1 << 16
_TRIPLES: Final = 1 << 24
# Ids begin with a kind such as "c_", which all of a kind share; what follows is random.
_OFFSET: Final = 2
_LEAST_BYTES: Final = 5


class Needles:
    """What is looked for, in UTF-8, as JSON escapes it, and in UTF-16. Words of fewer than five bytes are left out."""

    def __init__(self, words: Iterable[str]) -> None:
        forms = {form for word in words for form in _forms(word) if len(form) >= _LEAST_BYTES}
        self._longest = max(map(len, forms), default=0)
        self._by_triple: dict[int, list[bytes]] = defaultdict(list)
        self._pairs = np.zeros(_PAIRS, dtype=bool)
        self._triples = np.zeros(_TRIPLES, dtype=bool)
        for form in sorted(forms):
            triple = int.from_bytes(form[_OFFSET : _OFFSET + 3], "big")
            self._by_triple[triple].append(form)
            self._pairs[triple >> 8] = self._triples[triple] = True

    @property
    def longest(self) -> int:
        """Bytes of the longest form."""
        return self._longest

    def are_in(self, data: Any) -> bool:
        """Whether any of them is in the data: bytes, or a mapped file."""
        return any(self._block_holds(data[start : start + _BLOCK + self._longest]) for start in self._starts(len(data)))

    def _starts(self, length: int) -> Iterator[int]:
        return iter(range(0, length, _BLOCK) if self._longest else ())

    def _block_holds(self, block: bytes) -> bool:
        if len(block) < _LEAST_BYTES:
            return False
        single = np.frombuffer(block, dtype=np.uint8)
        for shift in (0, 1):
            count = (len(block) - shift - 1) // 2
            pairs = np.frombuffer(block, dtype=">u2", count=count, offset=shift)
            places = np.flatnonzero(self._pairs[pairs])
            triples = (pairs[places].astype(np.uint32) << 8) | single[2 * places + shift + 2]
            for found in np.flatnonzero(self._triples[triples]):
                start = 2 * int(places[found]) + shift - _OFFSET
                if start >= 0 and any(block.startswith(form, start) for form in self._by_triple[int(triples[found])]):
                    return True
        return False


def _forms(word: str) -> tuple[bytes, ...]:
    return (
        word.encode("utf-8", "surrogatepass"),
        json.dumps(word)[1:-1].encode(),
        word.encode("utf-16-le", "surrogatepass"),
    )
