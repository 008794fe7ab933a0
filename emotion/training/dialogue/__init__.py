"""Models over whole conversations, trained to be compared with the reading that ships; they do not ship."""

from emotion.training.dialogue.compare import GraphReport, compare_graph

__all__ = ["GraphReport", "compare_graph"]
