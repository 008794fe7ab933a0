"""The utterances of rated dialogues as nodes: what each holds, who says it, and which have a rating."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion.evaluation.corpora.uss import Dialogue
from emotion.evaluation.dissatisfaction import CONTEXT, ReadsWords
from emotion.text.context import SIGNS, read_context
from emotion.training.text.embedding_cache import embed
from vocabulary import Absent, Author, Said, TextEncoder


@dataclass(frozen=True)
class Nodes:
    """One dialogue's utterances, oldest first.

    embedding: float32 (n, dimensions). signs: float32 (n, len(SIGNS) + 1), the signs of the talk and the one-turn cue;
    0 on the assistant's lines. customer: bool (n,). rated: bool (n,). dissatisfied: bool (n,), false where not rated.
    """

    embedding: NDArray[np.float32]
    signs: NDArray[np.float32]
    customer: NDArray[np.bool_]
    rated: NDArray[np.bool_]
    dissatisfied: NDArray[np.bool_]


def read_nodes(dialogues: Sequence[Dialogue], encoder: TextEncoder, cache: Path, scorer: ReadsWords) -> list[Nodes]:
    """Embed every utterance and read every customer turn as the running product would, from what came before it."""
    texts = [turn.said.text for dialogue in dialogues for turn in dialogue]
    vectors = embed(texts, encoder, cache)
    nodes, start = [], 0
    for dialogue in dialogues:
        nodes.append(
            Nodes(
                embedding=vectors[start : start + len(dialogue)],
                signs=_signs(dialogue, scorer),
                customer=np.array([turn.said.author is Author.CUSTOMER for turn in dialogue]),
                rated=np.array([turn.rating is not None for turn in dialogue]),
                dissatisfied=np.array([turn.dissatisfied for turn in dialogue]),
            )
        )
        start += len(dialogue)
    return nodes


def _signs(dialogue: Dialogue, scorer: ReadsWords) -> NDArray[np.float32]:
    rows = np.zeros((len(dialogue), len(SIGNS) + 1), dtype=np.float32)
    said: list[Said] = []
    for row, turn in zip(rows, dialogue, strict=True):
        if turn.said.author is Author.CUSTOMER:
            reading = read_context(turn.said.text, said[-CONTEXT:])
            row[:-1] = [reading.signs.get(name, 0.0) for name in SIGNS]
            alone = scorer.score(turn.said.text)
            row[-1] = 0.0 if isinstance(alone, Absent) else alone.frustration_cue or 0.0
        said.append(turn.said)
    return rows
