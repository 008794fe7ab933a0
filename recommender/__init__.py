"""Catalogue to embeddings, to an exact search, to a ranking that respects how the customer is doing."""

from recommender.encoder import OnnxEncoder
from recommender.errors import EncoderError, FilterError, RecommenderError
from recommender.export import export_encoder

__all__ = ["EncoderError", "FilterError", "OnnxEncoder", "RecommenderError", "export_encoder"]
