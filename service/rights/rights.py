"""Export and erasure as the web process does them: what the person has open here ends at once."""

import asyncio
from datetime import timedelta

from privacy import SELF
from service.drain import Drain
from service.hub import Hub
from service.rights.archive import archive
from service.sign_outs import SignOuts
from store import (
    Certificate,
    Database,
    DataRequest,
    Eraser,
    Exporter,
    MediaStore,
    Preview,
    RequestKind,
    RequestState,
    StoreSettings,
    Subject,
    Unlearn,
)


class Rights:
    """Export, preview and erase one person. who: an account's id, a pseudonym, an address; see Subjects.find."""

    def __init__(
        self,
        settings: StoreSettings,
        db: Database,
        media: MediaStore,
        hub: Hub,
        drain: Drain,
        sign_outs: SignOuts,
        unlearn: Unlearn,
    ) -> None:
        keyring = settings.keyring()
        self._db = db
        self._hub = hub
        self._drain = drain
        self._sign_outs = sign_outs
        self._due_in = timedelta(days=settings.request_days)
        self.eraser = Eraser(settings, keyring, db, media, close_doors=self._close_doors, unlearn=unlearn)
        self._exporter = Exporter(settings, keyring, db, media)

    async def export(self, who: str, *, by: str = SELF) -> bytes:
        """Everything of the person as a zip archive; the request is on record. Raises: NotFound, StoreError."""
        export = await self._exporter.export(who, by=by)
        packed = await asyncio.to_thread(archive, export)
        async with self._db.transaction() as tx:
            subject = await tx.subjects.find(who)
            owner = None if subject is None else subject.known_as
            if owner is not None:
                asked = await tx.requests.add(owner, RequestKind.ACCESS, by=by, due_in=self._due_in)
                await tx.requests.finish(asked.id, RequestState.DONE)
        return packed

    async def preview(self, who: str) -> Preview:
        """What an erasure would do. Raises: NotFound."""
        return await self.eraser.preview(who)

    async def erase(self, who: str, *, by: str = SELF) -> Certificate:
        """Erase the person; their sockets close and their turns end. Raises: NotFound, ErasureRunning."""
        async with self._db.transaction() as tx:
            subject = await tx.subjects.find(who)
            owner = None if subject is None else subject.known_as
            if owner is not None:
                # Its owner goes with the erasure; that it was asked and answered stays.
                await tx.requests.add(owner, RequestKind.ERASE, by=by, due_in=self._due_in)
        # Shielded: somebody who closes the page does not leave the work half done.
        return await asyncio.shield(self.eraser.erase(who, by=by))

    async def object(self, owner: str, words: str, *, by: str = SELF) -> DataRequest:
        """Write down that a person objects to a use of their data, or asks for something else, in their words."""
        async with self._db.transaction() as tx:
            return await tx.requests.add(owner, RequestKind.OBJECT, by=by, words=words, due_in=self._due_in)

    async def close_erased(self) -> None:
        """End what is open here of conversations that another process has erased."""
        open_here = {*self._hub.open_conversations(), *self._drain.working()}
        async with self._db.reading() as tx:
            erased = await tx.tombstones.were_erased(open_here)
        for conversation_id in erased:
            self._close(conversation_id)

    async def _close_doors(self, subject: Subject) -> None:
        for conversation_id in subject.conversations:
            self._close(conversation_id)
        if subject.account is not None:
            self._sign_outs.publish(subject.account)

    def _close(self, conversation_id: str) -> None:
        self._drain.end(conversation_id)
        self._hub.end(conversation_id)
        self._hub.changed(conversation_id)
