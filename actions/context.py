"""What the actions work with, built once when the process starts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from actions.guesses import Guesses
from actions.settings import Settings
from actions.slates import SlateKeeper
from emotion import Panel
from recommender import Following, Recommender
from store import Database, MediaStore


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class ActionContext:
    """The process's parts, handed to every action.

    panel: every scorer that is here; a modality without one is absent, and `doctor` says so.
    following: keeps the recommender at the present; None where nothing changes. slates: keeps the bandit at what came
    of earlier slates; None where nothing is learned.
    today: the shop's date, replaceable in tests. guesses: wrong proofs in all conversations of this process.
    """

    settings: Settings
    db: Database
    media: MediaStore
    recommender: Recommender
    panel: Panel = field(default_factory=Panel)
    following: Following | None = None
    slates: SlateKeeper | None = None
    today: Callable[[], date] = field(default=_today)
    guesses: Guesses = field(default_factory=Guesses)

    async def catch_up(self) -> None:
        """Bring the recommender to the present before a question. Raises: EncoderError."""
        if self.following is not None:
            await self.following.catch_up()
