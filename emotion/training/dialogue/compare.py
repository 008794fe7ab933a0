"""The graph network beside the reading that ships, on rated dialogues: chosen on 1–500, reported on 501–1,000."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from emotion.evaluation.corpora.uss import Dialogue, uss
from emotion.evaluation.dissatisfaction import (
    DissatisfactionFigures,
    ReadsWords,
    dissatisfaction_figures,
    measure_dissatisfaction,
)
from emotion.training.dialogue.graph import GraphModel, GraphOptions
from emotion.training.dialogue.nodes import Nodes, read_nodes
from vocabulary import TextEncoder

CHOOSE: Final = (1, 500)
REPORT: Final = (501, 1000)
"""First and last dialogue, counted from 1."""

_FOLDS: Final = 5
_DESIGNS: Final[Mapping[str, GraphOptions]] = {
    "utterance alone": GraphOptions(layers=0),
    "one round, words": GraphOptions(layers=1, signs=False),
    "two rounds, words": GraphOptions(layers=2, signs=False),
    "one round, words and signs": GraphOptions(layers=1),
    "two rounds, words and signs": GraphOptions(layers=2),
    "two rounds, words and signs, held tighter": GraphOptions(layers=2, dropout=0.6, decay=0.1),
    "two rounds, signs": GraphOptions(layers=2, words=False, epochs=12, batch=8, rate=3e-3),
}


@dataclass(frozen=True)
class GraphReport:
    """folds: AUC of each design over inner folds of the choosing dialogues, one network each. chosen: the best design.

    graph, reading: the chosen design trained on all choosing dialogues, and the shipped reading, on the reported ones;
    None where only the choice was asked for. reading_alone: the shipped scorer without context.
    """

    folds: Mapping[str, float]
    reading_on_choosing: float
    chosen: str
    graph: DissatisfactionFigures | None = None
    reading: DissatisfactionFigures | None = None
    reading_alone: DissatisfactionFigures | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def compare_graph(
    path: Path,
    encoder: TextEncoder,
    cache: Path,
    *,
    scorer: ReadsWords,
    choose: tuple[int, int] = CHOOSE,
    report: tuple[int, int] | None = REPORT,
    designs: Mapping[str, GraphOptions] = _DESIGNS,
    seed: int = 7,
) -> GraphReport:
    """Choose a design by inner folds, train it, measure it beside `scorer`. Minutes on one core.

    path: rated dialogues. cache: folder for embeddings. report: None only chooses. Raises: EvaluationError.
    """
    choosing = uss(path, first=choose[0], last=choose[1])
    nodes = read_nodes(choosing, encoder, cache, scorer)
    folds = {name: _inner(choosing, nodes, replace(options, networks=1), seed) for name, options in designs.items()}
    chosen = max(folds, key=lambda name: folds[name])
    on_choosing = measure_dissatisfaction(scorer, choosing).dissatisfied_auc
    if report is None:
        return GraphReport(folds, on_choosing, chosen)
    reported = uss(path, first=report[0], last=report[1])
    model = GraphModel(designs[chosen]).fit(nodes, seed)
    return GraphReport(
        folds,
        on_choosing,
        chosen,
        graph=dissatisfaction_figures(reported, model.cues(read_nodes(reported, encoder, cache, scorer))),
        reading=measure_dissatisfaction(scorer, reported),
        reading_alone=measure_dissatisfaction(scorer, reported, with_context=False),
    )


def _inner(dialogues: list[Dialogue], nodes: list[Nodes], options: GraphOptions, seed: int) -> float:
    """AUC over all dialogues, each judged by a model that did not see it."""
    fold = np.random.default_rng(seed).permutation(len(nodes)) % _FOLDS
    cues: list[Any] = [None] * len(nodes)
    for number in range(_FOLDS):
        model = GraphModel(options).fit([one for one, of in zip(nodes, fold, strict=True) if of != number], seed)
        held = np.flatnonzero(fold == number)
        for at, row in zip(held, model.cues([nodes[at] for at in held]), strict=True):
            cues[at] = row
    return dissatisfaction_figures(dialogues, cues).dissatisfied_auc
