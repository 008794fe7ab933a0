"""How far a number or an address of a spoken message can be believed. What is typed is always believed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from actions.shop.slots import BELIEVED, ORDER_NUMBER
from actions.shop.spoken import Place, odd_digits_in, order_number_at, order_number_in
from actions.turn import Turn
from speech import UNSURE_BELOW
from store import HeardWord, Transaction

_NUMBER_BESIDE: Final = re.compile(
    r"\d|^(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|hundred|thousand)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Reading:
    """A number or an address of one message.

    sure: typed, or heard well enough to act on. plain: in the one shape it can have; only its confidence is open.
    """

    value: str
    sure: bool
    plain: bool = True


@dataclass(frozen=True)
class Said:
    """One message. words: what was heard, empty if it was typed or corrected by typing.

    doubtful_before: an order number of the slots that came with an earlier spoken message and was never confirmed.
    """

    text: str
    words: tuple[HeardWord, ...] = ()
    doubtful_before: str | None = None

    @classmethod
    async def of(cls, tx: Transaction, turn: Turn, stored: str | None = None) -> Self:
        """What this turn's message says. stored: the order number that the conversation has."""
        message = await tx.inbox.get(turn.conversation_id, turn.message_id)
        words = message.heard if message is not None else ()
        text = turn.text or ""
        before = None
        if stored is not None and stored != turn.slot(BELIEVED) and order_number_in(text) != stored:
            before = stored if await _came_spoken(tx, turn, stored) else None
        return cls(text, words if text else (), before)

    @classmethod
    async def believes_number(cls, tx: Transaction, turn: Turn) -> bool:
        """Whether the conversation's order number can be acted on by an action whose form asks nothing back."""
        stored = order_number_in(str(turn.slot(ORDER_NUMBER) or ""))
        said = await cls.of(tx, turn, stored)
        reading = said.number()
        if reading is not None and not reading.sure and reading.value != turn.slot(BELIEVED):
            return False
        return said.doubtful_before is None

    @property
    def spoken(self) -> bool:
        """Whether it was heard rather than typed."""
        return bool(self.words)

    def number(self) -> Reading | None:
        """The order number in it."""
        place = order_number_at(self.text)
        return None if place is None else self._judged(place)

    def odd_digits(self) -> str | None:
        """Digits that were heard and are no order number; None for a typed message."""
        return odd_digits_in(self.text) if self.spoken and self.number() is None else None

    def _judged(self, place: Place) -> Reading:
        if not self.spoken:
            return Reading(place.value, sure=True)
        confidence, alone = confidence_at(self.words, self.text, place)
        plain = place.plain and alone
        return Reading(place.value, plain and confidence is not None and confidence >= UNSURE_BELOW, plain)


def confidence_at(words: Sequence[HeardWord], text: str, place: Place) -> tuple[float | None, bool]:
    """The least confidence of the words at a place, None if nobody knows it; whether no other number is beside it.

    Words that do not make up the text are not the text's: nothing is known then.
    """
    covered: list[int] = []
    position = 0
    for index, word in enumerate(words):
        begin = text.find(word.text, position)
        if begin < 0:
            return None, False
        position = begin + len(word.text)
        if begin < place.end and position > place.start:
            covered.append(index)
    if not covered:
        return None, False
    beside = [words[index].text for index in (covered[0] - 1, covered[-1] + 1) if 0 <= index < len(words)]
    confidences = [words[index].confidence for index in covered]
    known = [confidence for confidence in confidences if confidence is not None]
    least = min(known) if len(known) == len(confidences) else None
    return least, not any(_NUMBER_BESIDE.search(text) for text in beside)


async def _came_spoken(tx: Transaction, turn: Turn, number: str) -> bool:
    """Whether the last earlier message with this number was spoken, and its words not replaced by typed ones.

    A number of no message, or from the end of one that is too long to be read here, may have been spoken wherever
    anything was.
    """
    for message_id, text in reversed(turn.earlier_texts):
        if order_number_in(text) == number:
            message = await tx.inbox.get(turn.conversation_id, message_id)
            # A correction that came after the turn leaves these words as they were heard.
            return message is not None and message.spoken and message.misheard is None
    return await tx.inbox.has_spoken(turn.conversation_id)
