"""What a customer puts right in a spoken message that was heard wrongly."""

from dataclasses import dataclass

from service.drain import Drain
from service.errors import Refused
from service.hub import Hub
from service.intake import check_message_id
from service.shapes import MessageOut
from service.text import clean
from store import Conversation, Database, Message
from vocabulary import Author


@dataclass(frozen=True)
class Corrected:
    """A stored correction. message: the one that holds the text: the spoken one itself if it had not left yet.

    repeated: this correction was stored before, and nothing new was.
    """

    message: Message
    repeated: bool

    @property
    def replaced(self) -> bool:
        """Whether the text of the spoken message itself was replaced."""
        return self.message.corrects is None


class Corrections:
    """Stores corrections and has them answered.

    A message that has left for the assistant is history: its correction is a message of its own, so that what the
    assistant answered stays beside what it was asked.
    """

    def __init__(self, db: Database, hub: Hub, drain: Drain, *, max_chars: int) -> None:
        self._db = db
        self._hub = hub
        self._drain = drain
        self._max_chars = max_chars

    async def correct(self, conversation: Conversation, message_id: str, correction_id: str, text: str) -> Corrected:
        """Store what the customer meant; the same correction again changes nothing. Raises: Refused."""
        check_message_id(correction_id)
        text = clean(text, max_chars=self._max_chars)
        async with self._db.transaction() as tx:
            spoken = await tx.inbox.get(conversation.id, message_id)
            _check(spoken, correction_id, text)
            stored = await tx.inbox.correct(conversation.id, message_id, correction_id, text)
            if stored.created:
                await tx.events.add(
                    "message.corrected",
                    {
                        "message_id": message_id,
                        "correction_id": correction_id,
                        "replaced": stored.message.id == message_id,
                    },
                    conversation_id=conversation.id,
                    customer_id=conversation.customer_id,
                )
            before = await tx.inbox.get(conversation.id, message_id)
        if stored.created and before is not None:
            self._hub.publish(
                conversation.id, {"type": "corrected", "message": MessageOut.of(before).model_dump(mode="json")}
            )
            self._hub.messages_changed(conversation.id)
        if stored.message.answered_at is None:
            self._drain.wake(conversation.id)
        return Corrected(stored.message, not stored.created)


def _check(message: Message | None, correction_id: str, text: str) -> None:
    if message is None or message.author is not Author.CUSTOMER:
        raise Refused("unknown_message", "This conversation has no message of yours with this id.", status=404)
    if not message.spoken:
        raise Refused("not_spoken", "Only a spoken message can be corrected. Please write what you mean instead.")
    if message.corrected_by not in (None, correction_id):
        raise Refused(
            "already_corrected",
            "This message has been corrected already. Please write what you mean as a new message.",
            status=409,
        )
    if message.corrected_by is None and text == message.text:
        raise Refused("correction_unchanged", "This is what we heard already. Change the text, or leave it as it is.")
