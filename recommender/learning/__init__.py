"""Learning from what customers do: which items go together, for whom, and which are chosen at all."""

from recommender.learning.choosing import Chosen, choose
from recommender.learning.content import Content
from recommender.learning.holding import SHARE, hold_out_drawn, hold_out_last, hold_out_newest
from recommender.learning.links import cosine, ease, together
from recommender.learning.log import Log, rows_of, tabulate
from recommender.learning.parts import histories, of_length_one
from recommender.learning.settings import TasteSettings
from recommender.learning.taste import TasteModel

__all__ = [
    "SHARE",
    "Chosen",
    "Content",
    "Log",
    "TasteModel",
    "TasteSettings",
    "choose",
    "cosine",
    "ease",
    "histories",
    "hold_out_drawn",
    "hold_out_last",
    "hold_out_newest",
    "of_length_one",
    "rows_of",
    "tabulate",
    "together",
]
