"""What the actions work with, built once when the process starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from emotion import TextScorer, VoiceScorer
from store import Database, MediaStore

from actions.settings import Settings
from recommender import Recommender


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class ActionContext:
    """The process's parts, handed to every action.

    text_scorer, voice_scorer: None when the model is missing; that modality is then absent, and `doctor` says so.
    today: the shop's date, replaceable in tests.
    """

    settings: Settings
    db: Database
    media: MediaStore
    recommender: Recommender
    text_scorer: TextScorer | None = None
    voice_scorer: VoiceScorer | None = None
    today: Callable[[], date] = field(default=_today)
