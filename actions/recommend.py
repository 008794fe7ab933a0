"""`action_attune_recommend`: suggestions for the customer's words, under the customer state."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.settings import Settings
from actions.turn import SHOWN_SLOT, Turn
from actions.wishes import Wishes, read_wishes
from recommender import Filters
from vocabulary import CustomerState, Item, RelationKind, Suggestion

LIMIT: Final = 3
_WIDE: Final = 12
"""How many to look at when the price decides among those that fit."""

_CHEAPER: Final = re.compile(
    r"\b(?:cheaper|less expensive|lower price|lower priced|(?:too|so|very|that) (?:expensive|dear|pricey))\b",
    re.IGNORECASE,
)
_CHEAPEST: Final = re.compile(r"\b(?:cheapest|least expensive|lowest price|lowest priced)\b", re.IGNORECASE)


class RecommendAction(AttuneAction):
    """Asks the recommender in-process. While the journey allows no offers it says so kindly and shows none."""

    action_name: ClassVar[str] = "action_attune_recommend"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Suggest up to three items as cards."""
        async with self.context.db.reading() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            items = await tx.catalogue.items()
            wishes = await read_wishes(tx, turn.conversation_id)
        if turn.already_answered and not wishes.profile.recommendations:
            # Nobody asked for suggestions here, and this customer wants none without asking.
            return []
        offers_allowed = stored is None or stored.decision.offers_allowed
        if not offers_allowed:
            dispatcher.utter_message(response="utter_attune_no_offers_now")
            return []
        self.context.recommender.update_items(items)
        state = stored.assessment.state if stored else None
        priced = {item.id: item for item in items}
        below = _price_to_beat(turn, priced)
        suggestions = await asyncio.to_thread(self._suggest, turn, state, priced, below, wishes)
        if not suggestions and below is not None:
            dispatcher.utter_message(response="utter_attune_nothing_cheaper", attune_price=f"{below:.2f}")
            return []
        if not suggestions and turn.already_answered:
            # Suggestions were a side dish to an answer of its own: without any there is nothing to add.
            return []
        if not suggestions:
            dispatcher.utter_message(response="utter_attune_nothing_found")
            return [self.refused(turn)]
        dispatcher.utter_message(response="utter_attune_suggestions")
        dispatcher.utter_message(
            json_message={"attune_suggestions": [suggestion.to_dict() for suggestion in suggestions]}
        )
        shown = " ".join(suggestion.item_id for suggestion in suggestions)
        return [dict(SlotSet(SHOWN_SLOT, shown)), self.resolved(turn)]

    def _suggest(
        self,
        turn: Turn,
        state: CustomerState | None,
        items: Mapping[str, Item],
        below: Decimal | None,
        wishes: Wishes,
    ) -> list[Suggestion]:
        cheapest = _CHEAPEST.search(turn.text or "") is not None
        by_price = cheapest or below is not None
        filters = Filters(
            max_price=None if below is None else below - Decimal("0.01"),
            without=wishes.unwanted,
            without_categories=wishes.left_out(turn, self.context.settings),
        )
        found = self.context.recommender.suggest(
            wishes.query(wish(turn, self.context.settings)),
            limit=_WIDE if by_price or wishes.profile.liked else LIMIT,
            filters=filters,
            state=state,
            about=about_items(turn, self.context.settings),
        )
        if by_price:
            # The cheapest kettle is a kettle, not its lid.
            found = [suggestion for suggestion in found if _is_thing(items.get(suggestion.item_id))]
            found = [suggestion for suggestion in found if suggestion.category == found[0].category]
        if cheapest:
            found.sort(key=lambda suggestion: suggestion.dearness)
        return (found if by_price else wishes.arranged(found))[:LIMIT]


def _price_to_beat(turn: Turn, items: Mapping[str, Item]) -> Decimal | None:
    """The lowest price that was shown, when the customer wants something cheaper; None without such a wish."""
    if _CHEAPER.search(turn.text or "") is None or turn.entity("price_limit") is not None:
        return None
    shown = [items[item_id].price for item_id in turn.shown_items if item_id in items]
    return min((price for price in shown if price is not None), default=None)


def _is_thing(item: Item | None) -> bool:
    parts: Sequence[RelationKind] = (RelationKind.ACCESSORY_OF, RelationKind.SPARE_PART_OF)
    return item is not None and item.relation_kinds().isdisjoint(parts)


def wish(turn: Turn, settings: Settings) -> str:
    """The customer's words, completed by what they said earlier: a follow-up like "under 60 euros" still means kettles.

    The recommender itself reads kinds of things and price limits out of the words.
    """
    words = [turn.text] if turn.text else []
    if turn.entity("product") is None and turn.entity("category") is None:
        said_before = turn.slot(settings.recommend_product_slot) or turn.slot(settings.recommend_category_slot)
        words += [str(said_before)] if said_before else []
    limit = turn.slot(settings.recommend_price_slot)
    if limit and turn.entity("price_limit") is None:
        words.append(f"under {limit}" if str(limit)[:1].isdigit() else str(limit))
    return " ".join(words)


def about_items(turn: Turn, settings: Settings) -> tuple[str, ...]:
    """Ids of the items that the case is about, noted by the domain pack."""
    return tuple(str(turn.slot(settings.recommend_about_slot) or "").split())
