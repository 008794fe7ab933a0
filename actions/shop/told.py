"""`action_shop_inform`: a number, a name or a thing that nobody asked for just now."""

import re
from typing import ClassVar, Final

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.recommend import RecommendAction
from actions.shop.address import Address
from actions.shop.products import ProductQuestionAction
from actions.shop.reply import Outcome, Reply, ShopAction
from actions.shop.shown import places_in, shown_items
from actions.shop.slots import FORM_OF_INTENT, NEW_ADDRESS, ORDER_NUMBER, PROOF, TOPIC
from actions.shop.spoken import order_number_in, proof_in
from actions.turn import Turn

_ORDER_FORM: Final = "shop_order_form"
_SENDS: Final = re.compile(r"\b(?:send|deliver|ship|change|redirect)\b", re.IGNORECASE)
_ADDRESS_TOPIC: Final = "order_change_address"


class InformAction(ShopAction):
    """An order number opens the look-up, a second address changes the first, a product gets its facts.

    In a form the question comes again.
    """

    action_name: ClassVar[str] = "action_shop_inform"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Go where the words lead."""
        if turn.active_form is not None:
            return self.answer(Reply("utter_shop_form_not_understood"), turn, dispatcher)
        text = turn.text or ""
        number = order_number_in(text) or order_number_in(turn.entity("order_number") or "")
        address = Address.parse(text)
        if address is not None and (turn.slot(TOPIC) == _ADDRESS_TOPIC or _SENDS.search(text)):
            return _send_elsewhere(number, address)
        if number is not None:
            return _look_up(turn, number, proof_in(text))
        if turn.entity("price_limit") and turn.shown_items:
            # "Under 50" after suggestions: the same wish with a limit.
            return await RecommendAction(self.context).act(turn, dispatcher)
        if turn.entity("product") or await self._points_at_shown(turn):
            reply = await ProductQuestionAction(self.context).reply(turn)
            return self.answer(reply, turn, dispatcher)
        if turn.entities:
            return self.answer(Reply("utter_shop_inform_unclear"), turn, dispatcher)
        # Nothing in it that a bare answer could be: not understood.
        return self.answer(Reply("utter_attune_rephrase", outcome=Outcome.REFUSED), turn, dispatcher)

    async def _points_at_shown(self, turn: Turn) -> bool:
        async with self.context.db.reading() as tx:
            return bool(places_in(turn.text or "", shown_items(turn, await tx.catalogue.items())))


def _send_elsewhere(number: str | None, address: Address) -> list[Event]:
    slots = {TOPIC: _ADDRESS_TOPIC, NEW_ADDRESS: str(address), **({ORDER_NUMBER: number} if number else {})}
    events = [dict(SlotSet(name, value)) for name, value in slots.items()]
    return [*events, dict(FollowupAction(FORM_OF_INTENT[_ADDRESS_TOPIC]))]


def _look_up(turn: Turn, number: str, proof: str | None) -> list[Event]:
    topic = turn.slot(TOPIC)
    if FORM_OF_INTENT.get(str(topic)) != _ORDER_FORM:
        topic = "order_status"
    slots = {TOPIC: topic, ORDER_NUMBER: number, **({PROOF: proof} if proof else {})}
    events = [dict(SlotSet(name, value)) for name, value in slots.items()]
    return [*events, dict(FollowupAction(_ORDER_FORM))]
