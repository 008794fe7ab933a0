"""What the actions work with, built once when the process starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from actions.guesses import Guesses
from actions.settings import Settings
from emotion import TextScorer, VoiceScorer
from recommender import Recommender
from store import Database, MediaStore


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class ActionContext:
    """The process's parts, handed to every action.

    text_scorer, voice_scorer: None when the model is missing; that modality is then absent, and `doctor` says so.
    today: the shop's date, replaceable in tests. guesses: wrong proofs in all conversations of this process.
    """

    settings: Settings
    db: Database
    media: MediaStore
    recommender: Recommender
    text_scorer: TextScorer | None = None
    voice_scorer: VoiceScorer | None = None
    today: Callable[[], date] = field(default=_today)
    guesses: Guesses = field(default_factory=Guesses)
