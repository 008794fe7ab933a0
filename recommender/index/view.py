"""Which item stands in which slot, and which text vector is its own: one state of an index, never changed."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommender.errors import IndexFileError
from recommender.index.base import Base
from recommender.index.searching import checked_vector, inner_products, nearest


@dataclass(frozen=True)
class View:
    """One state of an index: who reads in it is undisturbed, whatever is written meanwhile.

    ids: by slot, None where the slot is free. rows: the text vector of each slot, -1 where free: int64,
    shape (capacity,). matrix: all text vectors, mapped: float32, shape (n_rows, dimensions). count: items.
    slot_of_row: the first slot with that vector, -1 where no item has it: int32, shape (n_rows,). twins: all slots of a
    vector that several items share. overlay: rows of items that the base does not hold, which are compared one by one.
    stale: how many rows of the base no item has any more.
    """

    ids: Sequence[str | None]
    rows: NDArray[np.int64]
    live: NDArray[np.bool_]
    count: int
    matrix: NDArray[np.float32]
    slot_of_row: NDArray[np.int32]
    twins: Mapping[int, tuple[int, ...]]
    base: Base | None
    overlay: NDArray[np.int64]
    stale: int

    @classmethod
    def arranged(
        cls, ids: Sequence[str | None], rows: NDArray[np.int64], matrix: NDArray[np.float32], base: Base | None
    ) -> Self:
        """Work out everything that follows from ids, rows, vectors and base."""
        n_rows = len(matrix)
        live = rows >= 0
        slots = np.flatnonzero(live)
        own = rows[slots]
        slot_of_row = np.full(n_rows, -1, dtype=np.int32)
        # Backwards, so that the first of several slots stays.
        slot_of_row[own[::-1]] = slots[::-1]
        in_base = np.zeros(n_rows, dtype=np.bool_)
        if base is not None:
            in_base[base.rows] = True
        taken = slot_of_row >= 0
        return cls(
            ids=ids,
            rows=rows,
            live=live,
            count=len(slots),
            matrix=matrix,
            slot_of_row=slot_of_row,
            twins=_twins(slots, own, slot_of_row),
            base=base,
            overlay=np.flatnonzero(taken & ~in_base),
            stale=int(np.count_nonzero(in_base & ~taken)),
        )

    @property
    def capacity(self) -> int:
        """How many slots there are, free ones included."""
        return len(self.rows)

    def search(
        self, vector: NDArray[np.float32], k: int, passing: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """See `ItemIndex.search`."""
        return nearest(self, checked_vector(vector, self.matrix.shape[1]), k, passing)

    def cosines(self, vector: NDArray[np.float32], slots: NDArray[np.int64]) -> NDArray[np.float32]:
        """See `ItemIndex.cosines`."""
        rows = self.rows[slots]
        if len(rows) and rows.min() < 0:
            raise ValueError("one of the slots is free; `slot(item_id)` gives the slots of items.")
        return inner_products(self.matrix, checked_vector(vector, self.matrix.shape[1]), rows)

    def fitted(self, passing: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Which slots are taken and pass: shape (capacity + 1,); the last entry, which is slot -1, is False.

        passing: by slot, any length; None for all.
        """
        fitted = np.zeros(len(self.rows) + 1, dtype=np.bool_)
        if passing is None:
            fitted[:-1] = self.live
        else:
            shared = min(len(passing), len(self.rows))
            np.logical_and(passing[:shared], self.live[:shared], out=fitted[:shared])
        return fitted

    def passing_rows(self, fitted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The rows of the items in these slots, each once."""
        rows = self.rows[np.flatnonzero(fitted)]
        return np.unique(rows) if self.twins else rows

    def pass_of(self, rows: NDArray[np.int64], fitted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether any item with each of these rows is in such a slot: shape (len(rows),)."""
        passed = fitted[self.slot_of_row[rows]]
        if self.twins:
            for place in np.flatnonzero(~passed).tolist():
                shared = self.twins.get(int(rows[place]))
                passed[place] = shared is not None and bool(fitted[list(shared)].any())
        return passed

    def by_row(self, fitted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which rows belong to an item in such a slot: shape (n_rows,)."""
        mask = fitted[self.slot_of_row]
        for row, slots in self.twins.items():
            mask[row] = bool(fitted[list(slots)].any())
        return mask

    def slots_of(
        self, rows: NDArray[np.int64], cosines: NDArray[np.float32], fitted: NDArray[np.bool_], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k nearest of the slots that have these rows, nearest first, equal ones by slot."""
        slots = self.slot_of_row[rows].astype(np.int64)
        if self.twins:
            shared = [self.twins.get(row, ()) for row in rows.tolist()]
            if any(shared):
                each = [known or (slot,) for known, slot in zip(shared, slots.tolist(), strict=True)]
                cosines = np.repeat(cosines, [len(one) for one in each])
                slots = np.array([slot for one in each for slot in one], dtype=np.int64)
                kept = fitted[slots]
                slots, cosines = slots[kept], cosines[kept]
        order = np.lexsort((slots, -cosines))[:k]
        return slots[order], cosines[order]


def pack(ids: Sequence[str | None], rows: NDArray[np.int64]) -> bytes:
    """Ids and rows of the living items, as stored."""
    kept = [(item_id, row) for item_id, row in zip(ids, rows.tolist(), strict=True) if item_id is not None]
    stream = io.BytesIO()
    np.savez(
        stream,
        ids=np.frombuffer("\n".join(item_id for item_id, _ in kept).encode(), dtype=np.uint8),
        rows=np.array([row for _, row in kept], dtype=np.int64),
    )
    return stream.getvalue()


def unpack(data: bytes) -> tuple[list[str], NDArray[np.int64]]:
    """What `pack` has stored. Raises: IndexFileError."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            rows = np.asarray(held["rows"], dtype=np.int64)
            ids = held["ids"].tobytes().decode().split("\n") if len(rows) else []
    except (ValueError, KeyError, OSError, EOFError, UnicodeDecodeError) as error:
        raise IndexFileError(f"the list of items cannot be read ({type(error).__name__}).") from error
    if len(ids) != len(rows):
        raise IndexFileError(f"the list of items holds {len(ids)} ids and {len(rows)} rows.")
    return ids, rows


def _twins(
    slots: NDArray[np.int64], own: NDArray[np.int64], slot_of_row: NDArray[np.int32]
) -> dict[int, tuple[int, ...]]:
    others = slot_of_row[own] != slots
    found: dict[int, list[int]] = {}
    for row, slot in _pairs(own[others], slots[others]):
        found.setdefault(row, [int(slot_of_row[row])]).append(slot)
    return {row: tuple(shared) for row, shared in found.items()}


def _pairs(rows: NDArray[np.int64], slots: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    return zip(rows.tolist(), slots.tolist(), strict=True)
