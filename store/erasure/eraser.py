"""Erases one person from every store, proves it, and can be killed at any moment: whoever comes next finishes it.

Order: the ids are written down sealed (and as fingerprints, for restored backups), the person's doors close, files and
the assistant's memory go, then the rows with their keys in one transaction, then what was learned from people is made
anew, then the databases are written anew, then everything is searched.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from privacy import KeyRing
from store.bot_examples import BotExamples, example_source
from store.database import Database
from store.erasure.certificate import Certificate, Preview, stores_of
from store.erasure.claims import Claims
from store.erasure.journal import Begun, Claim
from store.erasure.proof import Proof, certificate_of
from store.erasure.search import Found
from store.erasure.subject import PersonUnknown, Subject
from store.erasure.tombstones import TombstoneFile, ids_of
from store.media import MediaStore
from store.settings import StoreSettings
from store.tracker import TrackerFile
from store.vault import erased_mark

log = logging.getLogger(__name__)

ROUNDS: Final = 3
"""How often it is erased and searched again when something wrote meanwhile."""
_PAUSE_S: Final = 1.0

Unlearn = Callable[[], Awaitable[bool]]
"""Makes what suggestions have learned from people anew, without what is no longer stored."""

Doors = Callable[[Subject], Awaitable[None]]
"""Ends what the person has open: sockets, running turns."""


async def _no_doors(_: Subject) -> None:
    return None


class Eraser:
    """Erasures of one installation."""

    def __init__(
        self,
        settings: StoreSettings,
        keyring: KeyRing,
        db: Database,
        media: MediaStore,
        *,
        close_doors: Doors = _no_doors,
        unlearn: Unlearn | None = None,
    ) -> None:
        """unlearn: None deletes what was learned from people, if anything of the person was in it."""
        self._settings = settings
        self._keyring = keyring
        self._db = db
        self._media = media
        self._close_doors = close_doors
        self._unlearn = unlearn or self._forget_learned
        self.tracker = TrackerFile(settings.tracker_db, keyring)
        self.examples = BotExamples(settings.bot_examples)
        self._tombstones = TombstoneFile(settings.home)
        self._claims = Claims(settings.home)
        self._proof = Proof(settings, db)

    async def preview(self, who: str) -> Preview:
        """What an erasure of this person would do. who: see Subjects.find. Raises: PersonUnknown."""
        async with self._db.reading() as tx:
            subject = await self._subject(tx, who)
            counts = await tx.records.count(subject)
        counts |= await self._outside(subject, counts)
        return Preview(stores_of(counts), await self._proof.backups())

    async def erase(self, who: str, *, by: str, purpose: str = "erasure on request") -> Certificate:
        """Erase the person. by: the actor of the audit entry.

        Raises: PersonUnknown (also when another process has just done it); ErasureRunning.
        """
        async with self._db.reading() as tx:
            found = await self._subject(tx, who)
            outside = await self._outside(found, await tx.records.count(found))
        with self._claims.kept_on_success() as take:
            begun = await self._begin(who, outside, by, purpose, take)
        return await self._finish(begun)

    async def _begin(self, who: str, outside: dict[str, int], by: str, purpose: str, take: Claim) -> Begun:
        async with self._db.transaction() as tx:
            subject = await self._subject(tx, who)
            counts = await tx.records.count(subject)
            # Before the ids are marked as erased: from then on nothing is sealed for them.
            await tx.audit.add(by, "data.erase", subject=subject.known_as, purpose=purpose)
            begun = await tx.erasures.begin(subject, {**counts, **outside}, take)
            await tx.records.close_doors(subject)
        return begun

    async def resume(self) -> int:
        """Finish what killed processes left; gives the number. Raises: StoreError."""
        with self._claims.kept_on_success() as take:
            async with self._db.transaction() as tx:
                left = await tx.erasures.take_over(take)
        for begun in left:
            await self._finish(begun)
        # After the unfinished ones have been taken: a file without one is of an erasure that never began.
        await asyncio.to_thread(self._claims.tidy)
        return len(left)

    async def sweep(self) -> int:
        """Erase again who was erased before and is back with a restored backup; gives the number of persons."""
        oldest = datetime.now(UTC) - self._settings.periods["erasures"].length
        await asyncio.to_thread(self._tombstones.drop_before, oldest)
        lines = await asyncio.to_thread(self._tombstones.read)
        async with self._db.transaction() as tx:
            await tx.tombstones.learn(lines)
        async with self._db.reading() as tx:
            returned = await tx.erasures.returned(await asyncio.to_thread(self.tracker.senders))
        for subject in returned:
            async with self._db.reading() as tx:
                outside = await self._outside(subject, await tx.records.count(subject))
            with self._claims.kept_on_success() as take:
                async with self._db.transaction() as tx:
                    counts = await tx.records.count(subject)
                    begun = await tx.erasures.begin(subject, {**counts, **outside}, take)
                    await tx.records.close_doors(subject)
            await self._finish(begun)
        return len(returned)

    async def _subject(self, tx: Any, who: str) -> Subject:
        subject: Subject | None = await tx.subjects.find(who)
        if subject is None:
            raise PersonUnknown
        return subject

    async def _finish(self, begun: Begun) -> Certificate:
        done = False
        try:
            certificate = await self._carry_out(begun)
            done = True
        finally:
            self._claims.release(begun.id, done=done)
        return certificate

    async def _carry_out(self, begun: Begun) -> Certificate:
        started, subject = time.monotonic(), begun.subject
        ids = ids_of(subject)
        await asyncio.to_thread(
            self._tombstones.add, [erased_mark(self._keyring, one) for one in ids], begun.id, begun.at
        )
        found = Found()
        for number in range(ROUNDS):
            await self._close_doors(subject)
            await self._forget_outside(subject)
            async with self._db.transaction() as tx:
                await tx.records.forget(subject)
            if begun.counts.get("interactions"):
                await self._unlearn()
            await self._db.compact()
            await asyncio.to_thread(self.tracker.compact)
            found = await self._proof.search(subject, begun.since)
            if not found.hits:
                break
            log.warning("erasure repeated", extra={"round": number + 1, "hits": len(found.hits)})
            await asyncio.sleep(_PAUSE_S)
        certificate = certificate_of(begun, found, time.monotonic() - started)
        async with self._db.transaction() as tx:
            await tx.erasures.finish(begun.id, certificate.to_dict())
            await tx.audit.add(
                "erasure",
                "data.erased",
                purpose="certificate of an erasure",
                details={"erasure": begun.id, "ok": certificate.ok},
            )
        return certificate

    async def _forget_outside(self, subject: Subject) -> None:
        def forget() -> None:
            for media_id in subject.media:
                self._media.delete(media_id)
            self.tracker.forget(subject.conversations)
            if self.examples.forget(self._sources(subject)):
                for model in (self._settings.home / "rasa" / "models").glob("*.tar.gz"):
                    with suppress(FileNotFoundError):
                        model.unlink()

        await asyncio.to_thread(forget)

    async def _forget_learned(self) -> bool:
        def forget() -> bool:
            found = [path for path in self._settings.learned_dir.glob("*") if path.is_file() and path.suffix != ".lock"]
            for path in found:
                path.unlink(missing_ok=True)
            return bool(found)

        return await asyncio.to_thread(forget)

    async def _outside(self, subject: Subject, counts: Mapping[str, int]) -> dict[str, int]:
        """What is stored of a person beside the database. counts: of the rows in it."""

        def count() -> dict[str, int]:
            return {
                "media": sum((self._settings.media_dir / f"{one}.media").exists() for one in subject.media),
                "tracker": self.tracker.count(subject.conversations),
                "bot_examples": self.examples.count(self._sources(subject)),
                "recommender": sum(1 for _ in self._settings.learned_dir.glob("*.npz"))
                if counts["interactions"]
                else 0,
            }

        return await asyncio.to_thread(count)

    def _sources(self, subject: Subject) -> list[str]:
        return [example_source(self._keyring, one) for one in subject.customers]
