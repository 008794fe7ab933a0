"""`action_attune_recommend`: suggestions for the customer's words, under the customer state."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.settings import Settings
from actions.slates import log_slate
from actions.turn import SHOWN_SLOT, Turn
from actions.wishes import Wishes, read_wishes
from recommender import Filters, Request, Slate
from vocabulary import CustomerState

LIMIT: Final = 3


class RecommendAction(AttuneAction):
    """Asks the recommender in-process. While the journey allows no offers it says so kindly and shows none."""

    action_name: ClassVar[str] = "action_attune_recommend"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Suggest up to three items as cards."""
        async with self.context.db.reading() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            wishes = await read_wishes(tx, turn.conversation_id)
        if turn.already_answered and not wishes.profile.recommendations:
            # Nobody asked for suggestions here, and this customer wants none without asking.
            return []
        if stored is not None and not stored.decision.offers_allowed:
            dispatcher.utter_message(response="utter_attune_no_offers_now")
            return []
        await self.context.catch_up()
        request = question(turn, self.context.settings, wishes, stored.assessment.state if stored else None)
        slate = await asyncio.to_thread(self.context.recommender.recommend, request)
        if not slate.suggestions:
            return self._nothing(turn, dispatcher, slate)
        dispatcher.utter_message(response="utter_attune_suggestions")
        dispatcher.utter_message(
            json_message={"attune_suggestions": [suggestion.to_dict() for suggestion in slate.suggestions]}
        )
        async with self.context.db.transaction() as tx:
            await log_slate(tx, turn.conversation_id, turn.message_id, slate, history_used=bool(request.history))
        shown = " ".join(suggestion.item_id for suggestion in slate.suggestions)
        return [dict(SlotSet(SHOWN_SLOT, shown)), self.resolved(turn)]

    def _nothing(self, turn: Turn, dispatcher: CollectingDispatcher, slate: Slate) -> list[Event]:
        if slate.note == "nothing_cheaper" and slate.price is not None:
            lowest = f"{slate.price:,.2f} {slate.currency}"
            dispatcher.utter_message(response="utter_attune_nothing_cheaper", attune_price=lowest)
            return []
        if slate.note == "other_currency":
            dispatcher.utter_message(response="utter_attune_other_currency")
            return []
        if turn.already_answered:
            # Suggestions were a side dish to an answer of its own: without any there is nothing to add.
            return []
        dispatcher.utter_message(response="utter_attune_nothing_found")
        return [self.refused(turn)]


def question(turn: Turn, settings: Settings, wishes: Wishes, state: CustomerState | None) -> Request:
    """What a turn asks the recommender."""
    before = said_before(turn, settings)
    return Request(
        query=wishes.query(turn.text or before),
        limit=LIMIT,
        filters=Filters(without=wishes.unwanted, without_categories=wishes.left_out(turn, settings)),
        state=state,
        about=about_items(turn, settings),
        shown=turn.shown_items,
        earlier=(*([before] if before else []), *(text for _, text in turn.earlier_texts)),
        history=wishes.history,
        liked=wishes.profile.liked,
        seed=f"{turn.conversation_id}/{turn.message_id}",
    )


def said_before(turn: Turn, settings: Settings) -> str:
    """What the dialogue has noted of the wish so far, in words: "kettle under 60"."""
    product = turn.slot(settings.recommend_product_slot) or turn.slot(settings.recommend_category_slot)
    words = [str(product)] if product else []
    limit = turn.slot(settings.recommend_price_slot)
    if limit:
        words.append(f"under {limit}" if str(limit)[:1].isdigit() else str(limit))
    return " ".join(words)


def about_items(turn: Turn, settings: Settings) -> Sequence[str]:
    """Ids of the items that the case is about, noted by the domain pack."""
    return tuple(str(turn.slot(settings.recommend_about_slot) or "").split())
