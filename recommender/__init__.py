"""Catalogue to embeddings, to an exact search, to a ranking that respects how the customer is doing."""

from recommender.embedding.encoder import OnnxEncoder
from recommender.embedding.export import encoder_source, export_encoder
from recommender.errors import EncoderError, FilterError, RecommenderError
from recommender.evaluation.judged import Report, evaluate, read_judgements
from recommender.filters import Filters
from recommender.query.prices import PriceWish, read_price_wish
from recommender.ranking import Rules, RulesError, load_rules
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
    "Candidate",
    "Choice",
    "EncoderError",
    "Explanation",
    "Factor",
    "FactorKind",
    "FilterError",
    "Filters",
    "OnnxEncoder",
    "PriceWish",
    "Recommender",
    "RecommenderError",
    "Report",
    "Request",
    "Rules",
    "RulesError",
    "Slate",
    "encoder_source",
    "evaluate",
    "export_encoder",
    "load_rules",
    "read_judgements",
    "read_price_wish",
]
