"""Kinds of thing that are asked for side by side: "a kettle or a toaster"."""

from dataclasses import replace
from typing import Final

import numpy as np

from recommender.candidates import Pool
from recommender.columns import Columns
from recommender.query.reading import Asked

MOST_LIFT: Final = 0.3
"""A kind comes up to the other by no more than this: what hardly fits stays behind."""

AHEAD: Final = 0.02
"""The best of each kind stands before the next best of all, also where these are as good."""


def made_even(pool: Pool, asked: Asked, columns: Columns) -> Pool:
    """The pool with the best of each kind as relevant as the best of the other; as it is where one kind is asked for.

    Otherwise the word that fewer items have would decide. What is added counts as part of the kind that was named.
    """
    if len(asked.wish.alike) < 2 or not len(pool.slots):
        return pool
    rows = [columns.of_kinds(kinds)[pool.slots] & ~pool.company for kinds in asked.wish.alike]
    # What can be had is compared, where there is any.
    there = [row & columns.open[pool.slots] if (row & columns.open[pool.slots]).any() else row for row in rows]
    tops = [float(pool.relevance[row].max()) if row.any() else None for row in there]
    highest = max((top for top in tops if top is not None), default=0.0)
    lift = np.zeros(len(pool.slots), dtype=np.float32)
    for row, open_rows, top in zip(rows, there, tops, strict=True):
        if top is not None:
            lift[row] = np.maximum(lift[row], np.float32(min(highest - top, MOST_LIFT)))
            lift[int(np.argmax(np.where(open_rows, pool.relevance, -np.inf)))] += np.float32(AHEAD)
    return replace(pool, kind=pool.kind + lift)
