"""Models of hidden factors: ALS by the library implicit, and neural collaborative filtering by torch.

Both are measured beside the others; neither runs in the product. Their libraries load here and nowhere else.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import EvaluationError
from recommender.evaluation.models.base import Fitted, Material, try_out
from recommender.learning import Log, one_thread

_SEED: Final = 0
_ROUNDS: Final = 15
_BATCH: Final = 4_096
_NOBODY_CHOSE: Final = 4
"""Items drawn as not chosen for each that was."""


@dataclass(frozen=True)
class Factors:
    """people: (n_people, f); items: (n_items, f)."""

    people: NDArray[np.float32]
    items: NDArray[np.float32]

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.asarray(self.people[people] @ self.items.T, dtype=np.float32)


@dataclass(frozen=True)
class Table:
    """Scores of everybody, worked out beforehand: (n_people, n_items)."""

    table: NDArray[np.float32]

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        return self.table[people]


def als(material: Material) -> Fitted:
    """Weighted factorisation of choices. Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback
    datasets", 2008. Raises: EvaluationError without the library implicit."""
    try:
        from implicit.cpu.als import AlternatingLeastSquares
    except ImportError:
        raise EvaluationError("the model als needs implicit: pip install implicit") from None

    def make(log: Log, option: dict[str, Any]) -> Factors:
        with one_thread():
            model = AlternatingLeastSquares(**option, iterations=_ROUNDS, random_state=_SEED, num_threads=1)
            model.fit(log.who(), show_progress=False)
        return Factors(np.asarray(model.user_factors), np.asarray(model.item_factors))

    options = [
        {"factors": factors, "regularization": penalty, "alpha": alpha}
        for factors, penalty, alpha in ((16, 0.1, 1.0), (32, 0.1, 1.0), (32, 1.0, 4.0), (64, 1.0, 1.0), (64, 5.0, 4.0))
    ]
    return try_out(make, material, options, ways=1)


def neural(material: Material) -> Fitted:
    """Neural collaborative filtering: a product and a network over factors of person and item, joined at the end.

    Source: He et al., "Neural collaborative filtering", 2017 (NeuMF, without pretraining).
    """

    def make(log: Log, option: dict[str, Any]) -> Table:
        return Table(_train_neural(log, **option))

    return try_out(make, material, [{"factors": 16, "epochs": epochs} for epochs in (5, 10, 20)], ways=1)


def _train_neural(log: Log, *, factors: int, epochs: int) -> NDArray[np.float32]:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    drawn = np.random.default_rng(_SEED)

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.people = nn.Embedding(log.n_people, 2 * factors)
            self.items = nn.Embedding(log.n_items, 2 * factors)
            for table in (self.people, self.items):
                nn.init.normal_(table.weight, std=0.05)
            self.deep = nn.Sequential(
                nn.Linear(2 * factors, 2 * factors), nn.ReLU(), nn.Linear(2 * factors, factors), nn.ReLU()
            )
            self.out = nn.Linear(2 * factors, 1)

        def forward(self, people: Any, items: Any) -> Any:
            one, other = self.people(people), self.items(items)
            product = one[:, :factors] * other[:, :factors]
            joined = self.deep(torch.cat([one[:, factors:], other[:, factors:]], dim=1))
            return self.out(torch.cat([product, joined], dim=1))[:, 0]

    network = Network()
    learning = torch.optim.Adam(network.parameters(), lr=0.005, weight_decay=1e-6)
    loss = nn.BCEWithLogitsLoss()
    for _ in range(epochs):
        people = np.concatenate([log.people, np.repeat(log.people, _NOBODY_CHOSE)])
        others = drawn.integers(0, log.n_items, _NOBODY_CHOSE * len(log.people))
        items = np.concatenate([log.items, others])
        said = np.concatenate([np.ones(len(log.people)), np.zeros(len(others))]).astype(np.float32)
        order = drawn.permutation(len(people))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            learning.zero_grad()
            guess = network(torch.from_numpy(people[some]).long(), torch.from_numpy(items[some]).long())
            loss(guess, torch.from_numpy(said[some])).backward()
            learning.step()
    every = torch.arange(log.n_items)
    with torch.no_grad():
        lines = [network(torch.full_like(every, person), every).numpy() for person in range(log.n_people)]
    return np.asarray(lines, dtype=np.float32).reshape(log.n_people, log.n_items)
