"""Persons' keys that were opened a moment ago: a turn reads with the same key a dozen times."""

import time
from collections import OrderedDict
from typing import Final

from privacy import DataKey

KEPT_S: Final = 5.0
"""A key that another process has destroyed opens nothing more after that, here too."""
_MOST: Final = 1000


class KeyCache:
    """For reading alone: what seals asks the database each time. One for each process and database."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, tuple[float, DataKey]] = OrderedDict()

    def get(self, key_id: str) -> DataKey | None:
        """The key, unless it was stored here too long ago."""
        found = self._keys.get(key_id)
        if found is None or time.monotonic() - found[0] > KEPT_S:
            return None
        return found[1]

    def put(self, key: DataKey) -> None:
        """Keep a key that the database has just given."""
        self._keys[key.id] = (time.monotonic(), key)
        self._keys.move_to_end(key.id)
        while len(self._keys) > _MOST:
            self._keys.popitem(last=False)

    def drop(self, key_id: str) -> None:
        """Forget a key at once."""
        self._keys.pop(key_id, None)
