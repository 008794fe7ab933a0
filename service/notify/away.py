"""Tells customers that an answer waits for them, if they are not there to read it."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from privacy import PrivacyError
from service.hub import Hub
from service.notify.notifier import Notifier, Words
from store import Database, Message, StoreError
from vocabulary import Author

log = logging.getLogger(__name__)

_GRACE: Final = timedelta(seconds=60)
# Enough to see whether the customer has written since the last message to them.
_LOOK_BACK: Final = 200
_LONGEST_QUEUE: Final = 10_000


class Away:
    """Listens to conversations. After an answer that nobody reads, one message for each silence of the customer.

    The message is put into the outbox at once and leaves after a minute, unless the customer came meanwhile: a
    process that dies in between loses nothing.
    """

    def __init__(self, db: Database, hub: Hub, notifier: Notifier) -> None:
        self._db = db
        self._hub = hub
        self._notifier = notifier
        self._changed: asyncio.Queue[str] = asyncio.Queue(_LONGEST_QUEUE)
        self._working: asyncio.Task[None] | None = None
        self._stop_listening = hub.listen(self._note)

    def start(self) -> None:
        """Begin to watch."""
        self._working = asyncio.create_task(self._work(), name="answers that wait")

    async def stop(self) -> None:
        """End."""
        self._stop_listening()
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def look(self, conversation_id: str) -> bool:
        """Whether the customer of this conversation was told just now that an answer waits."""
        if self._hub.is_read(conversation_id):
            return False
        async with self._db.reading() as tx:
            conversation = await tx.conversations.get(conversation_id)
            if conversation is None:
                return False
            after = max(0, conversation.last_seq - _LOOK_BACK)
            messages = await tx.inbox.history(conversation_id, after_seq=after, redacted=True)
            account = await tx.accounts.of_customer(conversation.customer_id)
        if account is None or not messages or messages[-1].author is Author.CUSTOMER:
            return False
        async with self._db.transaction() as tx:
            told = await tx.notifications.last_of(account.id, "answer_waiting")
            spoke = [message for message in messages if message.author is Author.CUSTOMER]
            if told is not None and (not spoke or told > spoke[-1].created_at):
                return False
            await self._notifier.tell(
                tx, account, "answer_waiting", self._words(messages[-1]), after=_GRACE, about=conversation_id
            )
        return True

    def _words(self, answer: Message) -> Words:
        who = "Someone from our team" if answer.author is Author.AGENT else "The assistant"
        return Words(
            subject="You have an answer",
            text=f"{who} has answered you. The answer is kept in your conversation.",
            link=f"{self._notifier.site}/account",
        )

    def _note(self, conversation_id: str) -> None:
        if not self._hub.is_read(conversation_id) and not self._changed.full():
            self._changed.put_nowait(conversation_id)

    async def _work(self) -> None:
        while True:
            conversation_id = await self._changed.get()
            try:
                await self.look(conversation_id)
            except (StoreError, PrivacyError) as err:
                log.error("whether an answer waits is not known", extra={"code": err.code})
