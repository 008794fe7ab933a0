"""The hybrid: the taste model that ships, with its settings chosen on what is held out inside the training part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.models.base import Fitted, Material
from recommender.learning import Log, TasteModel, TasteSettings, choose, histories
from vocabulary import Item


@dataclass(frozen=True)
class Hybrid:
    """A taste model asked for many people at once."""

    taste: TasteModel

    def scores(self, log: Log, people: NDArray[np.int64]) -> NDArray[np.float32]:
        flat, recent = histories(log, self.taste.settings)
        return self.taste.scores(flat[people], recent[people])


def hybrid(material: Material, items: Sequence[Item], *, tell: Callable[[str], None] = lambda _: None) -> Fitted:
    """Choose settings and blend, then learn from the whole log of the material."""
    now = datetime.fromtimestamp(float(material.log.times.max(initial=0.0)), UTC)
    chosen = choose(
        material.log, material.held, material.content, material.features, STANDARD, now.timestamp(), tell=tell
    )
    model = remake(material.log, material, items, chosen.settings)
    return Fitted(model, chosen.settings.to_dict(), chosen.tried)


def remake(log: Log, material: Material, items: Sequence[Item], settings: TasteSettings) -> Hybrid:
    """The hybrid with given settings from another log."""
    now = datetime.fromtimestamp(float(log.times.max(initial=0.0)), UTC)
    return Hybrid(TasteModel.of_log(log, items, material.content, material.features, now, settings))


STANDARD = TasteSettings(neighbours=400, ease_items=8_000)
"""What the search begins with: more links for each item than a shop's process keeps, as memory does not matter here."""
