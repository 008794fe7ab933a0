"""An index and the folder that it shares with other processes: who is where, what was saved, what others have saved."""

from collections.abc import Collection, Sequence
from pathlib import Path
from threading import RLock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.embedding.vectors import TextVectors
from recommender.errors import EncoderChangedError
from recommender.index.base import Base, Draft, open_base
from recommender.index.files import Meta, stamp_of, writing
from recommender.index.merging import Merger, needs_merge
from recommender.index.storing import meta_for, read_base, read_items, write_items
from recommender.index.view import View
from vocabulary import TextEncoder

_COPIED_ROWS: Final = 10_000


class Shelf:
    """What `ItemIndex` stands on: it changes the view and keeps it in the folder.

    Two locks, always taken in this order: the thread lock of the object, then the writer's lock of the folder.
    """

    def __init__(self, folder: Path, encoder: TextEncoder, *, rebuild: bool, exact_up_to: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._encoder = encoder
        self._lock = RLock()
        self._merger = Merger(folder, exact_up_to)
        self._slots: dict[str, int] = {}
        self._free: list[int] = []
        self._version: int | None = None
        self._stamp = 0
        self._unsaved = False
        with writing(folder):
            self._seen = stamp_of(folder)
            meta: Meta | None = None
            try:
                meta = meta_for(folder, encoder)
            except EncoderChangedError:
                if not rebuild:
                    raise
                self._unsaved = True
            generation = 1 if meta is None else meta.generation
            self._vectors = TextVectors(folder, encoder.version, encoder.dimensions, generation)
            self._view = View.arranged([], np.empty(0, dtype=np.int64), self._vectors.matrix, None)
            if meta is not None:
                self._version, self._stamp = meta.version, meta.stamp
                ids, rows = read_items(folder, meta, self._vectors)
                self._slots = dict(zip(ids, range(len(ids)), strict=True))
                self._arrange(ids, rows, read_base(folder, meta, self._vectors))
        if needs_merge(self._view):
            self._merger.start(self._view, self._vectors, self._adopt)

    def _arrange(self, ids: Sequence[str | None], rows: NDArray[np.int64], base: Base | None) -> None:
        self._view = View.arranged(ids, rows, self._vectors.matrix, base)

    def _put(self, ids: Sequence[str], rows: NDArray[np.int64], gone: Collection[str]) -> int:
        """Give these items these rows, and free the slots of others; how many items that changed."""
        now, held = self._view.rows, list(self._view.ids)
        changes: dict[int, int] = {}
        for item_id in gone:
            slot = self._slots.pop(item_id)
            held[slot] = None
            self._free.append(slot)
            changes[slot] = -1
        count = len(gone)
        for item_id, row in zip(ids, rows.tolist(), strict=True):
            slot = self._slots.get(item_id, -1)
            if slot < 0:
                slot = self._free.pop() if self._free else len(held)
                if slot == len(held):
                    held.append(item_id)
                held[slot] = item_id
                self._slots[item_id] = slot
            elif now[slot] == row:
                continue
            changes[slot] = row
            count += 1
        if changes:
            fresh = np.full(len(held), -1, dtype=np.int64)
            fresh[: len(now)] = now
            fresh[list(changes)] = list(changes.values())
            self._arrange(held, fresh, self._view.base)
        return count

    def _adopt(self, draft: Draft, vectors: TextVectors) -> None:
        """Use a base that has been built, and write it."""
        try:
            with self._lock, writing(self._folder):
                self._catch_up()
                if vectors is not self._vectors:
                    return  # Its rows are numbers of files that have been left behind.
                built = draft.publish(self._folder)
                self._arrange(self._view.ids, self._view.rows, open_base(self._folder, built))
                self._write()
        finally:
            draft.drop()

    def _leave_behind(self) -> None:
        """Go over to new files of vectors that hold no text which no item has any more."""
        with self._lock, writing(self._folder):
            self._catch_up()
            self._move(self._vectors.generation + 1)
            self._unsaved = True

    def _write(self) -> None:
        """Save items and base. Under the writer's lock."""
        self._catch_up()
        view = self._view
        meta = write_items(
            self._folder,
            self._encoder,
            self._vectors,
            view.ids,
            view.rows,
            None if view.base is None else view.base.built,
            stamp=self._stamp + 1,
            version=self._version,
        )
        self._stamp, self._seen = meta.stamp, stamp_of(self._folder)
        self._unsaved = False

    def _catch_up(self) -> bool:
        """Take over what others have saved since the last look. Under the writer's lock."""
        seen = stamp_of(self._folder)
        if seen == self._seen:
            return False
        meta = meta_for(self._folder, self._encoder)
        if meta is None:
            self._seen = seen
            return False
        if meta.generation != self._vectors.generation:
            self._move(meta.generation)
        self._vectors.refresh()
        base = self._view.base
        if meta.base is not None and (base is None or base.built.stored != meta.base):
            base = read_base(self._folder, meta, self._vectors) or base
        self._arrange(self._view.ids, self._view.rows, base)
        if self._is_older_than(meta):
            ids, rows = read_items(self._folder, meta, self._vectors)
            self._put(ids, rows, self._slots.keys() - set(ids))
            self._version, self._unsaved = meta.version, False
        self._stamp, self._seen = meta.stamp, seen
        return True

    def _is_older_than(self, meta: Meta) -> bool:
        if meta.version is None or self._version is None:
            return not self._unsaved
        return meta.version >= self._version

    def _move(self, generation: int) -> None:
        """Go over to other files of vectors; what they lack of this index's texts is written there.

        Under both locks.
        """
        old, view = self._vectors, self._view
        new = TextVectors(self._folder, self._encoder.version, self._encoder.dimensions, generation)
        slots = np.flatnonzero(view.live)
        keys = old.keys(view.rows[slots])
        lost = {keys[place]: int(view.rows[slots[place]]) for place in np.flatnonzero(new.find(keys) < 0).tolist()}
        for start in range(0, len(lost), _COPIED_ROWS):
            part = list(lost)[start : start + _COPIED_ROWS]
            new.append(part, old.matrix[[lost[key] for key in part]])
        rows = np.full(view.capacity, -1, dtype=np.int64)
        rows[slots] = new.find(keys)
        self._vectors = new
        self._arrange(view.ids, rows, None)
