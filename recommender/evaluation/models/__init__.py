"""Every model that is measured, by the name that the report has for it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from recommender.evaluation.models.base import (
    Fitted,
    Material,
    Model,
    best_lists,
    chosen_by,
    hits_of,
    people_of,
)
from recommender.evaluation.models.factors import als, neural
from recommender.evaluation.models.hybrid import Hybrid, hybrid, remake
from recommender.evaluation.models.simple import content, item_knn, plain_ease, popular, user_knn

BASELINES: Final[Mapping[str, Callable[[Material], Fitted]]] = MappingProxyType(
    {
        "popular": popular,
        "content": content,
        "user-knn": user_knn,
        "item-knn": item_knn,
        "ease": plain_ease,
        "als": als,
        "neural": neural,
    }
)
HYBRID: Final = "hybrid"

__all__ = [
    "BASELINES",
    "HYBRID",
    "Fitted",
    "Hybrid",
    "Material",
    "Model",
    "best_lists",
    "chosen_by",
    "hits_of",
    "hybrid",
    "people_of",
    "remake",
]
