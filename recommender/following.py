"""A recommender kept at the present: the catalogue of the database, the rules, and what was learned."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from recommender.errors import RecommenderError
from recommender.learning import TasteModel
from recommender.ranking import load_rules
from recommender.recommender import Recommender
from vocabulary import CatalogueChanges

log = logging.getLogger(__name__)

AT_ONCE: Final = 48
"""So many new texts are embedded before an answer; more of them in the background, while it goes on with the rest."""

TASTE_FILE: Final = "taste.npz"

ReadChanges = Callable[[int], Awaitable[CatalogueChanges]]
_Stamp = tuple[int, int, int] | None


class Following:
    """Looks, before each question, whether anything has changed; that costs two looks at files and one at a number.

    read: what has changed in the catalogue since a version. learned_dir: where the taste model lies, if there is one;
    when the file goes, so does what was known from it. rules_file: read again when it changes; one that cannot be used
    is told in the log, and the rules of before stay.
    """

    def __init__(
        self,
        recommender: Recommender,
        read: ReadChanges,
        *,
        learned_dir: Path | None = None,
        rules_file: Path | None = None,
    ) -> None:
        self.recommender = recommender
        self._read = read
        self._taste_file = None if learned_dir is None else learned_dir / TASTE_FILE
        self._rules_file = rules_file
        self._taste_stamp: _Stamp = None
        self._rules_stamp = _stamp(rules_file)
        self._seen = recommender.version
        self._waiting: list[CatalogueChanges] = []
        self._worker: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def catch_up(self) -> None:
        """Take in what has changed. Raises: EncoderError."""
        async with self._lock:
            await self._catalogue()
            if _stamp(self._rules_file) != self._rules_stamp:
                self._rules_stamp = _stamp(self._rules_file)
                await asyncio.to_thread(self._read_rules)
            if _stamp(self._taste_file) != self._taste_stamp:
                self._taste_stamp = _stamp(self._taste_file)
                await asyncio.to_thread(self._read_taste)

    async def _catalogue(self) -> None:
        changes = await self._read(self._seen)
        if changes.version != self._seen or changes.whole:
            await asyncio.to_thread(self.recommender.see, changes)
            self._seen = changes.version
            self._waiting.append(changes)
        if not self._waiting or (self._worker is not None and not self._worker.done()):
            return
        self._worker = asyncio.create_task(self._embed())
        if sum(len(waiting.items) for waiting in self._waiting) <= AT_ONCE or not self.recommender.is_filled:
            try:
                await self._worker
            except OSError as err:
                # Such as a full disk: what is held goes on answering, and the next question tries it again.
                if not self.recommender.is_filled:
                    raise
                log.error("changes of the catalogue cannot be kept", extra={"error": type(err).__name__})

    async def _embed(self) -> None:
        while self._waiting:
            await asyncio.to_thread(self.recommender.update, self._waiting[0])
            del self._waiting[0]

    def _read_rules(self) -> None:
        if self._rules_file is None:
            return
        try:
            self.recommender.use_rules(load_rules(self._rules_file))
        except RecommenderError as err:
            log.error("the rules of suggestions cannot be used; the ones of before stay", extra={"code": err.code})

    def _read_taste(self) -> None:
        taste = None
        if self._taste_file is not None and self._taste_stamp is not None:
            try:
                taste = TasteModel.load(self._taste_file)
            except (RecommenderError, OSError) as err:
                log.error("what was learned cannot be read and is left out", extra={"error": type(err).__name__})
        self.recommender.use_taste(taste)


def _stamp(path: Path | None) -> _Stamp:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
