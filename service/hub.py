"""Who is looking at a conversation now, and how they learn that something happened."""

import asyncio
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

Frame = dict[str, Any]
NEW_MESSAGES: Final[Frame] = {"type": "new_messages"}
"""Says only that there are messages to read: readers take them from the database, in order of seq."""
GONE: Final[Frame] = {"type": "gone"}
"""The conversation has been erased: its readers end."""
JOINED: Final[Frame] = {"type": "joined"}
"""The conversation belongs to an account from now on: readers by its token end."""

# Beyond this a reader is too slow to be served; it reconnects and reads what it missed.
_LONGEST_QUEUE = 200
# Conversations whose last reader's leaving is remembered.
_REMEMBERED = 10_000


class Subscription:
    """One reader of one conversation."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._arrived = asyncio.Event()
        self.too_slow = False

    def put(self, frame: Frame) -> None:
        """Queue a frame; several notes of new messages in a row become one."""
        if self.too_slow or (frame is NEW_MESSAGES and self._frames and self._frames[-1] is NEW_MESSAGES):
            return
        if len(self._frames) >= _LONGEST_QUEUE:
            self.too_slow = True
            self._frames.clear()
        else:
            self._frames.append(frame)
        self._arrived.set()

    def start_again(self) -> None:
        """Read on after having been too slow; what was missed has to be read from the database."""
        self.too_slow = False

    async def next(self) -> Frame | None:
        """The next frame; None when this reader was too slow and has to start again."""
        while not self._frames and not self.too_slow:
            self._arrived.clear()
            await self._arrived.wait()
        return None if self.too_slow else self._frames.popleft()


class Hub:
    """Fans out what happens in conversations to the sockets and the staff pages of this process."""

    def __init__(self) -> None:
        self._readers: dict[str, set[Subscription]] = defaultdict(set)
        self._listeners: set[Callable[[str], None]] = set()
        self._left: OrderedDict[str, datetime] = OrderedDict()

    @contextmanager
    def subscribe(self, conversation_id: str) -> Iterator[Subscription]:
        """Read one conversation for as long as the context lasts."""
        subscription = Subscription()
        self._readers[conversation_id].add(subscription)
        try:
            yield subscription
        finally:
            self._readers[conversation_id].discard(subscription)
            if not self._readers[conversation_id]:
                del self._readers[conversation_id]
                self._left[conversation_id] = datetime.now(UTC)
                self._left.move_to_end(conversation_id)
                while len(self._left) > _REMEMBERED:
                    self._left.popitem(last=False)

    def is_read(self, conversation_id: str, since: datetime | None = None) -> bool:
        """Whether somebody reads the conversation now, or has read it since then, as far as this process knows."""
        left = self._left.get(conversation_id)
        return conversation_id in self._readers or (since is not None and left is not None and left >= since)

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call `listener` with the id of each conversation that changes; gives the function that ends it."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def publish(self, conversation_id: str, frame: Frame) -> None:
        """Send one frame to every reader of a conversation."""
        for reader in tuple(self._readers.get(conversation_id, ())):
            reader.put(frame)

    def open_conversations(self) -> frozenset[str]:
        """Conversations that somebody reads now."""
        return frozenset(self._readers)

    def end(self, conversation_id: str) -> None:
        """The conversation has been erased: its readers end, and nothing of it is remembered."""
        self.publish(conversation_id, GONE)
        self._left.pop(conversation_id, None)

    def messages_changed(self, conversation_id: str) -> None:
        """There are new messages to read."""
        self.publish(conversation_id, NEW_MESSAGES)
        self.changed(conversation_id)

    def changed(self, conversation_id: str) -> None:
        """Something about the conversation changed that staff pages show."""
        for listener in tuple(self._listeners):
            listener(conversation_id)
