"""Thin rasa-sdk actions: read the turn, ask the rooms that know, write the store."""

from actions.base import AttuneAction, AttuneFormValidation
from actions.context import ActionContext
from actions.settings import Settings
from actions.turn import Turn

__all__ = ["ActionContext", "AttuneAction", "AttuneFormValidation", "Settings", "Turn"]
