"""The numbers of a taste model: made from the parts of its blend, and as arrays of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.learning.content import Content
from recommender.learning.links import Links, normalised, strongest
from recommender.learning.parts import Parts
from recommender.learning.settings import TasteSettings

TOGETHER: Final = "together.recent"
"""The part that new acts are added to at once; all others wait for the next fit."""
_FRESH: Final = 0.25
"""What it weighs for new acts where the blend does without it, beside the strongest part."""
_COLD: Final = 0.25
"""What likeness weighs at least, beside the strongest part, for items that nobody chose yet."""
_TABLES: Final = ("flat", "recent", "counts", "features")
_LINES: Final = ("tally", "sizes")


@dataclass(frozen=True)
class Learned:
    """flat, recent: links of the whole history and of its newest acts, (n_items, n_items).

    Every part of the blend that is made of links is summed in these two, so that what an item owes to each act adds up
    exactly. content_weights: of likeness, for the whole history and its newest acts. cold_weight: of likeness for items
    that nobody chose yet. tally: (n_items,), choices that fade, as of the fit. counts: how many chose both of two
    items; the most frequent for each. sizes: (n_items,), how many chose it. fresh_weight: what a cosine of `counts`
    adds to a link when new acts are learned.
    """

    flat: Links
    recent: Links
    content: Content
    features: sparse.csr_matrix
    content_weights: tuple[float, float]
    tally: NDArray[np.float32]
    cold_weight: float
    popular_weight: float
    counts: Links
    sizes: NDArray[np.float32]
    fresh_weight: float

    @property
    def popular(self) -> NDArray[np.float32]:
        """(n_items,), from 0 (never chosen) to 1 (the most)."""
        return normalised(self.tally)


def summed(parts: Parts, settings: TasteSettings) -> Learned:
    """The parts of the blend as two tables of links, with what is not made of links beside them."""
    shape = parts.counts.shape
    sums = {"": sparse.csr_matrix(shape, dtype=np.float32), "recent": sparse.csr_matrix(shape, dtype=np.float32)}
    weights = {name: weight / parts.scale.get(name, 1.0) for name, weight in settings.blend.items()}
    for name, weight in weights.items():
        link, _, memory = name.partition(".")
        if link in parts.links:
            sums[memory] = sums[memory] + parts.links[link] * np.float32(weight)
    strongest_part = max(settings.blend.values(), default=1.0)
    return Learned(
        flat=strongest(sums[""], settings.neighbours),
        recent=strongest(sums["recent"], settings.neighbours),
        content=parts.content,
        features=parts.features,
        content_weights=(weights.get("content", 0.0), weights.get("content.recent", 0.0)),
        cold_weight=max(weights.get("content", 0.0), _COLD * strongest_part / parts.scale.get("content", 1.0)),
        tally=parts.tally,
        popular_weight=weights.get("popular", 0.0),
        counts=strongest(parts.counts, settings.neighbours),
        sizes=parts.sizes,
        fresh_weight=weights.get(TOGETHER, _FRESH * strongest_part / parts.scale.get(TOGETHER, 1.0)),
    )


def to_arrays(learned: Learned) -> tuple[dict[str, float], dict[str, NDArray[Any]]]:
    """Single numbers by name, and arrays by name."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(learned, name) for name in _LINES}
    for name in _TABLES:
        table = getattr(learned, name)
        arrays |= {
            f"{name}.values": table.data.astype(np.float32),
            f"{name}.columns": table.indices.astype(np.int32),
            f"{name}.starts": table.indptr.astype(np.int64),
        }
    for name in ("buckets", "rarity", "middle", "whitening"):
        arrays[f"content.{name}"] = getattr(learned.content, name)
    flat, recent = learned.content_weights
    numbers = {
        "content": flat,
        "content.recent": recent,
        "cold": learned.cold_weight,
        "popular": learned.popular_weight,
        "fresh": learned.fresh_weight,
    }
    return numbers, arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]], numbers: Mapping[str, float]) -> Learned:
    """The way back. Raises: KeyError or ValueError for arrays that do not belong together."""
    n_items = len(arrays["tally"])

    def table(name: str, width: int) -> sparse.csr_matrix:
        parts = tuple(arrays[f"{name}.{part}"] for part in ("values", "columns", "starts"))
        return sparse.csr_matrix(parts, shape=(n_items, width))

    content = Content(*(arrays[f"content.{name}"] for name in ("buckets", "rarity", "middle", "whitening")))
    return Learned(
        flat=table("flat", n_items),
        recent=table("recent", n_items),
        content=content,
        features=table("features", len(content.buckets)),
        content_weights=(float(numbers["content"]), float(numbers["content.recent"])),
        tally=arrays["tally"],
        cold_weight=float(numbers["cold"]),
        popular_weight=float(numbers["popular"]),
        counts=table("counts", n_items),
        sizes=arrays["sizes"],
        fresh_weight=float(numbers["fresh"]),
    )
