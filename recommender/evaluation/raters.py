"""Models that guess a rating, for the protocol "rated"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning import Log

Guesses = NDArray[np.float64]
"""Shape (n_people, n_items): the rating that is expected."""
_SEED: Final = 0


@dataclass(frozen=True)
class Rated:
    """A log with its ratings, shape (n_acts,)."""

    log: Log
    values: NDArray[np.float32]

    def table(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Numbers of the acts as a full table, 0 where nothing was rated."""
        filled = np.zeros((self.log.n_people, self.log.n_items))
        filled[self.log.people, self.log.items] = values
        return filled

    def who(self) -> NDArray[np.float64]:
        return self.table(np.ones(len(self.values)))


@dataclass(frozen=True)
class Guess:
    """inside: for the ratings of validation, outside: for those that are measured on; shape (n_ratings,)."""

    inside: NDArray[np.float64]
    outside: NDArray[np.float64]


@dataclass(frozen=True)
class Rater:
    """How a model guesses, and the settings that are tried."""

    guess: Callable[[Rated, sparse.csr_matrix, dict[str, Any]], Guesses]
    options: tuple[dict[str, Any], ...]


def usual(rated: Rated, *, damping: float = 5.0) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The mean rating, and by how much each person and each item differ from it; few ratings say less."""
    log, values = rated.log, rated.values.astype(np.float64)
    mean = float(values.mean())
    of_item = np.bincount(log.items, values - mean, log.n_items) / (
        np.bincount(log.items, minlength=log.n_items) + damping
    )
    of_person = np.bincount(log.people, values - mean - of_item[log.items], log.n_people) / (
        np.bincount(log.people, minlength=log.n_people) + damping
    )
    return mean, of_person, of_item


def _popular(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    mean, _, of_item = usual(rated, damping=option["damping"])
    return np.repeat(mean + of_item[None, :], rated.log.n_people, axis=0)


def _content(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    """Each person's own mean, and a ridge regression of what differs from it on the features of the items."""
    log, values = rated.log, rated.values.astype(np.float64)
    mean = float(values.mean())
    own = np.bincount(log.people, values - mean, log.n_people) / (np.bincount(log.people, minlength=log.n_people) + 5.0)
    kinship = np.asarray((features @ features.T).toarray(), dtype=np.float64)
    guesses = np.repeat((mean + own)[:, None], log.n_items, axis=1)
    order = np.argsort(log.people, kind="stable")
    for acts in np.split(order, np.flatnonzero(np.diff(log.people[order])) + 1):
        person, rows = log.people[acts[0]], log.items[acts]
        rest = values[acts] - mean - own[person]
        answer = np.linalg.solve(kinship[np.ix_(rows, rows)] + option["ridge"] * np.eye(len(rows)), rest)
        guesses[person] += kinship[:, rows] @ answer
    return guesses


def _rests(rated: Rated) -> tuple[Guesses, NDArray[np.float64], NDArray[np.float64]]:
    """What is usual for each pair, by how much ratings differ from it, and which pairs were rated."""
    mean, of_person, of_item = usual(rated)
    base = mean + of_person[:, None] + of_item[None, :]
    rest = rated.table(rated.values - base[rated.log.people, rated.log.items])
    return base, rest, rated.who()


def _similar(rest: NDArray[np.float64], who: NDArray[np.float64], shrinkage: float) -> NDArray[np.float64]:
    """Cosine of the lines of `rest`, less for few ratings in common; nothing below 0, nothing with oneself."""
    lengths = np.sqrt((rest**2).sum(axis=1)) + 1e-9
    both = who @ who.T
    near = (rest @ rest.T) / np.outer(lengths, lengths) * both / (both + shrinkage)
    np.fill_diagonal(near, 0.0)
    return np.maximum(near, 0.0)


def _user_knn(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    base, rest, who = _rests(rated)
    near = _similar(rest, who, option["shrinkage"])
    return np.asarray(base + (near @ rest) / (near @ who + option["doubt"]), dtype=np.float64)


def _item_knn(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    base, rest, who = _rests(rated)
    near = _similar(rest.T, who.T, option["shrinkage"])
    return np.asarray(base + (rest @ near) / (who @ near + option["doubt"]), dtype=np.float64)


def _ease(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    base, rest, _ = _rests(rated)
    gram = rest.T @ rest
    gram[np.diag_indices_from(gram)] += option["regularisation"]
    inverse = np.linalg.inv(gram)
    links = -inverse / np.diag(inverse)
    np.fill_diagonal(links, 0.0)
    return base + rest @ links


def _als(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    """Factors of what differs from the usual rating, in turn for people and items."""
    base, rest, who = _rests(rated)
    drawn = np.random.default_rng(_SEED)
    width, penalty = option["factors"], option["penalty"]
    items = drawn.normal(0.0, 0.1, (rated.log.n_items, width))
    people = np.zeros((rated.log.n_people, width))
    for _ in range(10):
        people = _solve(rest, who, items, penalty)
        items = _solve(rest.T, who.T, people, penalty)
    return base + people @ items.T


def _solve(
    rest: NDArray[np.float64], who: NDArray[np.float64], other: NDArray[np.float64], penalty: float
) -> NDArray[np.float64]:
    found = np.zeros((len(rest), other.shape[1]))
    for line in range(len(rest)):
        at = np.flatnonzero(who[line])
        if len(at):
            some = other[at]
            gram = some.T @ some + penalty * np.eye(other.shape[1])
            found[line] = np.linalg.solve(gram, some.T @ rest[line, at])
    return found


def _neural(rated: Rated, features: sparse.csr_matrix, option: dict[str, Any]) -> Guesses:
    """A network over factors of person and item guesses what differs from the usual rating."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(_SEED)
    base, rest, _ = _rests(rated)
    log, width = rated.log, option["factors"]
    network: Any = nn.ModuleDict(
        {
            "of_people": nn.Embedding(log.n_people, width),
            "of_items": nn.Embedding(log.n_items, width),
            "deep": nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Dropout(0.2), nn.Linear(width, 1)),
        }
    )
    for table in (network["of_people"], network["of_items"]):
        nn.init.normal_(table.weight, std=0.05)
    learning = torch.optim.Adam(network.parameters(), lr=0.003, weight_decay=1e-4)
    people, items = torch.from_numpy(log.people).long(), torch.from_numpy(log.items).long()
    truth: Any = torch.from_numpy(rest[log.people, log.items]).float()

    def guess(one: Any, other: Any) -> Any:
        mine, its = network["of_people"](one), network["of_items"](other)
        return network["deep"](torch.cat([mine, its], dim=-1))[..., 0] + (mine * its).sum(dim=-1)

    drawn = torch.Generator().manual_seed(_SEED)
    for _ in range(option["epochs"]):
        order: Any = torch.randperm(len(truth), generator=drawn)
        for some in order.split(2_048):
            learning.zero_grad()
            loss: Any = nn.functional.mse_loss(guess(people[some], items[some]), truth[some])
            loss.backward()
            learning.step()
    network.eval()
    every = torch.arange(log.n_items)
    with torch.no_grad():
        lines = [guess(torch.full_like(every, person), every).numpy() for person in range(log.n_people)]
    return base + np.asarray(lines, dtype=np.float64).reshape(base.shape)


def stack(
    guesses: Mapping[str, Guess], inner: Rated, asked: Log, truth: NDArray[np.bool_], outer: Rated, told: Log
) -> tuple[Guess, dict[str, Any]]:
    """The hybrid: logistic regression of liking on all guesses and on what is usual, learned on validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    inside = np.column_stack([*(one.inside for one in guesses.values()), *_context(inner, asked)])
    outside = np.column_stack([*(one.outside for one in guesses.values()), *_context(outer, told)])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1_000)).fit(inside, truth)
    names = [*guesses, "person's mean", "person's liking", "log of the person's ratings", "log of the item's ratings"]
    weights = dict(zip(names, model[-1].coef_[0].round(3).tolist(), strict=True))
    return Guess(model.predict_proba(inside)[:, 1], model.predict_proba(outside)[:, 1]), {
        "settings": {"weights": weights},
        "tried": [],
    }


def _context(rated: Rated, asked: Log) -> tuple[NDArray[np.float64], ...]:
    """What is known of the person and the item, apart from each other."""
    log = rated.log
    _, of_person, _ = usual(rated)
    sizes = np.bincount(log.people, minlength=log.n_people)
    liked = (np.bincount(log.people, rated.values >= 4.0, log.n_people) + 2.5) / (sizes + 5.0)
    seen = np.bincount(log.items, minlength=log.n_items)
    return of_person[asked.people], liked[asked.people], np.log1p(sizes)[asked.people], np.log1p(seen)[asked.items]


RATERS: Final[Mapping[str, Rater]] = MappingProxyType(
    {
        "popular": Rater(_popular, ({"damping": 2.0}, {"damping": 10.0})),
        "content": Rater(_content, tuple({"ridge": ridge} for ridge in (1.0, 3.0, 10.0))),
        "user-knn": Rater(_user_knn, tuple({"shrinkage": s, "doubt": d} for s in (10.0, 50.0) for d in (1.0, 4.0))),
        "item-knn": Rater(_item_knn, tuple({"shrinkage": s, "doubt": d} for s in (10.0, 50.0) for d in (1.0, 4.0))),
        "ease": Rater(_ease, tuple({"regularisation": value} for value in (100.0, 300.0, 1000.0))),
        "als": Rater(
            _als, ({"factors": 8, "penalty": 5.0}, {"factors": 8, "penalty": 10.0}, {"factors": 16, "penalty": 10.0})
        ),
        "neural": Rater(_neural, tuple({"factors": 16, "epochs": epochs} for epochs in (5, 10, 20))),
    }
)
