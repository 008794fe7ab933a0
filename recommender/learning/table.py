"""Interactions as columns: who did what with which item, how much it says, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.learning.settings import strength
from vocabulary import Interaction, InteractionKind, Item

DAY_S: Final = 86_400.0


@dataclass(frozen=True)
class Table:
    """One line for each pair of a person and an item that the person has chosen, in the order of first choice.

    people, rows: int32 (n,), numbers of the person and of the item. weights: float32 (n,), what the strongest act says,
    over 0. times: float64 (n,), seconds since 1970 of the last act. n_people, n_items: how many there are.
    Only numbers: the names of people are gone when this has been made.
    """

    people: NDArray[np.int32]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    times: NDArray[np.float64]
    n_people: int
    n_items: int


def tabulate(interactions: Iterable[Interaction], row_of: dict[str, int]) -> Table:
    """Interactions with items of the catalogue; what somebody has turned away ("not for me") is left out.

    row_of: the number of each item by its id; others are passed over, as they can never be suggested.
    """
    people: dict[str, int] = {}
    best: dict[tuple[int, int], tuple[float, float]] = {}
    turned_away: set[tuple[int, int]] = set()
    for act in interactions:
        row = row_of.get(act.item_id)
        if row is None:
            continue
        pair = (people.setdefault(act.subject, len(people)), row)
        if act.kind is InteractionKind.NOT_FOR_ME:
            turned_away.add(pair)
            continue
        weight = strength(act.kind, act.value)
        if not weight > 0:
            continue
        before = best.get(pair, (0.0, -np.inf))
        best[pair] = (max(before[0], weight), max(before[1], act.at.timestamp()))
    kept = [(person, row, *said) for (person, row), said in best.items() if (person, row) not in turned_away]
    columns = np.array(kept, dtype=np.float64).reshape(-1, 4)
    return Table(
        people=columns[:, 0].astype(np.int32),
        rows=columns[:, 1].astype(np.int32),
        weights=columns[:, 2].astype(np.float32),
        times=columns[:, 3],
        n_people=len(people),
        n_items=len(row_of),
    )


@dataclass(frozen=True)
class Past:
    """What one person has done, for one answer.

    rows, weights: items chosen, and what that says now, fading with age. refused: items turned away.
    """

    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    refused: frozenset[str]


def recall(
    history: Sequence[Interaction], row_of: dict[str, int], at: datetime, *, half_life_days: float, recent: int
) -> Past:
    """The last `recent` acts, each counted less the older it is. An act later than `at` counts as of now."""
    said: dict[int, float] = {}
    refused = set()
    now = at.timestamp()
    for act in history[-recent:]:
        row = row_of.get(act.item_id)
        if act.kind is InteractionKind.NOT_FOR_ME:
            refused.add(act.item_id)
        elif row is not None and (weight := strength(act.kind, act.value)) > 0:
            age = max(now - act.at.timestamp(), 0.0) / DAY_S
            said[row] = max(said.get(row, 0.0), weight * 0.5 ** (age / half_life_days))
    said = {row: weight for row, weight in said.items() if weight > 0}
    return Past(
        rows=np.fromiter(said, dtype=np.int32, count=len(said)),
        weights=np.fromiter(said.values(), dtype=np.float32, count=len(said)),
        refused=frozenset(refused),
    )


def rows_of(items: Sequence[Item]) -> dict[str, int]:
    """The number of each item: its place in the catalogue."""
    return {item.id: number for number, item in enumerate(items)}
