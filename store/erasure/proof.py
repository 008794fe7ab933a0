"""The proof of an erasure: everything is searched for what belonged to the person, and a certificate says the rest."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from store.database import Database
from store.erasure.certificate import Backup, Certificate, stores_of
from store.erasure.journal import Begun
from store.erasure.needles import Needles
from store.erasure.search import Found, copies, search_files
from store.erasure.subject import Subject
from store.settings import StoreSettings

_RANDOM_CHARS: Final = 20
_RETRAIN: Final = (
    "The assistant was trained with {count} of this person's sentences. They are out of the training file and the "
    "trained models are deleted; start it again with `attune up`, which trains a new one."
)
_BACKUPS: Final = (
    "{count} copies of a database lie beside the running ones. Delete those that you do not need; one that is restored "
    "is cleaned again at the next start, because the erased ids are known by fingerprint."
)


class Proof:
    """Searches one installation."""

    def __init__(self, settings: StoreSettings, db: Database) -> None:
        self._settings = settings
        self._db = db

    async def backups(self) -> tuple[Backup, ...]:
        """Copies of a database beside the running ones, not looked into."""
        found = await asyncio.to_thread(copies, [self._settings.home], self._in_use)
        return tuple(Backup(path.name, _changed_at(path), None) for path in found)

    async def search(self, subject: Subject, since: datetime) -> Found:
        """Look through every file and table. since: when the person was first stored."""
        found = Found()
        places = (self._settings.home, self._settings.media_dir, self._settings.bot_examples, *self._in_use)
        await asyncio.to_thread(
            search_files,
            [path for path in places if path.exists()],
            Needles(_in_files(subject)),
            in_use=self._in_use,
            since=since.timestamp(),
            found=found,
        )
        async with self._db.reading() as tx:
            await tx.erasures.search_values(Needles(_in_tables(subject)), found)
        return found

    @property
    def _in_use(self) -> list[Path]:
        files = [self._settings.tracker_db]
        url = make_url(self._settings.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            files.append(Path(url.database))
        return [path.with_name(path.name + end) for path in files for end in ("", "-wal", "-shm")]


def certificate_of(begun: Begun, found: Found, seconds: float) -> Certificate:
    """What was deleted, what the search found, and what is left for a person to do."""
    pending = []
    if begun.counts.get("bot_examples"):
        pending.append(_RETRAIN.format(count=begun.counts["bot_examples"]))
    if found.copies:
        pending.append(_BACKUPS.format(count=len(found.copies)))
    now = datetime.now(UTC)
    return Certificate(
        id=begun.id,
        at=now,
        seconds=round(seconds, 3),
        stores=stores_of(begun.counts),
        searched={
            "files": found.files,
            "bytes": found.bytes,
            "values": found.values,
            "needles": len(_in_tables(begun.subject)),
            "unchanged": found.unchanged,
            "unreadable": found.unreadable,
        },
        residual=tuple(found.hits),
        backups=tuple(Backup(name, now, holds) for name, holds in found.copies.items()),
        pending=tuple(pending),
    )


def _in_files(subject: Subject) -> Sequence[str]:
    """Ids, fingerprints and words that must be nowhere afterwards."""
    own = (subject.account,) if subject.account else ()
    ids = (*own, *subject.customers, *subject.conversations, *subject.media, *subject.shop, *subject.addresses)
    return (*ids, *subject.imported, *subject.words)


def _in_tables(subject: Subject) -> Sequence[str]:
    """The same, and the ids of messages that nobody else's message has: pages choose ids, and a short one may be chosen
    twice."""
    return (*_in_files(subject), *(one for one in subject.messages if len(one) >= _RANDOM_CHARS))


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
