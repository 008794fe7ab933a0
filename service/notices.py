"""What a customer is told while an answer is late: shown once for each message, never stored."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from service.hub import Frame, Hub
from store import Message

_TEXTS: Final = {
    "assistant_slow": "This is taking longer than usual. Your message is kept, and I will answer it.",
    "assistant_unreachable": (
        "I am having trouble reaching the assistant. Your message is kept and will be answered as soon as possible."
    ),
}


@dataclass(frozen=True)
class Notice:
    """One line for the customer. at: time.monotonic() of its appearance."""

    code: str
    text: str
    message_id: str
    at: float

    def frame(self) -> Frame:
        """As the socket carries it."""
        return {"type": "notice", "code": self.code, "text": self.text, "message_id": self.message_id}


class NoticeBoard:
    """The notices that are up now, by conversation."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._up: dict[str, Notice] = {}

    def current(self, conversation_id: str) -> Notice | None:
        """The notice that a page opened now should show."""
        return self._up.get(conversation_id)

    def put_up(self, message: Message, code: str) -> None:
        """Tell the customer, unless this message's customer was told already."""
        up = self._up.get(message.conversation_id)
        if up is not None and up.message_id == message.id:
            return
        notice = Notice(code=code, text=_TEXTS[code], message_id=message.id, at=time.monotonic())
        self._up[message.conversation_id] = notice
        self._hub.publish(message.conversation_id, notice.frame())

    def take_down(self, message: Message) -> None:
        """The message is answered."""
        up = self._up.get(message.conversation_id)
        if up is not None and up.message_id == message.id:
            del self._up[message.conversation_id]

    @asynccontextmanager
    async def if_late(self, message: Message, after_s: float) -> AsyncIterator[None]:
        """Put a notice up if the block takes longer than after_s."""
        timer = asyncio.get_running_loop().call_later(after_s, self.put_up, message, "assistant_slow")
        try:
            yield
        finally:
            timer.cancel()
