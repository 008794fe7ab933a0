"""What the page shows of a call: listening, hearing, thinking, speaking or holding."""

import asyncio

from service.voice.answering import Answering
from service.voice.sides import Sides
from vocabulary import Owner


class StateShown:
    """One call's. is_hearing: a turn of the customer's runs. thinking_until: an answer is on its way, in loop time."""

    def __init__(self, sides: Sides, answering: Answering, owner: Owner) -> None:
        self.owner = owner
        self.is_hearing = False
        self.thinking_until = 0.0
        self.state = ""
        """What was told last; "" before the first."""
        self._sides = sides
        self._answering = answering
        self._loop = asyncio.get_running_loop()

    def owned(self, owner: Owner) -> None:
        """Somebody else answers from now on; what was said before is not answered by the one before."""
        self.owner, self.thinking_until = owner, 0.0
        self.show()

    def again(self) -> None:
        """Tell a new line what an old one knew."""
        self.state = ""
        self.show()

    def show(self) -> None:
        """Tell the page, if it is not what it shows already."""
        state = self._now()
        if state != self.state and self._sides.line is not None:
            self.state = state
            self._sides.tell({"type": "state", "state": state})

    def _now(self) -> str:
        unsaid = self._answering.is_unsaid
        if self.is_hearing:
            return "hearing"
        if unsaid and (self._answering.has_sentence or self.state == "speaking"):
            return "speaking"
        # A person answers when they can: nothing thinks then.
        if unsaid or (self.owner is Owner.BOT and self._loop.time() < self.thinking_until):
            return "thinking"
        return "holding" if self.owner is Owner.WAITING else "listening"
