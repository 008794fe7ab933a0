"""What a customer sends, stored before anything else happens to it."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.drain import Drain
from service.errors import Refused
from service.exchange import PERSON_PAYLOAD
from service.hub import Hub
from service.second_voice import SecondVoice
from service.text import clean
from speech import Word
from store import Conversation, Database, HeardWord, MediaStore
from vocabulary import Author, Clip, Signal

MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
SPOKEN: Final = "spoken"
"""Marks, as a receipt, a message whose text was heard rather than typed."""
PERSON_TEXT: Final = "I would like to talk to a person."


@dataclass(frozen=True)
class Accepted:
    """A stored message. repeated: its id was known already, and nothing new was stored."""

    id: str
    seq: int
    repeated: bool
    text: str


class Intake:
    """Writes customers' messages to the inbox and wakes what answers them."""

    def __init__(
        self, db: Database, media: MediaStore, hub: Hub, drain: Drain, *, max_chars: int, second_voice: SecondVoice
    ) -> None:
        self._db = db
        self._media = media
        self._hub = hub
        self._drain = drain
        self._max_chars = max_chars
        self._second_voice = second_voice

    async def text(self, conversation: Conversation, message_id: str, text: str) -> Accepted:
        """Store a typed message. Raises: Refused."""
        return await self._receive(conversation, message_id, clean(text, max_chars=self._max_chars))

    async def person(self, conversation: Conversation, message_id: str) -> Accepted:
        """Store the wish to talk to a person; it does not wait for the next attempt at an earlier message."""
        return await self._receive(conversation, message_id, PERSON_TEXT, payload=PERSON_PAYLOAD, now=True)

    async def button(self, conversation: Conversation, message_id: str, reply_id: str, index: int) -> Accepted:
        """Store the choice of a button that the assistant offered. Raises: Refused."""
        async with self._db.reading() as tx:
            reply = await tx.inbox.get(conversation.id, reply_id)
        if reply is None or reply.author is not Author.BOT or not 0 <= index < len(reply.buttons):
            raise Refused("unknown_button", "This button does not exist any more. Please write instead.", status=404)
        button = reply.buttons[index]
        return await self._receive(conversation, message_id, button.title, payload=button.payload)

    async def spoken(
        self,
        conversation: Conversation,
        message_id: str,
        transcript: str,
        clip: Clip | None,
        words: Sequence[Word] = (),
        *,
        two_sides: bool = False,
    ) -> Accepted:
        """Store a spoken message's transcript; the clip only with consent to voice. Raises: Refused.

        clip: None if its sound was not taken. words: the transcript's words with confidences, so that an unsure
        number can be asked back.
        two_sides: the file's channels differ, as those of a recorded call do.
        """
        text = clean(transcript, max_chars=self._max_chars)
        clip_id = second_voice = None
        if clip is not None and await self._voice_is_allowed(conversation):
            own = await self._second_voice.own_voice(clip, two_sides=two_sides)
            # Telling voices apart takes seconds, in which the customer may have withdrawn.
            if await self._voice_is_allowed(conversation):
                second_voice = own.second_voice
                if own.clip is not None:
                    clip_id = await asyncio.to_thread(self._media.put_clip, own.clip)
        stored = False
        try:
            accepted = await self._receive(
                conversation,
                message_id,
                text,
                clip_id=clip_id,
                spoken=True,
                heard=_heard(words, text),
                second_voice=second_voice,
            )
            stored = not accepted.repeated
        finally:
            if clip_id is not None and not stored:
                await asyncio.to_thread(self._media.delete, clip_id)
        return accepted

    async def warm(self) -> None:
        """Spoken messages with consent to voice will come: load what they need."""
        await self._second_voice.warm()

    async def _voice_is_allowed(self, conversation: Conversation) -> bool:
        async with self._db.reading() as tx:
            return Signal.VOICE in await tx.consents.granted(conversation.customer_id)

    async def known(self, conversation: Conversation, message_id: str) -> Accepted | None:
        """The message, if its id was stored before. Raises: Refused if the id is malformed."""
        check_message_id(message_id)
        async with self._db.reading() as tx:
            message = await tx.inbox.get(conversation.id, message_id)
        return None if message is None else Accepted(message.id, message.seq, True, message.text)

    async def _receive(
        self,
        conversation: Conversation,
        message_id: str,
        text: str,
        *,
        payload: str | None = None,
        clip_id: str | None = None,
        spoken: bool = False,
        heard: Sequence[HeardWord] = (),
        second_voice: str | None = None,
        now: bool = False,
    ) -> Accepted:
        check_message_id(message_id)
        async with self._db.transaction() as tx:
            received = await tx.inbox.receive(
                conversation.id, message_id, text, payload=payload, clip_id=clip_id, heard=heard, spoken=spoken
            )
            if received.created:
                if spoken:
                    receipt = {"clip": clip_id is not None, "second_voice": second_voice}
                    await tx.receipts.put(conversation.id, message_id, SPOKEN, receipt)
                await tx.events.add(
                    "turn.received",
                    {"message_id": message_id, "spoken": spoken, "button": payload is not None}
                    | ({"second_voice": second_voice} if second_voice else {}),
                    conversation_id=conversation.id,
                    # A guest's conversation may have become an account's since this page was opened.
                    customer_id=(await tx.conversations.get(conversation.id) or conversation).customer_id,
                )
        if received.created:
            self._hub.messages_changed(conversation.id)
        if received.message.answered_at is None:
            self._drain.wake(conversation.id, now=now)
        message = received.message
        return Accepted(message.id, message.seq, not received.created, message.text)


def _heard(words: Sequence[Word], text: str) -> tuple[HeardWord, ...]:
    """The words to store. A transcript without words of its own has words whose confidence nobody knows."""
    if not words:
        return tuple(HeardWord(word) for word in text.split())
    return tuple(HeardWord(word.text, word.confidence) for word in words)


def check_message_id(message_id: str) -> None:
    """Raises: Refused if this can be no message id."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise Refused("invalid_message_id", "A message id has 8 to 64 of A-Z, a-z, 0-9, '_' and '-', such as a UUID.")
