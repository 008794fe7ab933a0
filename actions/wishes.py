"""What a customer has said about suggestions, which outranks every ranking: never this item, none of that kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from actions.settings import Settings
from actions.turn import Turn
from store import Profile, Transaction
from vocabulary import Interaction, Purpose

_ANYTHING: Final = re.compile(
    r"\b(?:recommend|suggest)\w*(?: (?:something|anything|me|to me|for me|please|today))*\W*$", re.IGNORECASE
)

HISTORY: Final = 200
"""So many of the newest things that a customer did are looked at."""


@dataclass(frozen=True)
class Wishes:
    """profile: what the customer has entered. unwanted: ids of the items that they never want to see again.

    history: what they did in the shop, oldest first; empty unless they allow that suggestions fit it.
    """

    profile: Profile = field(default_factory=Profile)
    unwanted: frozenset[str] = frozenset()
    history: Sequence[Interaction] = ()

    def query(self, words: str) -> str:
        """What to look for: the interests where the words name nothing ("what do you recommend?"), else the words."""
        if self.profile.interests and (not words.strip() or _ANYTHING.search(words)):
            return " ".join(self.profile.interests)
        return words

    def left_out(self, turn: Turn, settings: Settings) -> frozenset[str]:
        """The disliked categories, unless these very words ask for one of them."""
        asked = (turn.entity("category"), turn.slot(settings.recommend_category_slot), turn.text)
        words = " ".join(str(one) for one in asked if one).casefold()
        return frozenset(name for name in self.profile.disliked if not _is_named(name, words))


async def read_wishes(tx: Transaction, conversation_id: str) -> Wishes:
    """The wishes of a conversation's customer; none for a conversation that the store does not know."""
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None:
        return Wishes()
    customer_id = conversation.customer_id
    may_fit = Purpose.PERSONALISE in await tx.consents.behaviour_uses(customer_id)
    return Wishes(
        await tx.profiles.get(customer_id),
        await tx.suggestion_feedback.unwanted(customer_id),
        await tx.interactions.of(customer_id, HISTORY) if may_fit else (),
    )


def _is_named(category: str, words: str) -> bool:
    name = category.casefold()
    return name in words or name.removesuffix("s") in words
