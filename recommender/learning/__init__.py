"""Learning from what customers do: which items go together, for whom, and which are chosen at all."""

from recommender.learning.choosing import Chosen, choose
from recommender.learning.content import Content
from recommender.learning.holding import SHARE, hold_out_drawn, hold_out_last, hold_out_newest
from recommender.learning.links import cosine, ease, popularity, together
from recommender.learning.log import Log, rows_of, tabulate
from recommender.learning.parts import apply, histories, of_length_one
from recommender.learning.settings import TasteSettings
from recommender.learning.strangers import choose_content
from recommender.learning.taste import TasteModel
from recommender.learning.threads import one_thread

__all__ = [
    "SHARE",
    "Chosen",
    "Content",
    "Log",
    "TasteModel",
    "TasteSettings",
    "apply",
    "choose",
    "choose_content",
    "cosine",
    "ease",
    "histories",
    "hold_out_drawn",
    "hold_out_last",
    "hold_out_newest",
    "of_length_one",
    "one_thread",
    "popularity",
    "rows_of",
    "tabulate",
    "together",
]
