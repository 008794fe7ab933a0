"""Scoring a listing item by item: what cannot be read or judged is named, never dropped in silence."""

from collections.abc import Callable, Sequence

import numpy as np

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.item import Item, Listing
from emotion.evaluation.result import Evaluation, Progress, Scored, evaluation_of
from vocabulary import Absent, ModalityScore


def evaluate_items(
    listing: Listing,
    score: Callable[[Item], ModalityScore | Absent],
    known: Sequence[str] | None,
    *,
    what: str,
    model: str,
    split: str,
    progress: Progress,
) -> Evaluation:
    """Each item by itself.

    score: raises ValueError with the reason where an item cannot be read. known: labels of the scorer; None: those
    that its answers name. what: an item in one word, for the error. Raises: EvaluationError.
    """
    skipped = listing.skipped.copy()
    kept: list[tuple[str, ModalityScore]] = []
    for at, item in enumerate(listing.items):
        progress("scoring", at, len(listing.items))
        try:
            answer = score(item)
        except ValueError as error:
            skipped.add(item.path.name, f"cannot be read ({error})")
            continue
        if isinstance(answer, Absent):
            skipped.add(item.path.name, f"cannot be judged ({answer.reason})")
        else:
            kept.append((item.truth, answer))
    if not kept:
        raise EvaluationError(f"no {what} of {listing.corpus} could be judged ({skipped.summary()}).")
    scored = Scored(np.array([score.probabilities for _, score in kept]), tuple(truth for truth, _ in kept))
    return evaluation_of(
        scored, known or kept[0][1].known_labels, corpus=listing.corpus, model=model, split=split, skipped=skipped
    )
