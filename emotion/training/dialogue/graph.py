"""A graph network over the utterances of a conversation, for comparison; torch, in training only.

Nodes are utterances; each hears the ten before it, and never those after it: a turn is judged when it is said. An
edge's kind is who hears whom at what distance; each kind has a transformation of its own, and attention weighs the
neighbours. After D. Ghosal et al. (2019), "DialogueGCN", EMNLP, made causal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from emotion.training.dialogue.nodes import Nodes

DISTANCES: Final = (1, 3, 10)
"""Upper ends of the kinds of distance, in utterances."""
KINDS: Final = 4 * len(DISTANCES)


@dataclass(frozen=True)
class GraphOptions:
    """words, signs: whether nodes carry their embedding; the signs of the talk and the one-turn cue.

    hidden: width. layers: how often the nodes listen; 0 is a network over single utterances. epochs, rate, decay,
    dropout: of AdamW's training, on `batch` dialogues at a time. networks: how many seeds are averaged.
    """

    words: bool = True
    signs: bool = True
    hidden: int = 32
    layers: int = 2
    epochs: int = 15
    batch: int = 32
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: float = 0.4
    networks: int = 3


class _Layer(nn.Module):
    """One round of listening."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.own = nn.Linear(width, width)
        self.heard = nn.Parameter(torch.randn(KINDS, width, width) * width**-0.5)
        self.asks, self.offers = nn.Linear(width, width), nn.Linear(width, width)
        self.by_kind = nn.Parameter(torch.zeros(KINDS))

    def forward(self, states: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """states: (dialogues, n, width). kinds: (dialogues, n, n), the kind of edge from column to row, -1 for none."""
        edge = kinds >= 0
        weight = self.asks(states) @ self.offers(states).transpose(1, 2) / states.shape[-1] ** 0.5
        weight = (weight + self.by_kind[kinds.clamp(min=0)]).masked_fill(~edge, -1e9)
        attention = weight.softmax(dim=-1) * edge
        said = torch.einsum("bnw,kwv->bknv", states, self.heard)
        each = torch.stack([(attention * (kinds == kind)) @ said[:, kind] for kind in range(KINDS)])
        return torch.relu(self.own(states) + each.sum(dim=0))


class _Network(nn.Module):
    def __init__(self, inputs: int, options: GraphOptions) -> None:
        super().__init__()
        self.enter = nn.Linear(inputs, options.hidden)
        self.layers = nn.ModuleList([_Layer(options.hidden) for _ in range(options.layers)])
        self.drop = nn.Dropout(options.dropout)
        self.leave = nn.Linear(options.hidden, 1)

    def forward(self, values: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        states = torch.relu(self.enter(self.drop(values)))
        for layer in self.layers:
            states = states + self.drop(layer(states, kinds))
        logits: torch.Tensor = self.leave(self.drop(states)).squeeze(-1)
        return logits


class GraphModel:
    """Networks of several seeds, their answers averaged."""

    def __init__(self, options: GraphOptions) -> None:
        self._options = options
        self._networks: list[_Network] = []
        self._mean = self._spread = np.zeros(0, dtype=np.float32)

    def fit(self, dialogues: Sequence[Nodes], seed: int) -> "GraphModel":
        """Train on the rated turns of some dialogues."""
        rows = np.concatenate([self._values(nodes)[nodes.customer] for nodes in dialogues])
        self._mean, self._spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
        size = self._options.batch
        batches = [self._batch(dialogues[at : at + size]) for at in range(0, len(dialogues), size)]
        truth = [
            _padded([nodes.dissatisfied for nodes in dialogues[at : at + size]])
            for at in range(0, len(dialogues), size)
        ]
        rated = [_padded([nodes.rated for nodes in dialogues[at : at + size]]) for at in range(0, len(dialogues), size)]
        share = sum(float(part.sum()) for part in truth) / sum(float(part.sum()) for part in rated)
        loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(((1 - share) / max(share, 1e-6)) ** 0.5))
        for number in range(self._options.networks):
            torch.manual_seed(seed + number)
            network = _Network(rows.shape[1], self._options)
            optimiser = torch.optim.AdamW(network.parameters(), lr=self._options.rate, weight_decay=self._options.decay)
            for _ in range(self._options.epochs):
                for at in torch.randperm(len(batches)).tolist():
                    optimiser.zero_grad()
                    logits = network(*batches[at])[rated[at] > 0]
                    torch.autograd.backward(loss(logits, truth[at][rated[at] > 0]))
                    optimiser.step()
            self._networks.append(network.eval())
        return self

    def cues(self, dialogues: Sequence[Nodes]) -> list[NDArray[np.float64]]:
        """For each dialogue the probability of dissatisfaction of each rated turn, in order."""
        found: list[NDArray[np.float64]] = []
        with torch.no_grad():
            for nodes in dialogues:
                batch = self._batch([nodes])
                logits = torch.stack([network(*batch)[0] for network in self._networks]).mean(dim=0)
                found.append(torch.sigmoid(logits).numpy().astype(np.float64)[nodes.rated])
        return found

    def _values(self, nodes: Nodes) -> NDArray[np.float32]:
        speaker = nodes.customer[:, None].astype(np.float32)
        words = [nodes.embedding] if self._options.words else []
        parts = [speaker, *words, *([nodes.signs] if self._options.signs else [])]
        return np.concatenate(parts, axis=1)

    def _batch(self, dialogues: Sequence[Nodes]) -> tuple[torch.Tensor, torch.Tensor]:
        values = _padded([(self._values(nodes) - self._mean) / self._spread for nodes in dialogues])
        longest = values.shape[1]
        kinds = torch.full((len(dialogues), longest, longest), -1, dtype=torch.long)
        for row, nodes in enumerate(dialogues):
            size = len(nodes.customer)
            kinds[row, :size, :size] = torch.from_numpy(edge_kinds(nodes.customer))
        return values, kinds


def edge_kinds(customer: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The kind of edge from utterance (column) to utterance (row); -1 where none: itself, later ones, beyond reach.

    customer: bool (n,), who speaks. Result: (n, n).
    """
    at = np.arange(len(customer))
    distance = at[:, None] - at[None, :]
    bucket = np.searchsorted(DISTANCES, distance)
    pair = 2 * customer[:, None].astype(np.int64) + customer[None, :]
    return np.where((distance >= 1) & (distance <= DISTANCES[-1]), pair * len(DISTANCES) + np.minimum(bucket, 2), -1)


def _padded(rows: Sequence[NDArray[Any]]) -> torch.Tensor:
    return nn.utils.rnn.pad_sequence([torch.as_tensor(row, dtype=torch.float32) for row in rows], batch_first=True)
