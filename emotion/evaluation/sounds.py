"""A voice scorer on a corpus of recordings: cold, or after it has heard each speaker a few times."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.item import Item, Listing, Skipped
from emotion.evaluation.result import Evaluation, Progress, Scored, judge, mean_metrics, silent
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.scorer import VoiceReading
from vocabulary import LABELS, Absent, Clip, ModalityScore

ORDERS: Final = 20
"""How many seeded orders of each speaker's clips `online` is the mean of."""

LoadClip = Callable[[Path], Clip]
"""Decodes one file; raises an error with a `code` where it cannot."""


class MeasuresVoice(Protocol):
    """A voice scorer in its two steps, so that a clip is measured once however often it is scored."""

    def measure(self, clip: Clip) -> Any | Absent: ...

    def score_measured(self, measured: Any, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent: ...


@dataclass(frozen=True)
class Measured:
    """One clip that can be judged, with what the scorer measured of it."""

    item: Item
    figures: Any


def measure_clips(
    listing: Listing, load: LoadClip, scorer: MeasuresVoice, *, progress: Progress = silent
) -> tuple[list[Measured], Skipped]:
    """Decode and measure every clip. What cannot be read or judged is counted and named in the listing's own record."""
    found: list[Measured] = []
    skipped = listing.skipped.copy()
    for at, item in enumerate(listing.items):
        progress("measuring", at, len(listing.items))
        try:
            figures = scorer.measure(load(item.path))
        except Exception as error:
            if not isinstance(getattr(error, "code", None), str):
                raise
            skipped.add(item.path.name, f"cannot be read ({error.code})")  # type: ignore[attr-defined]
            continue
        if isinstance(figures, Absent):
            skipped.add(item.path.name, f"cannot be judged ({figures.reason})")
        else:
            found.append(Measured(item, figures))
    if not found:
        raise EvaluationError(f"no clip of {listing.corpus} could be judged ({skipped.summary()}).")
    return found, skipped


def evaluate_sounds(
    listing: Listing,
    measured: Sequence[Measured],
    skipped: Skipped,
    scorers: Mapping[str, MeasuresVoice] | MeasuresVoice,
    *,
    model: str,
    split: str,
    online: int = 0,
    seed: int = 0,
    progress: Progress = silent,
) -> Evaluation:
    """Score measured clips.

    scorers: one for all, or one for each speaker that has not heard this speaker.
    online: the first so many clips of each speaker, in a seeded order, are heard and not scored; they are the
    baseline of all others, which does not grow any more. The figures are the mean of ORDERS orders. 0: no baseline.
    Raises: EvaluationError, also where the corpus does not say who speaks and `online` wants to know.
    """
    if online and any(one.item.speaker is None for one in measured):
        raise EvaluationError(
            f"{listing.corpus} does not say who speaks, so there are no earlier clips of a speaker. "
            "Leave --online out, or name the files <speaker>-<anything>."
        )
    runs: list[Scored] = []
    orders = ORDERS if online else 1
    left_out = skipped.copy()
    for order in range(orders):
        progress("scoring", order, orders)
        # What cannot be judged is named once, not once for each order.
        unjudged = left_out if order == 0 else Skipped()
        runs.append(_one_order(measured, scorers, online, np.random.default_rng([seed, order]), unjudged))
    known = _known(scorers, measured)
    judged = [judge(scored, known) for scored in runs]
    whole = mean_metrics([metrics for metrics, _ in judged])
    groups = {
        kind: {
            name: mean_metrics([found[kind][name] for _, found in judged])
            for name in names
            if all(name in found.get(kind, {}) for _, found in judged)
        }
        for kind, names in judged[0][1].items()
    }
    more: dict[str, Any] = {"online": online}
    if online:
        uars = [metrics.uar or 0.0 for metrics, _ in judged]
        more |= {"orders": orders, "uar_deviation_over_orders": float(np.std(uars))}
    return Evaluation(
        corpus=listing.corpus,
        model=model,
        split=split,
        n=whole.n,
        metrics=whole,
        groups=groups,
        skipped=left_out,
        more=more,
        scored=runs[0],
    )


def _one_order(
    measured: Sequence[Measured],
    scorers: Mapping[str, MeasuresVoice] | MeasuresVoice,
    online: int,
    rng: np.random.Generator,
    skipped: Skipped,
) -> Scored:
    by_speaker: dict[str | None, list[Measured]] = {}
    for one in measured:
        by_speaker.setdefault(one.item.speaker, []).append(one)
    kept: list[tuple[Item, ModalityScore]] = []
    for speaker, clips in by_speaker.items():
        scorer = scorers[str(speaker)] if isinstance(scorers, Mapping) else scorers
        order = rng.permutation(len(clips)) if online else np.arange(len(clips))
        baseline: SpeakerBaseline | None = None
        for at in order[:online]:
            heard = scorer.score_measured(clips[at].figures, baseline=baseline)
            baseline = heard.baseline if isinstance(heard, VoiceReading) else baseline
        for at in order[online:]:
            reading = scorer.score_measured(clips[at].figures, baseline=baseline)
            if isinstance(reading, Absent):
                skipped.add(clips[at].item.path.name, f"cannot be judged ({reading.reason})")
            else:
                kept.append((clips[at].item, reading.score))
    if not kept:
        raise EvaluationError(f"no speaker has more than {online} clips, so none is left to score. Lower --online.")
    kinds = sorted({kind for item, _ in kept for kind in item.groups})
    groups = {kind: tuple(item.groups.get(kind, "") for item, _ in kept) for kind in kinds}
    groups["speaker"] = tuple(item.speaker or "" for item, _ in kept)
    return Scored(
        np.array([score.probabilities for _, score in kept]),
        tuple(item.truth for item, _ in kept),
        groups,
    )


def _known(scorers: Mapping[str, MeasuresVoice] | MeasuresVoice, measured: Sequence[Measured]) -> tuple[str, ...]:
    """The labels that the scorer was trained on, as its own answers say."""
    first = measured[0]
    scorer = scorers[str(first.item.speaker)] if isinstance(scorers, Mapping) else scorers
    reading = scorer.score_measured(first.figures)
    return reading.score.known_labels if isinstance(reading, VoiceReading) else LABELS
