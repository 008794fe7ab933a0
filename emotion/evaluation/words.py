"""A text scorer on messages: a folder for each label, and dialogues whose turns were rated."""

from collections.abc import Sequence
from typing import Any

from emotion.evaluation.corpora.item import Item, Listing
from emotion.evaluation.corpora.uss import Dialogue
from emotion.evaluation.dissatisfaction import ReadsWords, measure_dissatisfaction
from emotion.evaluation.one_by_one import evaluate_items
from emotion.evaluation.result import Evaluation, Progress, silent


def evaluate_texts(
    listing: Listing, scorer: ReadsWords, *, model: str, split: str, progress: Progress = silent
) -> Evaluation:
    """Each .txt file is one message, scored without a talk around it. Raises: EvaluationError."""
    return evaluate_items(
        listing,
        lambda item: scorer.score(_read(item)),
        None,
        what="text",
        model=model,
        split=split,
        progress=progress,
    )


def evaluate_dialogues(dialogues: Sequence[Dialogue], scorer: ReadsWords, *, model: str, split: str) -> Evaluation:
    """Every rated turn of the customer, in order, with its dialogue as context. Raises: EvaluationError."""
    figures = measure_dissatisfaction(scorer, dialogues)
    alone = measure_dissatisfaction(scorer, dialogues, with_context=False)
    more: dict[str, Any] = {
        "dialogues": figures.dialogues,
        "dissatisfied": figures.dissatisfied,
        "absent": figures.absent,
        "dissatisfied_auc_95": [figures.low, figures.high],
        "dissatisfied_auc_without_context": alone.dissatisfied_auc,
    }
    return Evaluation(
        corpus="uss", model=model, split=split, n=figures.turns, dissatisfied_auc=figures.dissatisfied_auc, more=more
    )


def _read(item: Item) -> str:
    try:
        return item.path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
