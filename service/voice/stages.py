"""When what happened in a turn, from the customer's last sound to the first of the answer."""

from collections import OrderedDict
from typing import Final

from service.calls.wire import Stages

# Turns whose answers may still come; a turn that the assistant never answers is forgotten with them.
_MOST: Final = 32


class StageClock:
    """One for each call. All times in seconds of one clock."""

    def __init__(self) -> None:
        self._ends: OrderedDict[str, float] = OrderedDict()
        self._stages: dict[str, Stages] = {}
        self._answers: dict[str, str] = {}

    def heard(self, message: str, *, speech_end: float, turn_end: float, transcript: float) -> None:
        """A turn is over. speech_end: the customer's last sound."""
        self._ends[message] = speech_end
        # The sound's own clock may be a little ahead of the one that transcripts are timed by.
        ended = max(0.0, turn_end - speech_end)
        self._stages[message] = Stages(
            turn_end=round(ended, 4), transcript=round(max(ended, transcript - speech_end), 4)
        )
        while len(self._ends) > _MOST:
            old, _ = self._ends.popitem(last=False)
            self._forget(old)

    def accepted(self, message: str, at: float) -> None:
        """The web process has it in the inbox, or has refused it."""
        self._set(message, "accepted", at)

    def answered(self, message: str, reply: str, at: float) -> None:
        """The first reply to it is here."""
        if message in self._ends and self._stages[message].answered is None:
            self._answers[reply] = message
            self._set(message, "answered", at)

    def spoken(self, reply: str, at: float) -> None:
        """The reply's first sentence is sound."""
        message = self._answers.get(reply)
        if message is not None:
            self._set(message, "spoken", at)

    def sounded(self, reply: str, at: float) -> tuple[str, Stages] | None:
        """The reply's first sound leaves: the message that it answers, with all its stages; None if none, or again."""
        message = self._answers.pop(reply, None)
        if message is None:
            return None
        self._set(message, "first_audio", at)
        done = message, self._stages[message]
        self._ends.pop(message, None)
        self._forget(message)
        return done

    def of(self, message: str) -> Stages:
        """What is known so far."""
        return self._stages.get(message, Stages())

    def _set(self, message: str, stage: str, at: float) -> None:
        if message in self._ends:
            since = round(at - self._ends[message], 4)
            self._stages[message] = self._stages[message].model_copy(update={stage: since})

    def _forget(self, message: str) -> None:
        self._stages.pop(message, None)
        self._answers = {reply: answered for reply, answered in self._answers.items() if answered != message}
