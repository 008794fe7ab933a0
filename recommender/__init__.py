"""Catalogue to embeddings, to an exact search, to a ranking that respects how the customer is doing."""

from recommender.bandit import (
    Bandit,
    BanditError,
    BanditSettings,
    Outcome,
    PolicyName,
    RewardSettings,
    Sums,
    calm_after,
    judge,
    record_of,
)
from recommender.catalogue import (
    ColumnMapping,
    Reading,
    ReadOptions,
    parse_wishes,
    preview_mapping,
    propose_mapping,
    propose_relations,
    read_catalogue,
)
from recommender.embedding.encoder import OnnxEncoder
from recommender.embedding.export import encoder_source, export_encoder
from recommender.errors import (
    CatalogueFileError,
    EncoderChangedError,
    EncoderError,
    FilterError,
    MappingError,
    RecommenderError,
)
from recommender.evaluation.judged import Report, evaluate, read_judgements
from recommender.filters import Filters
from recommender.following import TASTE_FILE, Following
from recommender.learning import TasteModel
from recommender.query.prices import PriceWish, read_price_wish
from recommender.ranking import Order, PriceBound, Rule, Rules, RulesError, load_rules
from recommender.recommender import Recommender
from recommender.slate import (
    Candidate,
    Choice,
    Explanation,
    Factor,
    FactorKind,
    Request,
    Slate,
)

__all__ = [
    "TASTE_FILE",
    "Bandit",
    "BanditError",
    "BanditSettings",
    "Candidate",
    "CatalogueFileError",
    "Choice",
    "ColumnMapping",
    "EncoderChangedError",
    "EncoderError",
    "Explanation",
    "Factor",
    "FactorKind",
    "FilterError",
    "Filters",
    "Following",
    "MappingError",
    "OnnxEncoder",
    "Order",
    "Outcome",
    "PolicyName",
    "PriceBound",
    "PriceWish",
    "ReadOptions",
    "Reading",
    "Recommender",
    "RecommenderError",
    "Report",
    "Request",
    "RewardSettings",
    "Rule",
    "Rules",
    "RulesError",
    "Slate",
    "Sums",
    "TasteModel",
    "calm_after",
    "encoder_source",
    "evaluate",
    "export_encoder",
    "judge",
    "load_rules",
    "parse_wishes",
    "preview_mapping",
    "propose_mapping",
    "propose_relations",
    "read_catalogue",
    "read_judgements",
    "read_price_wish",
    "record_of",
]
