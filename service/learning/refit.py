"""One fit of what suggestions learn from people: read, fitted, put in place of the one before."""

import asyncio
import fcntl
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from recommender import TASTE_FILE, TasteModel
from store import Database, Mark, StoreSettings
from vocabulary import Interaction, Item

_NOTED: Final = "learned.json"
_LOCK: Final = "learning.lock"


@dataclass(frozen=True)
class Learned:
    """What the model in use has learned from. number, count: see store.Mark. seconds: that the fit took."""

    number: int
    count: int
    items: int
    at: str
    seconds: float

    @property
    def mark(self) -> Mark:
        """How far it has read."""
        return Mark(self.number, self.count)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def learned_so_far(settings: StoreSettings) -> Learned | None:
    """What the model in use has learned from; None without a model, or with one that nobody can tell about."""
    folder = settings.learned_dir
    try:
        raw = json.loads((folder / _NOTED).read_text(encoding="utf-8"))
        noted = Learned(**raw)
    except (OSError, ValueError, TypeError):
        return None
    return noted if (folder / TASTE_FILE).is_file() else None


async def refit(db: Database, settings: StoreSettings, *, now: datetime | None = None) -> Learned:
    """Fit the model to what is stored now, and put it in place of the one before. Blocks other fits meanwhile.

    Without anything to learn from there is no model. now: what counts as the present; things done longer ago weigh
    less. Raises: StoreError, RecommenderError, OSError.
    """
    started, at = time.monotonic(), now or datetime.now(UTC)
    folder = settings.learned_dir
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        async with db.reading() as tx:
            # What is taken back after the mark is noticed by it. What came after it is left for the next fit: not every
            # database shows one moment to two questions, and the mark would not notice that it is taken back.
            mark = await tx.interactions.mark()
            done = await tx.interactions.all(up_to=mark.number)
            items = await tx.catalogue.items()
        if done and items:
            await asyncio.to_thread(_fit, folder, done, items, at)
        else:
            await asyncio.to_thread(forget_learned, settings)
        learned = Learned(mark.number, mark.count, len(items), at.isoformat(), round(time.monotonic() - started, 3))
        if done and items:
            await asyncio.to_thread(_note, folder, learned)
    return learned


def wait_for_fit(settings: StoreSettings) -> None:
    """Return once no fit is under way that began before. Blocks."""
    if settings.learned_dir.is_dir():
        with (settings.learned_dir / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)


def forget_learned(settings: StoreSettings) -> None:
    """Delete the model: suggestions do without it until the next fit. Blocks."""
    for name in (_NOTED, TASTE_FILE):
        (settings.learned_dir / name).unlink(missing_ok=True)


def _fit(folder: Path, done: Sequence[Interaction], items: Sequence[Item], at: datetime) -> None:
    # The note goes first: between the two files a reader knows nothing rather than something wrong.
    (folder / _NOTED).unlink(missing_ok=True)
    TasteModel.fit(done, items, now=at).save(folder / TASTE_FILE)


def _note(folder: Path, learned: Learned) -> None:
    temporary = folder / f".{_NOTED}.new"
    temporary.write_text(json.dumps(learned.to_dict()), encoding="utf-8")
    temporary.replace(folder / _NOTED)
