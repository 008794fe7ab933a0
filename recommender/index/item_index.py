"""The vectors of a catalogue's items: what is near to what, with exact filters, while the catalogue changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import VectorsMovedError
from recommender.index.base import EXACT_BASE_UP_TO
from recommender.index.embedding import Progress, rows_of
from recommender.index.files import stamp_of, writing
from recommender.index.merging import needs_merge
from recommender.index.shelf import Shelf
from recommender.index.view import View
from vocabulary import Item, TextEncoder

_LEFT_BEHIND_SHARE: Final = 2
_LEFT_BEHIND_ROWS: Final = 10_000
"""Vectors of texts that no item has any more are kept for their return, until they are as many as the items."""


@dataclass(frozen=True)
class Synced:
    """What a sync did. embedded: texts that had no vector yet. changed: items that are new, gone, or have another
    text."""

    embedded: int
    changed: int


class ItemIndex(Shelf):
    """Items by slot, and the nearest ones to a vector.

    A slot is the item's number in this process as long as the item lives; a free one is given to another item later.
    Searches run in any thread beside one writer, and see the state before or after a change, never half of it. Who
    keeps facts by slot takes a `view` with them. Several processes may have the same folder open: each has its own
    slots, all share the vectors and the base.
    """

    @classmethod
    def open(
        cls, folder: Path, encoder: TextEncoder, *, rebuild: bool = False, exact_up_to: int = EXACT_BASE_UP_TO
    ) -> Self:
        """What was saved last, mapped from its files; empty if there is nothing, or nothing usable.

        rebuild: begin anew if the folder holds another encoder's index. exact_up_to: items; above, the base is
        compressed. Raises: EncoderChangedError without rebuild; OSError if the folder cannot be written.
        """
        return cls(folder, encoder, rebuild=rebuild, exact_up_to=exact_up_to)

    @property
    def view(self) -> View:
        """The present state; it answers the same for ever."""
        return self._view

    @property
    def ids(self) -> Sequence[str | None]:
        """Ids by slot, None where a slot is free. It never changes: after a sync there is another one."""
        return self._view.ids

    @property
    def capacity(self) -> int:
        """How many slots there are, free ones included."""
        return self._view.capacity

    @property
    def version(self) -> int | None:
        """Of the catalogue, as the last sync named it."""
        return self._version

    def __len__(self) -> int:
        return self._view.count

    def slot(self, item_id: str) -> int | None:
        """Where an item stands; None if it is not in the index."""
        return self._slots.get(item_id)

    def vector(self, item_id: str) -> NDArray[np.float32] | None:
        """An item's vector, shape (dimensions,); None if it is not in the index."""
        slot, view = self._slots.get(item_id), self._view
        if slot is None or slot >= view.capacity or view.rows[slot] < 0:
            return None
        return np.array(view.matrix[view.rows[slot]])

    def search(
        self, vector: NDArray[np.float32], k: int, passing: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k nearest items, nearest first, equal ones by slot: slots int64 and cosines float32, shape (≤ k,).

        vector: float32, shape (dimensions,), length 1. passing: by slot, bool; slots that it does not reach do not
        pass; None for all. The answer has k items if so many pass, and never one that does not.
        Raises: ValueError for what is no vector.
        """
        return self._view.search(vector, k, passing)

    def cosines(self, vector: NDArray[np.float32], slots: NDArray[np.int64]) -> NDArray[np.float32]:
        """Of these items with a vector, in their order: float32, shape (len(slots),). Raises: ValueError for a free
        slot."""
        return self._view.cosines(vector, slots)

    def sync(
        self,
        items: Iterable[Item],
        removed: Iterable[str] = (),
        *,
        whole: bool = False,
        version: int | None = None,
        progress: Progress | None = None,
    ) -> Synced:
        """Take in items that are new or changed, and let go of those that are gone; visible at once.

        Only texts that no process has embedded yet are embedded, and what is embedded stays, also when the work is
        stopped half-way. whole: `items` are all that there are. version: of the catalogue that this makes.
        progress: told (texts embedded, texts to embed). Of several items with one id the last counts; an id that is
        both given and removed stays. Raises: EncoderError.
        """
        with self._lock:
            by_id = {item.id: item for item in items}
            self.refresh()
            rows, embedded = self._rows_of(list(by_id.values()), progress)
            gone = self._slots.keys() - by_id.keys() if whole else (self._slots.keys() & set(removed)) - by_id.keys()
            changed = self._put(list(by_id), rows, gone)
            self._unsaved = self._unsaved or changed > 0 or version not in (None, self._version)
            self._version = self._version if version is None else version
            if needs_merge(self._view):
                self._merger.start(self._view, self._vectors, self._adopt)
            return Synced(embedded, changed)

    def save(self, *, wait: bool = True) -> None:
        """Write what a restart and other processes need; they see it whole or not at all.

        wait: also build and write a new base if one is due, which takes minutes for a million items, and leave old
        texts behind; else a base is built in the background. Raises: EncoderChangedError if another encoder's index
        has been put there; OSError.
        """
        if wait:
            self._merger.wait()
        with self._lock:
            if wait and len(self._vectors) > _LEFT_BEHIND_SHARE * self._view.count + _LEFT_BEHIND_ROWS:
                self._leave_behind()
            if wait and needs_merge(self._view):
                self._adopt(self._merger.build(self._view, self._vectors), self._vectors)
            elif self._unsaved or stamp_of(self._folder) is None:
                with writing(self._folder):
                    self._write()

    def refresh(self) -> bool:
        """Take in what another process has saved; True if there was something. Else it costs one look at a file.

        Items are taken over if their catalogue's version is not older than this one's; the base always. Slots of
        items that stay do not change. Raises: EncoderChangedError if another encoder's index has been put there.
        """
        if stamp_of(self._folder) == self._seen:
            return False
        with self._lock, writing(self._folder):
            return self._catch_up()

    def stats(self) -> dict[str, Any]:
        """For people and monitors: numbers of items and texts, sizes in MB, and how the base is searched."""
        view = self._view
        base = view.base
        return {
            "items": view.count,
            "texts": len(self._vectors),
            "kind": "none" if base is None else base.kind,
            "overlay": len(view.overlay),
            "stale": view.stale,
            "index_mb": 0.0 if base is None else round((base.size + base.rows.nbytes) / 1e6, 2),
            "vectors_mb": round(self._vectors.megabytes, 2),
            "tuning": None if base is None else base.built.tuning,
            "encoder": self._encoder.version,
            "version": self._version,
            "unsaved": self._unsaved,
            "merging": self._merger.is_running,
            "failure": self._merger.failure,
        }

    def _rows_of(self, items: Sequence[Item], progress: Progress | None) -> tuple[NDArray[np.int64], int]:
        while True:
            try:
                return rows_of(items, self._vectors, self._is_in_use, self._encoder, self._folder, progress)
            except VectorsMovedError:
                with writing(self._folder):
                    self._catch_up()

    def _is_in_use(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        known = self._view.slot_of_row
        used = np.zeros(len(rows), dtype=np.bool_)
        inside = rows < len(known)
        used[inside] = known[rows[inside]] >= 0
        return used
