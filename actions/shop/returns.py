"""Sending an item back."""

import json
from datetime import date
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.forms import item_meant
from actions.shop.identity import unproved, verified_order
from actions.shop.order_rules import ReturnRefusal, return_refusal, return_until
from actions.shop.reply import Outcome, Reply, ShopAction, utter
from actions.shop.slots import ITEM, RETURN_REASON
from actions.shop.wording import say_date, say_line, say_list, say_reference, say_title
from actions.turn import Turn
from store import Order, Transaction

NO_REASON: Final = "no reason given"
_REFUSALS: Final = {
    ReturnRefusal.NOT_DELIVERED: "utter_shop_return_not_delivered",
    ReturnRefusal.CANCELLED: "utter_shop_return_cancelled_order",
    ReturnRefusal.TOO_LATE: "utter_shop_return_too_late",
}


class ReturnAction(ShopAction):
    """Registers the return of one item, once."""

    action_name: ClassVar[str] = "action_shop_return"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Register it, or say why not and what helps instead."""

        async def work(tx: Transaction) -> Reply:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                return unproved(turn)
            refusal = return_refusal(order, self.context.today())
            if refusal is not None:
                return _refused(order, refusal)
            item_id = item_meant(order, str(turn.slot(ITEM) or ""))
            if item_id is None:
                return Reply("utter_shop_item_unknown", {"number": order.number}, slots={ITEM: None})
            return await _register(tx, order, item_id, turn, self.context.today())

        return self.answer(await self.once(turn, work), turn, dispatcher)


async def _register(tx: Transaction, order: Order, item_id: str, turn: Turn, today: date) -> Reply:
    title = next(say_title(line.title) for line in order.lines if line.item_id == item_id)
    emptied = dict.fromkeys((ITEM, RETURN_REASON))
    for earlier in await tx.orders.returns_of(order.number):
        if earlier.item_id == item_id:
            variables = {"title": title, "return_number": say_reference("R", earlier.id)}
            return Reply("utter_shop_return_already", variables, outcome=Outcome.REFUSED, slots=emptied)
    started = await tx.orders.start_return(
        order.number,
        item_id,
        str(turn.slot(RETURN_REASON) or NO_REASON),
        message_key=f"{turn.conversation_id}:{turn.message_id}",
    )
    variables = {
        "title": title,
        "return_number": say_reference("R", started.id),
        "until": say_date(return_until(order) or today),
    }
    return Reply("utter_shop_return_created", variables, outcome=Outcome.RESOLVED, slots=emptied)


def _refused(order: Order, refusal: ReturnRefusal) -> Reply:
    variables = {
        "number": order.number,
        "delivered": say_date(order.delivered_on),
        "until": say_date(return_until(order)),
    }
    offers = "repair_request" if refusal is ReturnRefusal.TOO_LATE else None
    emptied = dict.fromkeys((ITEM, RETURN_REASON))
    return Reply(_REFUSALS[refusal], variables, outcome=Outcome.REFUSED, offers=offers, slots=emptied)


class AskItemAction(ShopAction):
    """Asks which item goes back, with one button for each."""

    action_name: ClassVar[str] = "action_ask_shop_return_form_shop_item"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Name the items of the order."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
        if order is None:
            utter(unproved(turn), dispatcher)
            return []
        choices = f"In this order are {say_list([say_line(line) for line in order.lines])}."
        buttons = tuple((line.title, choice_payload(line.item_id)) for line in order.lines)
        utter(Reply("utter_shop_ask_item", {"choices": choices}, buttons=buttons), dispatcher)
        return []


def choice_payload(value: str) -> str:
    """What a button sends for one of the choices that the assistant has offered."""
    return f"/inform{json.dumps({'shop_choice': value})}"
