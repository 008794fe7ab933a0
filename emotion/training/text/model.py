"""Training the text model: heads over sentence embeddings and written cues."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.text.affect import GOEMOTIONS
from emotion.text.cues import NAMES, cue_matrix
from emotion.training.onnx_graph import Graph
from emotion.training.text.embedding_cache import embed
from emotion.training.text.goemotions import load_comments
from emotion.training.text.service_language import write_phrases
from vocabulary import LABELS, TextEncoder

# How much of each Reddit label counts as dissatisfaction, faintly: anger at a stranger is not anger at a shop.
_REDDIT_FRUSTRATION: Final = {"anger": 0.7, "annoyance": 0.7, "disappointment": 0.5, "disapproval": 0.3}


@dataclass(frozen=True)
class TextOptions:
    """Chosen on GoEmotions dev and dialogues 1 to 500 of the rated MultiWOZ; docs/decisions/0020."""

    hidden: int = 384
    dropout: float = 0.5
    epochs: int = 22
    batch: int = 512
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    reddit_frustration_weight: float = 0.3
    service_label_weight: float = 1.0
    service_frustration_weight: float = 2.0
    seed: int = 7


@dataclass(frozen=True)
class Rows:
    """One training set, ready for the network.

    x: (n, dimensions + len(NAMES)). soft: (n, 7). multi: (n, 28), with multi_weight 0 where unknown.
    frustration: (n,). *_weight: (n,).
    """

    x: NDArray[np.float32]
    soft: NDArray[np.float32]
    soft_weight: NDArray[np.float32]
    multi: NDArray[np.float32]
    multi_weight: NDArray[np.float32]
    frustration: NDArray[np.float32]
    frustration_weight: NDArray[np.float32]


def inputs(texts: tuple[str, ...], encoder: TextEncoder, cache: Path) -> NDArray[np.float32]:
    """Embeddings and cues side by side: shape (n, dimensions + len(NAMES))."""
    return np.concatenate([embed(texts, encoder, cache), cue_matrix(texts)], axis=1)


def training_rows(folder: Path, encoder: TextEncoder, cache: Path, options: TextOptions) -> Rows:
    comments = load_comments(folder, "train")
    phrases = write_phrases(options.seed)
    n, m = len(comments.texts), len(phrases.texts)
    faint = np.max(
        [comments.multi[:, GOEMOTIONS.index(name)] * share for name, share in _REDDIT_FRUSTRATION.items()], axis=0
    )
    join = np.concatenate
    return Rows(
        x=join([inputs(comments.texts, encoder, cache), inputs(phrases.texts, encoder, cache)]),
        soft=join([comments.soft, phrases.soft]),
        soft_weight=join([np.ones(n), np.full(m, options.service_label_weight)]).astype(np.float32),
        multi=join([comments.multi, np.zeros((m, len(GOEMOTIONS)), np.float32)]),
        multi_weight=join([np.ones(n), np.zeros(m)]).astype(np.float32),
        frustration=join([faint, phrases.frustration]).astype(np.float32),
        frustration_weight=join(
            [np.full(n, options.reddit_frustration_weight), np.full(m, options.service_frustration_weight)]
        ).astype(np.float32),
    )


@dataclass(frozen=True)
class Heads:
    """The trained weights, as arrays (inputs, outputs). A hidden layer, then three linear heads."""

    hidden: tuple[NDArray[np.float32], NDArray[np.float32]]
    labels: tuple[NDArray[np.float32], NDArray[np.float32]]
    multi: tuple[NDArray[np.float32], NDArray[np.float32]]
    frustration: tuple[NDArray[np.float32], NDArray[np.float32]]

    def logits(self, x: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """(n, 7), (n, 28), (n,)."""
        inner = np.maximum(x @ self.hidden[0] + self.hidden[1], 0.0)
        # The cues reach the heads directly as well.
        inner = np.concatenate([inner, x[:, -len(NAMES) :]], axis=1)
        return (
            inner @ self.labels[0] + self.labels[1],
            inner @ self.multi[0] + self.multi[1],
            (inner @ self.frustration[0] + self.frustration[1])[:, 0],
        )


def fit(rows: Rows, options: TextOptions) -> Heads:
    """Train by Adam with a one-cycle rate; a fixed seed and one thread give the same weights again."""
    import torch
    from torch import nn

    torch.manual_seed(options.seed)
    # Matrices this small are slower on several threads, and one thread adds in one order.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    width, cues = rows.x.shape[1], len(NAMES)
    trunk = nn.Linear(width, options.hidden)
    drop = nn.Dropout(options.dropout)
    heads = nn.ModuleList([nn.Linear(options.hidden + cues, size) for size in (len(LABELS), len(GOEMOTIONS), 1)])
    parameters = [*trunk.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=options.learning_rate, weight_decay=options.weight_decay)
    tensors = [
        torch.from_numpy(array)
        for array in (
            rows.x,
            rows.soft,
            rows.soft_weight,
            rows.multi,
            rows.multi_weight,
            rows.frustration,
            rows.frustration_weight,
        )
    ]
    steps = -(-len(rows.x) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=options.learning_rate, total_steps=options.epochs * steps
    )
    bce = nn.functional.binary_cross_entropy_with_logits
    for _ in range(options.epochs):
        order = torch.randperm(len(rows.x))
        for start in range(0, len(order), options.batch):
            x, soft, soft_w, multi, multi_w, frust, frust_w = (
                tensor[order[start : start + options.batch]] for tensor in tensors
            )
            inner = torch.cat([drop(torch.relu(trunk(x))), x[:, -cues:]], dim=1)
            label_logits, multi_logits, frustration_logits = (head(inner) for head in heads)
            loss = (soft_w * -(soft * torch.log_softmax(label_logits, dim=1)).sum(1)).mean()
            loss = loss + (multi_w[:, None] * bce(multi_logits, multi, reduction="none")).mean() * 4.0
            loss = loss + (frust_w * bce(frustration_logits[:, 0], frust, reduction="none")).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    torch.set_num_threads(threads)
    return Heads(*(_arrays(layer) for layer in (trunk, *heads)))


def _arrays(layer: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return (
        np.ascontiguousarray(layer.weight.detach().numpy().T),
        np.ascontiguousarray(layer.bias.detach().numpy()),
    )


def write_model(heads: Heads, path: Path, *, dimensions: int, temperature: float) -> None:
    """embedding (n, dimensions) and cues (n, len(NAMES)) → labels (n, 7), multi (n, 28), frustration (n, 1)."""
    graph = Graph("attune_text_emotion")
    both = graph.join("embedding", "cues")
    inner = graph.join(graph.relu(graph.dense(both, *heads.hidden)), "cues")
    labels = graph.softmax(graph.scale(graph.dense(inner, *heads.labels), 1.0 / temperature))
    multi = graph.sigmoid(graph.dense(inner, *heads.multi))
    frustration = graph.sigmoid(graph.dense(inner, *heads.frustration))
    graph.save(
        path,
        [("embedding", dimensions), ("cues", len(NAMES))],
        [("labels", labels, len(LABELS)), ("multi", multi, len(GOEMOTIONS)), ("frustration", frustration, 1)],
    )
