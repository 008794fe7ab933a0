"""From messages of the conversation to what is read out in the call."""

import re
from collections.abc import Sequence
from typing import Final

from service.calls.wire import Manner, Say, Sentence
from service.calls.words import TOO_LONG, TOO_LONG_TO_HEAR
from service.errors import Refused
from service.speaking import parts_of
from store import Message
from vocabulary import Author, Mode, Owner

_MANNERS: Final = {Mode.SLOW: Manner(rate=0.85, pause_s=0.45)}
_LONGEST_SENTENCE: Final = 2_000
# Slots that hold what people have to look up or spell: a number, a code, an address.
_LOOKED_UP: Final = re.compile(r"number|proof|code|postcode|iban|serial|address|e?mail|phone|date", re.IGNORECASE)


def manner_of(mode: Mode | None) -> Manner:
    """How an answer of this mode is spoken. None: no mode is known, which is the usual manner."""
    return Manner() if mode is None else _MANNERS.get(mode, Manner())


def awaited(slot: str | None) -> str | None:
    """The slot's name, if its value is something to look up, so that a longer silence is waited for."""
    return slot if slot is not None and _LOOKED_UP.search(slot) else None


def say(message: Message, *, owner: Owner, manner: Manner, has_screen: bool = True) -> Say | None:
    """How a message of the assistant or of an agent is read out; None if it has nothing to read.

    owner: who answers now. The assistant's words that pass the customer on to a person are heard whole.
    has_screen: the customer can read it as well.
    """
    if message.author is Author.CUSTOMER:
        return None
    try:
        found = parts_of(message)
    except Refused:
        sentences: tuple[Sentence, ...] = (Sentence(text=TOO_LONG if has_screen else TOO_LONG_TO_HEAR),)
    else:
        sentences = tuple(
            Sentence(text=part.spoken[:_LONGEST_SENTENCE], part=part.part, start=part.start, end=part.end)
            for part in found
        )
    if not sentences:
        return None
    return Say(
        reply=message.id,
        author=message.author,
        sentences=sentences,
        answers=message.reply_to,
        manner=manner if message.author is Author.BOT else Manner(),
        awaits=awaited(message.awaits),
        interruptible=not (message.author is Author.BOT and owner is Owner.WAITING),
    )


def announce(key: str, words: Sequence[str], *, manner: Manner, interruptible: bool = True) -> Say:
    """Words that are no message of the conversation. key: tells one announcement from another."""
    return Say(
        reply=key,
        author=Author.BOT,
        sentences=tuple(Sentence(text=one) for one in words),
        manner=manner,
        interruptible=interruptible,
    )
