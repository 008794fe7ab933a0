"""What a customer or an agent says about the reading of a turn: stored at once, obeyed from the next turn on."""

from service.errors import Refused
from service.hub import Hub
from store import Database, Transaction, Verdict
from vocabulary import Author, Perceived


class Verdicts:
    """Stores verdicts. A person's last word about a turn counts."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub

    async def by_customer(self, conversation_id: str, customer_id: str, message_id: str, said: Perceived) -> None:
        """The customer's own word. Raises: Refused (404, nothing was sensed in this message)."""
        async with self._db.transaction() as tx:
            await record_verdict(tx, conversation_id, message_id, Author.CUSTOMER, customer_id, said)
        self._hub.changed(conversation_id)


async def record_verdict(
    tx: Transaction,
    conversation_id: str,
    message_id: str,
    author: Author,
    source: str,
    said: Perceived,
    label: str | None = None,
) -> None:
    """Store one person's word beside what was shown. label: what the emotion really was, for agents.

    Raises: Refused (404, nothing was sensed in this message).
    """
    await tx.conversations.locked(conversation_id)
    stored = await tx.assessments.get(conversation_id, message_id)
    if stored is None or stored.assessment.state is None:
        raise Refused(
            "nothing_sensed", "Nothing was sensed in this message, so there is nothing to correct.", status=404
        )
    emotion = stored.assessment.emotion
    await tx.verdicts.put(
        Verdict(
            conversation_id,
            message_id,
            author,
            source,
            said,
            label=label if emotion else None,
            shown_label=emotion.label if emotion else None,
            shown_confidence=emotion.confidence if emotion else None,
        )
    )
    await tx.events.add(
        "assessment.judged", {"message_id": message_id, "by": author.value}, conversation_id=conversation_id
    )
