"""Files of any shop, read into items and into what people did with them."""

from recommender.catalogue.columns import Column
from recommender.catalogue.fields import Field
from recommender.catalogue.mapping import ColumnMapping, parse_wishes
from recommender.catalogue.proposal import propose_mapping
from recommender.catalogue.reading import Reading, ReadOptions, preview_mapping, read_catalogue
from recommender.catalogue.records import Rejected
from recommender.catalogue.relations import Proposal, propose_relations

__all__ = [
    "Column",
    "ColumnMapping",
    "Field",
    "Proposal",
    "ReadOptions",
    "Reading",
    "Rejected",
    "parse_wishes",
    "preview_mapping",
    "propose_mapping",
    "propose_relations",
    "read_catalogue",
]
