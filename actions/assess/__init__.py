"""The assessment of one turn: what may be scored, what was, and what is kept of it."""

from actions.assess.action import AssessAction

__all__ = ["AssessAction"]
