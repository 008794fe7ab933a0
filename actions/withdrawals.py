"""What actions do when a conversation itself ends a consent: by the customer's wish, or because they are under age."""

import asyncio
from collections.abc import Awaitable, Callable

from actions.context import ActionContext
from store import Answered, Conversation, Lessons, Transaction, ended_by


async def withdraw(
    context: ActionContext, conversation_id: str, end: Callable[[Transaction, Conversation], Awaitable[Answered]]
) -> Answered:
    """Let `end` answer in the ledger, note it as events, and delete the media that may not be used any more.

    A conversation that the store does not know has no consents.
    """
    answered = Answered()
    async with context.db.transaction() as tx:
        conversation = await tx.conversations.locked(conversation_id)
        if conversation is not None:
            answered = await end(tx, conversation)
            for receipt in answered.receipts:
                await tx.events.add(
                    "consent.changed",
                    receipt.facts(),
                    conversation_id=conversation.id,
                    customer_id=conversation.customer_id,
                )
            if ended_by(answered):
                lessons = Lessons(context.settings.bot_examples, context.settings.keyring())
                await asyncio.to_thread(lessons.obey, answered)
    for media_id in answered.media_ids:
        context.media.delete(media_id)
    return answered
