"""Pictures of the customer's face that belong to a message: taken in with consent, gone with its turn."""

import asyncio
from collections.abc import Sequence
from typing import Final

from service.errors import NotAllowed, Refused
from service.intake import check_message_id
from store import Conversation, Database, MediaStore, Transaction
from vocabulary import Signal

MOST: Final = 5
"""Pictures of one message."""

MOST_PENDING: Final = 20
"""Pictures of one conversation whose messages are not answered yet. The oldest go first."""

_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")


class Pictures:
    """Keeps pictures, encrypted, until the message that they belong to is answered.

    This process never decodes a picture: what a stranger's file does to a decoder stays out of the public door. It
    looks at the first bytes only; a damaged picture makes the face absent in its turn, with the reason.
    """

    def __init__(self, db: Database, media: MediaStore) -> None:
        self._db = db
        self._media = media

    async def attach(self, conversation: Conversation, message_id: str, data: bytes) -> int:
        """Keep one picture for a message that is still to be sent; gives how many the message has now.

        Raises: NotAllowed without consent to the face; Refused (409) if the message was sent already or has its
        pictures, (415) if this is no picture; StoreError.
        """
        check_message_id(message_id)
        if not (data.startswith(_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")):
            raise Refused("no_picture", "This is no JPEG, PNG, WebP or GIF picture. Send one of these.", status=415)
        async with self._db.reading() as tx:
            await self._check(tx, conversation, message_id)
        media_id = await asyncio.to_thread(self._media.put_bytes, data)
        kept = False
        try:
            async with self._db.transaction() as tx:
                # Consent and message may have changed while the picture was written.
                await tx.conversations.locked(conversation.id)
                await self._check(tx, conversation, message_id)
                count = await tx.frames.add(conversation.id, message_id, media_id)
                too_many = await tx.frames.beyond(conversation.id, MOST_PENDING)
                await tx.frames.forget(too_many)
                await tx.events.add(
                    "picture.received",
                    {"message_id": message_id, "bytes": len(data)},
                    conversation_id=conversation.id,
                    customer_id=conversation.customer_id,
                )
            kept = True
        finally:
            if not kept:
                await self.delete([media_id])
        await self.delete(too_many)
        return count

    async def delete(self, media_ids: Sequence[str]) -> None:
        """Delete the pictures themselves; unknown ids are no error."""
        for media_id in media_ids:
            await asyncio.to_thread(self._media.delete, media_id)

    async def _check(self, tx: Transaction, conversation: Conversation, message_id: str) -> None:
        if Signal.FACE not in await tx.consents.granted(conversation.customer_id):
            raise NotAllowed(
                "consent_missing",
                "Pictures are taken only with consent to 'face'. Show the notice and store a yes first.",
                status=403,
            )
        if await tx.inbox.get(conversation.id, message_id) is not None:
            raise Refused("message_sent", "This message was sent already. Send pictures before it.", status=409)
        if len(await tx.frames.of_message(conversation.id, message_id)) >= MOST:
            raise Refused(
                "too_many_pictures", f"This message has {MOST} pictures already, the most possible.", status=409
            )
