"""`action_attune_recommend`: suggestions for the customer's words, under the customer state."""

import asyncio
import re
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import Turn
from recommender import Filters
from vocabulary import CustomerState, Suggestion

LIMIT: Final = 3
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")


class RecommendAction(AttuneAction):
    """Asks the recommender in-process. While the journey allows no offers it says so kindly and shows none."""

    action_name: ClassVar[str] = "action_attune_recommend"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Suggest up to three items as cards."""
        async with self.context.db.reading() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            items = await tx.catalogue.items()
        offers_allowed = stored is None or stored.decision.offers_allowed
        if not offers_allowed:
            dispatcher.utter_message(response="utter_attune_no_offers_now")
            return []
        self.context.recommender.update_items(items)
        state = stored.assessment.state if stored else None
        suggestions = await asyncio.to_thread(self._suggest, turn, state)
        if not suggestions:
            dispatcher.utter_message(response="utter_attune_nothing_found")
            return [self.refused(turn)]
        dispatcher.utter_message(response="utter_attune_suggestions")
        dispatcher.utter_message(
            json_message={"attune_suggestions": [suggestion.to_dict() for suggestion in suggestions]}
        )
        return [self.resolved(turn)]

    def _suggest(self, turn: Turn, state: CustomerState | None) -> list[Suggestion]:
        settings = self.context.settings
        category = turn.entity("category") or turn.slot(settings.recommend_category_slot)
        product = turn.entity("product") or turn.slot(settings.recommend_about_slot)
        query = turn.text or " ".join(word for word in (product, category) if word)
        return self.context.recommender.suggest(
            query,
            limit=LIMIT,
            filters=Filters(max_price=_price(turn.entity("price_limit") or turn.slot(settings.recommend_price_slot))),
            state=state,
        )


def _price(value: object) -> float | None:
    """The number in a price limit as the customer put it ("under 1.200,50 euros" → 1200.5); None if there is none."""
    if value is None:
        return None
    # A separator before three digits groups thousands; before one or two digits it starts the cents.
    text = re.sub(r"(?<=\d)[.,](?=\d{3}(?!\d))", "", str(value))
    found = _NUMBER.search(text)
    return float(found.group().replace(",", ".")) if found else None
