"""`action_attune_recommend`: suggestions for the customer's words, under the customer state."""

import asyncio
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.settings import Settings
from actions.turn import Turn
from vocabulary import CustomerState, Suggestion

LIMIT: Final = 3


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
        return self.context.recommender.suggest(
            wish(turn, self.context.settings),
            limit=LIMIT,
            state=state,
            about=about_items(turn, self.context.settings),
        )


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
