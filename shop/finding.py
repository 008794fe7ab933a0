"""The storefront's own recommender: opened at the first search, kept at the present after that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from recommender import Following, OnnxEncoder, Recommender, load_rules
from store import Database, StoreSettings
from vocabulary import CatalogueChanges, Interaction

HistoryOf = Callable[[str], Awaitable[Sequence[Interaction]]]
"""What was done in a visit, by the id that its page has made, oldest first."""


class Finder:
    """Opens the search when it is needed: a shop whose visitors never search holds no second encoder in memory.

    history_of: None where visits are not kept.
    """

    def __init__(self, db: Database, settings: StoreSettings, history_of: HistoryOf | None = None) -> None:
        self._db = db
        self._settings = settings
        self._history_of = history_of
        self._following: Following | None = None
        self._opening = asyncio.Lock()

    async def recommender(self) -> Recommender:
        """The recommender, at the present. Raises: RecommenderError, OSError."""
        async with self._opening:
            if self._following is None:
                opened = await asyncio.to_thread(self._open)
                self._following = Following(
                    opened,
                    self._changes,
                    learned_dir=self._settings.learned_dir,
                    rules_file=self._settings.suggestions_file,
                )
        await self._following.catch_up()
        return self._following.recommender

    async def history(self, visit: str | None) -> Sequence[Interaction]:
        """What this visit did; nothing without one. Only the visitor's own switch may bring its id here."""
        return await self._history_of(visit) if visit and self._history_of is not None else ()

    def _open(self) -> Recommender:
        settings = self._settings
        # One thread: typing visitors must not take the cores from conversations.
        encoder = OnnxEncoder(settings.catalogue_encoder_dir, threads=1)
        return Recommender.open(settings.index_dir, encoder, rules=load_rules(settings.suggestions_file))

    async def _changes(self, since: int) -> CatalogueChanges:
        async with self._db.reading() as tx:
            return await tx.catalogue.changes(since)
