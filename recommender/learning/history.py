"""One person's history, as the model looks at it for one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import sparse

from recommender.learning.log import DAY_S, People
from recommender.learning.parts import of_length_one
from recommender.learning.settings import TasteSettings, strength
from vocabulary import Interaction, InteractionKind


@dataclass(frozen=True)
class Past:
    """rows: numbers of the items chosen, oldest first. flat, recent: what that says, shape (1, n_items), of length 1;
    recent counts the newest acts most. evidence: what all of it says together, over 0. refused: ids turned away."""

    rows: tuple[int, ...]
    flat: People
    recent: People
    evidence: float
    refused: frozenset[str]


def recall(history: Sequence[Interaction], row_of: Mapping[str, int], at: datetime, settings: TasteSettings) -> Past:
    """The newest `settings.history_acts` acts, by time. An act later than `at` counts as of now.

    What was turned away once stays turned away, whatever else was done with it, and however long ago.
    """
    refused = frozenset(act.item_id for act in history if act.kind is InteractionKind.NOT_FOR_ME)
    acts = sorted(history, key=lambda act: act.at)[-settings.history_acts :]
    said: dict[int, tuple[float, float]] = {}
    for act in acts:
        row = row_of.get(act.item_id)
        if row is None or act.item_id in refused or not (weight := strength(act.kind, act.value)) > 0:
            continue
        before = said.pop(row, (0.0, -np.inf))  # put in again at its end: the order is that of the last act
        said[row] = (max(before[0], weight), max(before[1], act.at.timestamp()))
    now = at.timestamp()
    rows = tuple(said)
    age = np.array([max(now - last, 0.0) for _, last in said.values()]) / DAY_S
    weights = np.array([weight for weight, _ in said.values()]) * 0.5 ** (age / settings.half_life_days)
    later = len(rows) - 1 - np.arange(len(rows))
    return Past(
        rows,
        of_length_one(_line(rows, weights, len(row_of))),
        of_length_one(_line(rows, weights * 0.5 ** (later / settings.recent_acts), len(row_of))),
        float(weights.sum()),
        refused,
    )


def _line(rows: tuple[int, ...], weights: np.ndarray[tuple[int], np.dtype[np.float64]], n_items: int) -> People:
    at = (np.zeros(len(rows), dtype=np.int32), np.array(rows, dtype=np.int32))
    return sparse.csr_matrix((weights.astype(np.float32), at), shape=(1, n_items))
