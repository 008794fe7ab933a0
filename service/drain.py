"""The inbox drain: every stored message is answered once, in order, whatever goes down meanwhile."""

import asyncio
import logging
import random

from service.exchange import Exchange
from service.notices import NoticeBoard
from service.rasa import AssistantUnavailable
from service.settings import Settings
from store import Database, Message

log = logging.getLogger(__name__)


class Drain:
    """One task for each conversation that has unanswered messages.

    A message is answered and stored before the next one of its conversation is sent, so turns neither
    overtake nor meet. What is unanswered when the process ends is taken up again at the next start.
    """

    def __init__(self, db: Database, exchange: Exchange, notices: NoticeBoard, settings: Settings) -> None:
        self._db = db
        self._exchange = exchange
        self._notices = notices
        self._settings = settings
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._nudges: dict[str, asyncio.Event] = {}
        self._stopping = False

    async def start(self) -> None:
        """Take up what an earlier process left unanswered."""
        async with self._db.reading() as tx:
            unanswered = await tx.inbox.conversations_with_work()
        for conversation_id in unanswered:
            self.wake(conversation_id)
        if unanswered:
            log.info("unanswered conversations taken up", extra={"count": len(unanswered)})

    async def stop(self) -> None:
        """Stop at once. Nothing is lost: unanswered messages stay in the inbox."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self, conversation_id: str, *, now: bool = False) -> None:
        """There is work in this conversation. now: try at once, even if the last attempt failed."""
        if self._stopping:
            return
        self._again.add(conversation_id)
        if now and (nudge := self._nudges.get(conversation_id)):
            nudge.set()
        if conversation_id not in self._tasks:
            self._tasks[conversation_id] = asyncio.create_task(
                self._run(conversation_id), name=f"drain {conversation_id}"
            )

    def is_working(self, conversation_id: str) -> bool:
        """Whether messages of this conversation are being answered."""
        return conversation_id in self._tasks

    def working(self) -> frozenset[str]:
        """Conversations whose messages are being answered."""
        return frozenset(self._tasks)

    def end(self, conversation_id: str) -> None:
        """Stop answering a conversation that has been erased; what is under way comes to nothing."""
        self._again.discard(conversation_id)
        if task := self._tasks.get(conversation_id):
            task.cancel()

    async def _run(self, conversation_id: str) -> None:
        failures = 0
        self._nudges[conversation_id] = asyncio.Event()
        try:
            while True:
                self._again.discard(conversation_id)
                try:
                    worked = await self._answer_oldest(conversation_id)
                    failures = 0
                except Exception as err:
                    # A locked or full database, most likely: the task must outlive it.
                    failures += 1
                    log.error(
                        "drain failed",
                        extra={"conversation_id": conversation_id, "error": type(err).__name__},
                        exc_info=err,
                    )
                    await self._pause(conversation_id, failures)
                    continue
                # No await between this test and the end: a wake() comes before it or starts a new task.
                if not worked and conversation_id not in self._again:
                    return
        finally:
            self._tasks.pop(conversation_id, None)
            self._nudges.pop(conversation_id, None)

    async def _answer_oldest(self, conversation_id: str) -> bool:
        """Answer the oldest unanswered message, however long it takes; False if there is none."""
        async with self._db.reading() as tx:
            message = await tx.inbox.next_unanswered(conversation_id)
        if message is None:
            return False
        try:
            await self._persist(message)
        finally:
            self._notices.take_down(message)
        return True

    async def _persist(self, message: Message) -> None:
        attempts = incomplete = 0
        nudge = self._nudges[message.conversation_id]
        while True:
            nudge.clear()
            try:
                return await self._exchange.attempt(message)
            except AssistantUnavailable as err:
                attempts += 1
                incomplete += err.incomplete
                if await self._exchange.give_up(message, err, incomplete):
                    return None
                self._notices.put_up(message, "assistant_unreachable")
                log.warning(
                    "turn postponed",
                    extra={
                        "conversation_id": message.conversation_id,
                        "message_id": message.id,
                        "code": err.code,
                        "attempt": attempts,
                    },
                )
            await self._pause(message.conversation_id, attempts)

    async def _pause(self, conversation_id: str, attempts: int) -> None:
        """Wait before the next attempt: twice as long each time, with a tenth of chance, or until nudged."""
        longest = self._settings.retry_longest_s
        delay_s = min(longest, self._settings.retry_first_s * 2 ** min(attempts - 1, 16))
        try:
            await asyncio.wait_for(self._nudges[conversation_id].wait(), delay_s * random.uniform(0.9, 1.1))
        except TimeoutError:
            return
