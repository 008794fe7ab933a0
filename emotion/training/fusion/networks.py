"""Learnt fusions, trained on the same synthetic turns: one net over everything side by side, and attention.

Both see what pooling sees: each modality's probabilities, confidence, arousal, valence, and whether it is there.
Attention over modalities follows A. Vaswani et al. (2017), "Attention is all you need", NeurIPS, with one query.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.training.fusion.turns import SyntheticTurn
from vocabulary import LABELS, Modality, ModalityScore

FEATURES: Final = len(LABELS) + 5
"""Of one modality: log probabilities, confidence, arousal, valence, whether there is a valence, whether it is there."""

_WIDTH: Final = 24
_EPOCHS: Final = 60
_BATCH: Final = 128
_PATIENCE: Final = 8
_LEAST: Final = 1e-3


class LearntFusion(Protocol):
    """A trained net."""

    def probabilities(self, turns: Sequence[Sequence[ModalityScore]]) -> NDArray[np.float64]:
        """Shape (n, 7), rows summing to 1; a turn without any score gets equal shares."""
        ...


def features(scores: Sequence[ModalityScore], modalities: Sequence[Modality]) -> NDArray[np.float32]:
    """Shape (len(modalities), FEATURES); a modality that is missing is all zeros."""
    rows = np.zeros((len(modalities), FEATURES), dtype=np.float32)
    for score in scores:
        row = rows[list(modalities).index(score.modality)]
        row[: len(LABELS)] = np.log(np.maximum(score.probabilities, _LEAST))
        row[len(LABELS) :] = (
            score.confidence,
            score.arousal or 0.0,
            score.valence or 0.0,
            float(score.valence is not None),
            1.0,
        )
    return rows


def train(
    kind: str,
    turns: Sequence[SyntheticTurn],
    checks: Sequence[SyntheticTurn],
    conditions: Sequence[Mapping[Modality, str | None]],
    modalities: Sequence[Modality],
    *,
    seed: int,
) -> LearntFusion:
    """Train "feature" or "attention" on turns with a label, each seen under a new condition in every epoch.

    checks: turns of other items of the fitting half; training stops when their log loss no longer falls, and the net
    of the best epoch is kept. conditions: as pooling was fitted under, and every modality alone.
    """
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = _attention_net(len(modalities)) if kind == "attention" else _feature_net(len(modalities))
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    labelled = [turn for turn in turns if turn.label is not None]
    truth = torch.tensor([LABELS.index(turn.label or "") for turn in labelled])
    seen = [_stack([turn.scores(condition) for turn in labelled], modalities) for condition in conditions]
    held = [turn for turn in checks if turn.label is not None]
    check = torch.cat([_stack([turn.scores(condition) for turn in held], modalities) for condition in conditions])
    check_truth = torch.tensor([LABELS.index(turn.label or "") for turn in held] * len(conditions))
    best, best_state, waited = float("inf"), net.state_dict(), 0
    for _ in range(_EPOCHS):
        net.train()
        which = rng.integers(len(conditions), size=len(labelled))
        x = torch.stack([seen[condition][row] for row, condition in enumerate(which)])
        for batch in torch.split(torch.randperm(len(labelled)), _BATCH):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x[batch]), truth[batch])
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        net.eval()
        with torch.no_grad():
            checked = float(torch.nn.functional.cross_entropy(net(check), check_truth))
        waited += 1
        if checked < best - 1e-4:
            best, waited = checked, 0
            best_state = {name: value.clone() for name, value in net.state_dict().items()}
        if waited >= _PATIENCE:
            break
    net.load_state_dict(best_state)
    return _Trained(net.eval(), tuple(modalities))


class _Trained:
    def __init__(self, net: Any, modalities: tuple[Modality, ...]) -> None:
        self._net, self._modalities = net, modalities

    def probabilities(self, turns: Sequence[Sequence[ModalityScore]]) -> NDArray[np.float64]:
        import torch

        with torch.no_grad():
            found = torch.softmax(self._net(_stack(turns, self._modalities)), dim=1).numpy().astype(np.float64)
        found[[not scores for scores in turns]] = 1.0 / len(LABELS)
        return np.asarray(found / found.sum(axis=1, keepdims=True))


def _stack(turns: Sequence[Sequence[ModalityScore]], modalities: Sequence[Modality]) -> Any:
    import torch

    return torch.from_numpy(np.stack([features(scores, modalities) for scores in turns]))


def _feature_net(modalities: int) -> Any:
    from torch import nn

    return nn.Sequential(
        nn.Flatten(), nn.Linear(modalities * FEATURES, 2 * _WIDTH), nn.ReLU(), nn.Dropout(0.3), nn.Linear(2 * _WIDTH, 7)
    )


def _attention_net(modalities: int) -> Any:
    import torch
    from torch import nn

    class AttentionFusion(nn.Module):
        """Each modality becomes a token by a layer of its own; one learnt query weighs those that are there."""

        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.ModuleList([nn.Linear(FEATURES, _WIDTH) for _ in range(modalities)])
            self.keys = nn.Linear(_WIDTH, _WIDTH)
            self.values = nn.Linear(_WIDTH, _WIDTH)
            self.query = nn.Parameter(torch.randn(_WIDTH) / _WIDTH**0.5)
            self.drop = nn.Dropout(0.3)
            self.out = nn.Linear(_WIDTH, len(LABELS))

        def forward(self, x: Any) -> Any:
            tokens = torch.stack([torch.relu(layer(x[:, at])) for at, layer in enumerate(self.tokens)], dim=1)
            weight = self.keys(tokens) @ self.query / _WIDTH**0.5
            weight = weight.masked_fill(x[:, :, -1] < 1.0, -1e9).softmax(dim=1)
            # The sum, and not the mean, of weighted values: agreeing modalities may make each other surer.
            present = x[:, :, -1].sum(dim=1, keepdim=True)
            pooled = present * (weight[:, :, None] * self.values(tokens)).sum(dim=1)
            return self.out(self.drop(pooled))

    return AttentionFusion()
