"""Cancelling an order and sending it elsewhere: only with proof, only while it is possible, once per message."""

from typing import Any, ClassVar

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.address import Address
from actions.shop.identity import unproved, verified_order
from actions.shop.reply import Outcome, Reply, ShopAction, utter
from actions.shop.slots import CONFIRM, NEW_ADDRESS, PROOF
from actions.shop.wording import say_date, say_items, say_money, say_payment
from actions.turn import Turn
from store import Order, OrderStatus, Transaction


class CancelAction(ShopAction):
    """Cancels after a yes; explains kindly when that is no longer possible."""

    action_name: ClassVar[str] = "action_shop_cancel"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Cancel, keep, or say what is possible instead."""

        async def work(tx: Transaction) -> Reply:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                return unproved(turn)
            if order.status not in (OrderStatus.PLACED, OrderStatus.PAID):
                return _too_late(order)
            if turn.slot(CONFIRM) is not True:
                return Reply(
                    "utter_shop_cancel_kept", {"number": order.number}, outcome=Outcome.RESOLVED, slots={CONFIRM: None}
                )
            cancelled = await tx.orders.cancel(order.number, f"{turn.conversation_id}:{turn.message_id}")
            return Reply(
                "utter_shop_cancelled" if cancelled.refund_status else "utter_shop_cancelled_unpaid",
                {"number": order.number, "payment": say_payment(order.payment_method)},
                outcome=Outcome.RESOLVED,
                slots={CONFIRM: None},
            )

        return self.answer(await self.once(turn, work), turn, dispatcher)


def _too_late(order: Order) -> Reply:
    variables = {
        "number": order.number,
        "cancelled": say_date(order.cancelled_on),
        "delivered": say_date(order.delivered_on),
    }
    slots = {CONFIRM: None}
    if order.status is OrderStatus.CANCELLED:
        return Reply("utter_shop_cancel_already", variables, outcome=Outcome.REFUSED, slots=slots)
    if order.status is OrderStatus.DELIVERED:
        return Reply(
            "utter_shop_cancel_delivered", variables, outcome=Outcome.REFUSED, offers="return_start", slots=slots
        )
    return Reply(f"utter_shop_cancel_{order.status.value}", variables, outcome=Outcome.REFUSED, slots=slots)


class AskCancelAction(ShopAction):
    """Asks for the yes, and names what would be cancelled."""

    action_name: ClassVar[str] = "action_ask_shop_cancel_form_shop_confirm"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Ask with order, items and total."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
        if order is None:
            utter(unproved(turn), dispatcher)
            return []
        variables = {"number": order.number, "items": say_items(order), "total": say_money(order.total)}
        utter(Reply("utter_shop_cancel_confirm", variables), dispatcher)
        return []


class ChangeAddressAction(ShopAction):
    """Writes the new address while the order is not packed."""

    action_name: ClassVar[str] = "action_shop_change_address"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Change it, or say why not and what helps instead."""

        async def work(tx: Transaction) -> Reply:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                return unproved(turn)
            if order.status not in (OrderStatus.PLACED, OrderStatus.PAID):
                return _no_change(order)
            address = Address.parse(str(turn.slot(NEW_ADDRESS) or ""))
            if address is None:
                return Reply("utter_shop_address_unreadable", slots={NEW_ADDRESS: None})
            await tx.orders.change_address(order.number, address.street, address.postcode, address.city)
            slots: dict[str, Any] = {NEW_ADDRESS: None}
            if "@" not in str(turn.slot(PROOF)):
                # The old postcode proved the order until now.
                slots[PROOF] = address.postcode
            variables = {"number": order.number, "address": str(address)}
            return Reply("utter_shop_address_changed", variables, outcome=Outcome.RESOLVED, slots=slots)

        return self.answer(await self.once(turn, work), turn, dispatcher)


def _no_change(order: Order) -> Reply:
    response = {
        OrderStatus.PACKED: "utter_shop_address_packed",
        OrderStatus.DELIVERED: "utter_shop_address_delivered",
        OrderStatus.CANCELLED: "utter_shop_address_cancelled",
    }.get(order.status, "utter_shop_address_too_late")
    variables = {
        "number": order.number,
        "carrier": order.carrier or "the carrier",
        "tracking": order.tracking_code or "from the e-mail",
        "delivered": say_date(order.delivered_on),
    }
    return Reply(response, variables, outcome=Outcome.REFUSED, slots={NEW_ADDRESS: None})
