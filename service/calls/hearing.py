"""What the voice process heard and saw, on its way into the inbox: the same door as every recording's."""

import logging

from service.calls.parts import CallParts
from service.calls.telling import permitted
from service.calls.wire import Heard, Permitted, Picture, Taken
from service.errors import Refused, ServiceError, refusal_of_store
from service.intake import Accepted
from speech import Word, samples_of
from store import Conversation, MediaError, StoreError
from vocabulary import Clip, ClipError

log = logging.getLogger(__name__)


class CallHearing:
    """Takes turns and pictures of one call, one after the other."""

    def __init__(self, parts: CallParts, conversation_id: str) -> None:
        self._parts = parts
        self._conversation_id = conversation_id
        # Messages that have pictures and were not said yet.
        self._pictured: set[str] = set()

    async def heard(self, heard: Heard, sound: bytes) -> Taken:
        """Put a turn into the inbox; says what became of it."""
        try:
            self._parts.message_limit.check(self._conversation_id)
            conversation, allowed = await self._conversation()
            # Asked again: what was allowed when it was said may have been withdrawn while it was on its way.
            accepted = await self._spoken(conversation, heard, clip_of(sound) if allowed.voice else None)
        except ServiceError as err:
            return Taken(message=heard.message, code=err.code, says=err.message)
        except StoreError as err:
            log.error("a spoken turn was not stored", extra={"code": err.code})
            refusal = refusal_of_store(err)
            return Taken(message=heard.message, code=refusal.code, says=refusal.message)
        self._pictured.discard(heard.message)
        return Taken(message=heard.message, text=accepted.text)

    async def _spoken(self, conversation: Conversation, heard: Heard, clip: Clip | None) -> Accepted:
        words = [Word(word.text, word.confidence) for word in heard.words]
        try:
            return await self._parts.intake.spoken(conversation, heard.message, heard.text, clip, words)
        except MediaError as err:
            # Nobody can send what they said again: the words count more than their sound.
            log.error("a turn's sound was not stored", extra={"code": err.code})
            return await self._parts.intake.spoken(conversation, heard.message, heard.text, None, words)

    async def seen(self, picture: Picture, data: bytes) -> None:
        """Keep a picture for the message that comes next; without leave it comes to nothing."""
        try:
            conversation, allowed = await self._conversation()
            # Before the bytes are written anywhere: the answer may have come while they were on their way.
            if not allowed.face:
                return
            await self._parts.pictures.attach(conversation, picture.message, data)
            self._pictured.add(picture.message)
        except ServiceError as err:
            log.info("picture left out", extra={"code": err.code})
        except StoreError as err:
            log.warning("picture left out", extra={"code": err.code})

    async def drop_unsaid(self) -> None:
        """Delete the pictures of messages that never came."""
        for message_id in self._pictured:
            try:
                async with self._parts.db.transaction() as tx:
                    media_ids = await tx.frames.of_message(self._conversation_id, message_id)
                    await tx.frames.forget(media_ids)
                await self._parts.pictures.delete(media_ids)
            except StoreError as err:
                log.warning("pictures of a call are left to expire", extra={"code": err.code})
        self._pictured.clear()

    async def _conversation(self) -> tuple[Conversation, Permitted]:
        """The conversation, and what of it may be scored now."""
        # Read each time: a guest's conversation may have become an account's in mid-call.
        async with self._parts.db.reading() as tx:
            conversation = await tx.conversations.get(self._conversation_id)
            if conversation is None:
                raise Refused("unknown_conversation", "This conversation has been erased.", status=404)
            granted = await tx.consents.granted_in_calls(conversation.customer_id)
        return conversation, permitted(conversation.owner, granted)


def clip_of(sound: bytes) -> Clip | None:
    """16-bit little-endian mono sound at 16 kHz as a clip; None without any, or where it is none."""
    samples = samples_of(sound)
    if not samples.size:
        return None
    try:
        return Clip(samples)
    except ClipError as err:
        log.warning("the sound of a turn is left out", extra={"code": err.code})
        return None
