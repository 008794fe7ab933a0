"""A talk as its customer's turns: each message with what was asked before it and what the assistant replied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from emotion.text import talk_signs as signs
from emotion.text.word_lists import word_list
from vocabulary import Author, Said

MAX_CHARS: Final = 600
"""How much of each message is read: a longer one has said by then what it wants."""
LOOK_BACK: Final = 10
"""Messages of the customer, and replies, that are looked back on."""

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_TOKEN: Final = re.compile(r"[^\W_]+(?:[:.][^\W_]+)*")
_ENDING: Final = re.compile(r"(?:ings?|ed|es|s)$")


@dataclass(frozen=True)
class Line:
    """What one side said: at most MAX_CHARS for each message, lower case, straight apostrophes."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Line":
        return cls(text[:MAX_CHARS].lower().replace("’", "'"))

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of two letters or more."""
        return frozenset(_WORD.findall(self.text))

    @cached_property
    def content(self) -> frozenset[str]:
        """Words and numbers that carry the matter, without the commonest endings."""
        return frozenset(
            _ENDING.sub("", word) if len(word) > 5 else word
            for word in _TOKEN.findall(self.text)
            if word not in word_list("common") and len(word) > 1
        )

    @cached_property
    def failure(self) -> float:
        """As a reply: 1 without an answer, 0.5 for a mere apology, else 0."""
        if signs.NO_ANSWER.search(self.text):
            return 1.0
        return 0.5 if signs.APOLOGY.search(self.text) else 0.0

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Its questions, without the offer of more help."""
        parts = re.split(r"(?<=[.!?])\s+", self.text)
        return tuple(part for part in parts if part.endswith("?") and not signs.OFFERS_MORE.search(part))


@dataclass(frozen=True)
class Turn:
    """A message of the customer. requests: the customer's before it; replies: the assistant's; oldest first.

    answered: the request that the last reply came after, if any. number: replies so far, however many are kept.
    """

    said: Line
    requests: tuple[Line, ...]
    replies: tuple[Line, ...]
    answered: Line | None
    number: int


def customer_turns(text: str, context: Sequence[Said]) -> list[Turn]:
    """The customer's turns, the last of them `text`. context: what was said before it, oldest first.

    Messages that the assistant sends in a row are one reply.
    """
    turns: list[Turn] = []
    requests: list[Line] = []
    replies: list[Line] = []
    answered: Line | None = None
    speaking = Author.CUSTOMER
    for said in (*context, Said(Author.CUSTOMER, text)):
        line = Line.of(said.text)
        if said.author is Author.CUSTOMER:
            kept = tuple(requests[-LOOK_BACK:]), tuple(replies[-LOOK_BACK:])
            turns.append(Turn(line, *kept, answered, len(replies)))
            requests.append(line)
        elif speaking is Author.BOT:
            replies[-1] = Line(f"{replies[-1].text} {line.text}")
        else:
            replies.append(line)
            answered = requests[-1] if requests else None
        speaking = said.author
    return turns


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of both that are in both: [0, 1]."""
    return len(one & other) / len(one | other) if one and other else 0.0
