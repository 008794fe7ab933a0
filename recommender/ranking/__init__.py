"""Order and number of what is shown, and why."""

from recommender.ranking.arrange import Arrangement, arrange
from recommender.ranking.explanation import explain
from recommender.ranking.reading import RulesError, load_rules
from recommender.ranking.redlines import costs_no_more, is_distressed, violations
from recommender.ranking.rules import HELP, Order, PriceBound, Rule, Rules

__all__ = [
    "HELP",
    "Arrangement",
    "Order",
    "PriceBound",
    "Rule",
    "Rules",
    "RulesError",
    "arrange",
    "costs_no_more",
    "explain",
    "is_distressed",
    "load_rules",
    "violations",
]
