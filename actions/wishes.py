"""What a customer has said about suggestions, which outranks every ranking: never this item, none of that kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from actions.settings import Settings
from actions.turn import Turn
from store import Profile, Transaction
from vocabulary import Suggestion

_ANYTHING: Final = re.compile(
    r"\b(?:recommend|suggest)\w*(?: (?:something|anything|me|to me|for me|please|today))*\W*$", re.IGNORECASE
)

NEARLY: Final = 0.05
"""A difference of relevance below which a liked category decides."""


@dataclass(frozen=True)
class Wishes:
    """profile: what the customer has entered. unwanted: ids of the items that they never want to see again."""

    profile: Profile = field(default_factory=Profile)
    unwanted: frozenset[str] = frozenset()

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

    def arranged(self, found: Sequence[Suggestion]) -> list[Suggestion]:
        """In the order of the ranking; what the customer likes comes before a neighbour that fits hardly better and is
        not cheaper."""
        order: list[Suggestion] = []
        for one in found:
            place = len(order)
            while place and self._goes_before(one, order[place - 1]):
                place -= 1
            order.insert(place, one)
        return order

    def _goes_before(self, one: Suggestion, other: Suggestion) -> bool:
        liked = self.profile.liked
        near = other.score - one.score <= NEARLY
        return one.category in liked and other.category not in liked and near and other.dearness >= one.dearness


async def read_wishes(tx: Transaction, conversation_id: str) -> Wishes:
    """The wishes of a conversation's customer; none for a conversation that the store does not know."""
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None:
        return Wishes()
    return Wishes(
        await tx.profiles.get(conversation.customer_id),
        await tx.suggestion_feedback.unwanted(conversation.customer_id),
    )


def _is_named(category: str, words: str) -> bool:
    name = category.casefold()
    return name in words or name.removesuffix("s") in words
