"""The closed sets of words that every room shares."""

from enum import StrEnum
from typing import Final

LABELS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""Emotion labels, in the order of every probability vector of the product."""


FINE_SENTIMENTS: Final = ("very_negative", "negative", "neutral", "positive", "very_positive")
"""The five fine levels of sentiment, in the order of every sentiment vector; the first two are negative in broad."""


class Modality(StrEnum):
    """Where a score comes from."""

    TEXT = "text"
    VOICE = "voice"
    FACE = "face"
    BEHAVIOUR = "behaviour"
    PHYSIOLOGICAL = "physiological"
    GESTURE = "gesture"


PLUGIN_MODALITIES: Final = (Modality.PHYSIOLOGICAL, Modality.GESTURE)
"""Modalities that nothing here scores: they exist only where an installed plug-in brings their scorer."""

SCORER_ENTRY_POINTS: Final = "attune.scorers"
"""Group of the packages' entry points that bring scorers; an entry point's name is the modality that it scores."""


class Signal(StrEnum):
    """What a customer can consent to, one by one: the source of the modality of the same name."""

    TEXT = "text"
    VOICE = "voice"
    FACE = "face"
    BEHAVIOUR = "behaviour"
    PHYSIOLOGICAL = "physiological"
    GESTURE = "gesture"


class Purpose(StrEnum):
    """What a consented signal may be used for."""

    ASSIST = "assist"
    PERSONALISE = "personalise"
    IMPROVE = "improve"


class Author(StrEnum):
    """Who wrote a message. Only CUSTOMER messages may ever reach a scorer."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"


class Owner(StrEnum):
    """Who answers a conversation now."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"


class MessageStatus(StrEnum):
    """The inbox's steps: received (stored), sent (given to the assistant), answered (replies stored)."""

    RECEIVED = "received"
    SENT = "sent"
    ANSWERED = "answered"
