"""A text scorer on messages: a folder for each label, and dialogues whose turns were rated."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.item import Listing
from emotion.evaluation.corpora.uss import Dialogue
from emotion.evaluation.dissatisfaction import ReadsWords, measure_dissatisfaction
from emotion.evaluation.result import Evaluation, Progress, Scored, evaluation_of, silent
from vocabulary import Absent, ModalityScore


def evaluate_texts(
    listing: Listing, scorer: ReadsWords, *, model: str, split: str, progress: Progress = silent
) -> Evaluation:
    """Each .txt file is one message, scored without a talk around it. Raises: EvaluationError."""
    skipped = listing.skipped.copy()
    kept: list[tuple[str, ModalityScore]] = []
    for at, item in enumerate(listing.items):
        progress("scoring", at, len(listing.items))
        try:
            text = item.path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            skipped.add(item.path.name, "cannot be read (not UTF-8)")
            continue
        answer = scorer.score(text)
        if isinstance(answer, Absent):
            skipped.add(item.path.name, f"cannot be judged ({answer.reason})")
        else:
            kept.append((item.truth, answer))
    if not kept:
        raise EvaluationError(f"no text of {listing.corpus} could be judged ({skipped.summary()}).")
    scored = Scored(np.array([score.probabilities for _, score in kept]), tuple(truth for truth, _ in kept))
    known = kept[0][1].known_labels
    return evaluation_of(scored, known, corpus=listing.corpus, model=model, split=split, skipped=skipped)


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
