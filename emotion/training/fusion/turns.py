"""Synthetic turns: held-out items of the same label put together, and a declared share that contradict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from emotion.errors import TrainingError
from emotion.training.fusion.held_out import CLEAN, HeldOut, HeldOutItem
from vocabulary import LABELS, Modality, ModalityScore

CONTRADICTORY_SHARE: Final = 0.2
"""Of every ten synthetic turns two contradict: glad words with an angry, disgusted, afraid or sad face or voice,
or the other way round."""

_GLAD: Final = "happiness"
_HURT: Final = ("anger", "disgust", "fear", "sadness")


@dataclass(frozen=True)
class SyntheticTurn:
    """One made-up turn.

    label: what all of its items show; None where they contradict each other.
    items: one per modality.
    """

    label: str | None
    items: Mapping[Modality, HeldOutItem]

    def scores(self, conditions: Mapping[Modality, str | None]) -> list[ModalityScore]:
        """The readings under these conditions, by modality; None leaves a modality out, as silence does."""
        found = []
        for modality, one in self.items.items():
            condition = conditions.get(modality, CLEAN)
            reading = one.readings.get(condition) if condition else None
            if reading is not None:
                found.append(reading)
        return found


def make_turns(items: Mapping[Modality, Sequence[HeldOutItem]], *, count: int, seed: int) -> tuple[SyntheticTurn, ...]:
    """`count` turns, each label equally often, and CONTRADICTORY_SHARE of them contradictory.

    items: one half (to fit or to report) of each modality. Only labels that every modality's corpus has are used
    (the voices have no surprise): else a modality's absence would give a label away, and learnt fusions would see
    nothing else. Items are drawn with replacement. Raises: TrainingError with fewer than two modalities or labels.
    """
    if len(items) < 2:
        raise TrainingError(f"{len(items)} modality has held-out items; a synthetic turn needs at least two.")
    rng = np.random.default_rng(seed)
    by_label = {
        modality: {label: [one for one in pool if one.label == label and CLEAN in one.readings] for label in LABELS}
        for modality, pool in items.items()
    }
    common = [label for label in LABELS if all(pools[label] for pools in by_label.values())]
    if not {"happiness", "anger"} <= set(common):
        raise TrainingError(f"labels common to all modalities: {', '.join(common) or 'none'}; expected most of LABELS.")
    contradictory = round(count * CONTRADICTORY_SHARE)
    turns = [_agreeing(by_label, common[at % len(common)], rng) for at in range(count - contradictory)]
    turns += [
        _contradicting(by_label, [label for label in _HURT if label in common], rng) for _ in range(contradictory)
    ]
    return tuple(turns)


def _agreeing(
    by_label: Mapping[Modality, Mapping[str, Sequence[HeldOutItem]]], label: str, rng: np.random.Generator
) -> SyntheticTurn:
    return SyntheticTurn(label, {name: _draw(pools[label], rng) for name, pools in by_label.items()})


def _contradicting(
    by_label: Mapping[Modality, Mapping[str, Sequence[HeldOutItem]]], hurt: Sequence[str], rng: np.random.Generator
) -> SyntheticTurn:
    """One modality on one side of valence, all others on the other, with one label there."""
    sides = [_GLAD, str(rng.choice(hurt))]
    rng.shuffle(sides)
    alone = list(by_label)[int(rng.integers(len(by_label)))]
    chosen = {name: sides[0] if name is alone else sides[1] for name in by_label}
    return SyntheticTurn(None, {name: _draw(pools[chosen[name]], rng) for name, pools in by_label.items()})


def _draw(pool: Sequence[HeldOutItem], rng: np.random.Generator) -> HeldOutItem:
    return pool[int(rng.integers(len(pool)))]


def halves(
    held_out: Sequence[HeldOut],
) -> tuple[dict[Modality, tuple[HeldOutItem, ...]], dict[Modality, tuple[HeldOutItem, ...]]]:
    """(to fit, to report) by modality."""
    return {one.modality: one.fit for one in held_out}, {one.modality: one.report for one in held_out}
