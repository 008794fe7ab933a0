"""The question, a day after a person has helped a customer, whether everything is settled."""

from datetime import UTC, datetime, timedelta
from typing import Final

from service.notify.notifier import Notifier, Words
from store import Transaction
from vocabulary import Author

FOLLOW_UP: Final = "follow_up"

_AFTER: Final = timedelta(days=1)
# Whoever needs help often is not asked each time.
_AGAIN_AFTER: Final = timedelta(days=7)
_LOOK_BACK: Final = 200


async def ask_whether_settled(tx: Transaction, notifier: Notifier, conversation_id: str) -> None:
    """Put the question into the outbox, if the customer has an account, wishes it, and was not asked this week.

    Everybody is asked in the same words: nothing that was sensed has a part in it.
    """
    conversation = await tx.conversations.get(conversation_id)
    account = None if conversation is None else await tx.accounts.of_customer(conversation.customer_id)
    if account is None:
        return
    asked = await tx.notifications.last_of(account.id, FOLLOW_UP)
    if asked is not None and datetime.now(UTC) - asked < _AGAIN_AFTER:
        return
    words = Words(
        "Is everything settled?",
        "Thank you for getting in touch. If anything is still open, write to us: your conversation is kept, and you "
        "can ask for a person at any time.",
        notifier.site,
    )
    await notifier.tell(tx, account, FOLLOW_UP, words, after=_AFTER, about=conversation_id)


async def has_written(tx: Transaction, conversation_id: str, since: datetime) -> bool:
    """Whether the customer wrote in this conversation after that moment; also True if it is gone."""
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None:
        return True
    after = max(0, conversation.last_seq - _LOOK_BACK)
    latest = await tx.inbox.history(conversation_id, after_seq=after, redacted=True)
    return any(message.author is Author.CUSTOMER and message.created_at > since for message in latest)
