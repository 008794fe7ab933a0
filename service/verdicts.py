"""What a customer or an agent says about the reading of a turn: stored at once, obeyed from the next turn on."""

from service.errors import Refused
from service.hub import Hub
from store import Database, Transaction, Verdict
from vocabulary import Author, Perceived, Purpose


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
    """Store one person's word beside what was shown. label: what the emotion really was.

    It moves the shop's thresholds only if the customer lets every signal behind the reading improve the service; in
    the conversation itself it always counts.
    Raises: Refused (404, nothing was sensed in this message).
    """
    conversation = await tx.conversations.locked(conversation_id)
    stored = await tx.assessments.get(conversation_id, message_id)
    if conversation is None or stored is None or stored.assessment.state is None:
        raise Refused(
            "nothing_sensed", "Nothing was sensed in this message, so there is nothing to correct.", status=404
        )
    emotion = stored.assessment.emotion
    counts = await _may_improve(tx, conversation.customer_id, stored.id)
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
            counts=counts,
        )
    )
    await tx.events.add(
        "assessment.judged", {"message_id": message_id, "by": author.value}, conversation_id=conversation_id
    )


async def _may_improve(tx: Transaction, customer_id: str, assessment_id: str) -> bool:
    behind = await tx.assessments.rests_on(customer_id, assessment_id)
    return bool(behind) and behind <= await tx.consents.granted(customer_id, Purpose.IMPROVE)
