"""What people did, as columns of numbers: who, with which item, how much it says, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.settings import strength
from vocabulary import Interaction, InteractionKind, Item

DAY_S: Final = 86_400.0
People: TypeAlias = sparse.csr_matrix
"""Shape (n_people, n_items), float32: how much each person's acts say for each item; 0 where nothing was done."""


@dataclass(frozen=True)
class Log:
    """One line for each pair of a person and an item that the person has chosen.

    people, items: int32 (n,), their numbers. weights: float32 (n,), what the strongest act says, over 0. times: float64
    (n,), seconds since 1970 of the last act. n_people, n_items: how many there are, with or without a line. It holds no
    name: who the people are is forgotten when it is made.
    """

    people: NDArray[np.int32]
    items: NDArray[np.int32]
    weights: NDArray[np.float32]
    times: NDArray[np.float64]
    n_people: int
    n_items: int

    def in_order(self) -> NDArray[np.int64]:
        """Line numbers by person, then by time; lines of the same second as they came."""
        return np.lexsort((np.arange(len(self.people)), self.times, self.people))

    def only(self, lines: NDArray[np.bool_]) -> "Log":
        """Some of the lines; the same people and items."""
        return Log(
            self.people[lines], self.items[lines], self.weights[lines], self.times[lines], self.n_people, self.n_items
        )

    def table(self) -> People:
        """Everything that each person has done, by weight."""
        return _table(self.weights, self)

    def who(self) -> People:
        """Who chose what: ones."""
        return _table(np.ones(len(self.people), dtype=np.float32), self)

    def places(self) -> NDArray[np.int64]:
        """Which of its person's acts each line is, by time, from 0; shape (n,)."""
        order = self.in_order()
        sizes = np.bincount(self.people, minlength=self.n_people)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return place

    def recent(self, half_life_acts: float) -> People:
        """What each person did, by weight; an act with n later ones of theirs counts 0.5 ** (n / half life)."""
        order = self.in_order()
        sizes = np.bincount(self.people, minlength=self.n_people)
        ends = np.cumsum(sizes)
        later = ends[self.people[order]] - 1 - np.arange(len(order))
        fading = np.empty(len(order), dtype=np.float32)
        fading[order] = 0.5 ** (later / half_life_acts)
        return _table(self.weights * fading, self)


def tabulate(interactions: Iterable[Interaction], row_of: Mapping[str, int]) -> Log:
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
        elif (weight := strength(act.kind, act.value)) > 0:
            before = best.get(pair, (0.0, -np.inf))
            best[pair] = (max(before[0], weight), max(before[1], act.at.timestamp()))
    kept = [(*pair, *said) for pair, said in best.items() if pair not in turned_away]
    columns = np.array(kept, dtype=np.float64).reshape(-1, 4)
    return Log(
        people=columns[:, 0].astype(np.int32),
        items=columns[:, 1].astype(np.int32),
        weights=columns[:, 2].astype(np.float32),
        times=columns[:, 3],
        n_people=len(people),
        n_items=len(row_of),
    )


def rows_of(items: Sequence[Item]) -> dict[str, int]:
    """The number of each item: its place in the catalogue."""
    return {item.id: number for number, item in enumerate(items)}


def _table(values: NDArray[np.float32], log: Log) -> People:
    return sparse.csr_matrix((values, (log.people, log.items)), shape=(log.n_people, log.n_items))
