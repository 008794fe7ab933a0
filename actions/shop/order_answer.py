"""`action_shop_order_answer`: what the customer wanted to know about a proved order."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.identity import unproved, verified_order
from actions.shop.order_rules import days_late, return_refusal, warranty_until
from actions.shop.reply import Outcome, Reply, ShopAction
from actions.shop.slots import TOPIC
from actions.shop.wording import (
    say_date,
    say_days,
    say_items,
    say_line,
    say_list,
    say_money,
    say_payment,
    say_reference,
)
from actions.turn import Turn
from store import Order, OrderStatus, RefundStatus, ReturnStatus, Transaction


class OrderAnswerAction(ShopAction):
    """Status, delivery problem, damage, refund, invoice or double charge: the topic decides."""

    action_name: ClassVar[str] = "action_shop_order_answer"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Answer the topic; what cannot be proved is not answered."""
        topics: Mapping[str, Callable[[Transaction, Order, Turn], Awaitable[Reply]]] = {
            "delivery_problem": self._delivery_problem,
            "item_damaged": self._damaged,
            "refund_status": self._refund,
            "invoice_request": self._invoice,
            "double_charge": self._double_charge,
        }
        answer = topics.get(str(turn.slot(TOPIC)), self._status)

        async def work(tx: Transaction) -> Reply:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                return unproved(turn)
            reply = await answer(tx, order, turn)
            # What is suggested later in this conversation may then be about these items: a spare part, a filter.
            items = " ".join(dict.fromkeys(line.item_id for line in order.lines))
            return replace(reply, slots={**reply.slots, self.context.settings.recommend_about_slot: items})

        return self.answer(await self.once(turn, work), turn, dispatcher)

    async def _status(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        variables = _facts(order)
        late = days_late(order, self.context.today())
        if late:
            variables["days"] = say_days(late)
            response = "utter_shop_status_late" if order.status is OrderStatus.SHIPPED else "utter_shop_status_overdue"
            # The question is answered, but the news is bad: neither a success nor a refusal.
            return Reply(response, variables, offers="delivery_problem")
        return Reply(f"utter_shop_status_{order.status.value}", variables, outcome=Outcome.RESOLVED)

    async def _delivery_problem(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        variables = _facts(order)
        late = days_late(order, self.context.today())
        if order.status is OrderStatus.CANCELLED:
            return Reply("utter_shop_status_cancelled", variables, outcome=Outcome.RESOLVED)
        if order.status is OrderStatus.SHIPPED and not late and not _says_more_than_late(turn):
            return Reply("utter_shop_delivery_on_time", variables, outcome=Outcome.RESOLVED)
        if order.status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            variables["ticket"] = await self._note(tx, "Delivery enquiry", order, turn)
            return Reply("utter_shop_delivery_traced", variables, outcome=Outcome.RESOLVED)
        if late:
            variables["ticket"] = await self._note(tx, "Overdue in the warehouse", order, turn)
            return Reply("utter_shop_delivery_noted", variables, outcome=Outcome.RESOLVED)
        return Reply("utter_shop_delivery_pending", variables, outcome=Outcome.RESOLVED)

    async def _damaged(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        variables = _facts(order)
        if order.status is not OrderStatus.DELIVERED:
            return Reply("utter_shop_damaged_not_delivered", variables)
        if return_refusal(order, self.context.today()) is None:
            return Reply("utter_shop_damaged_returnable", variables, offers="return_start")
        return Reply("utter_shop_damaged_warranty", variables, offers="repair_request")

    async def _refund(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        variables = _facts(order)
        returns = await tx.orders.returns_of(order.number)
        if order.refund_status is RefundStatus.PAID or any(one.status is ReturnStatus.REFUNDED for one in returns):
            return Reply("utter_shop_refund_paid", variables, outcome=Outcome.RESOLVED)
        if order.refund_status is RefundStatus.PENDING or any(one.status is ReturnStatus.RECEIVED for one in returns):
            return Reply("utter_shop_refund_pending", variables, outcome=Outcome.RESOLVED)
        if returns:
            variables["return_number"] = say_reference("R", returns[-1].id)
            return Reply("utter_shop_refund_waiting_return", variables, outcome=Outcome.RESOLVED)
        return Reply("utter_shop_refund_none", variables, outcome=Outcome.RESOLVED)

    async def _invoice(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        lines = say_list([f"{say_line(line)} for {say_money(line.unit_price * line.quantity)}" for line in order.lines])
        variables = {**_facts(order), "lines": lines, "name": order.customer_name}
        return Reply("utter_shop_invoice", variables, outcome=Outcome.RESOLVED)

    async def _double_charge(self, tx: Transaction, order: Order, turn: Turn) -> Reply:
        variables = {**_facts(order), "ticket": await self._note(tx, "Charged twice?", order, turn)}
        if order.status is OrderStatus.PLACED:
            return Reply("utter_shop_double_charge_unpaid", variables, outcome=Outcome.RESOLVED)
        return Reply("utter_shop_double_charge", variables, outcome=Outcome.RESOLVED)

    async def _note(self, tx: Transaction, subject: str, order: Order, turn: Turn) -> str:
        """A ticket for the team; the number that the customer can name."""
        noted = await tx.orders.add_complaint(
            turn.conversation_id,
            f"{subject}: order {order.number}",
            order.number,
            message_key=f"{turn.conversation_id}:{turn.message_id}",
        )
        return say_reference("T", noted.id)


def _says_more_than_late(turn: Turn) -> bool:
    """Words that an enquiry must follow even before the promised day: the parcel is lost or at the wrong place."""
    text = (turn.text or "").lower()
    return any(word in text for word in ("lost", "stolen", "wrong address", "neighbour", "neighbor", "says delivered"))


def _facts(order: Order) -> dict[str, str]:
    """The variables that the responses about an order use."""
    until = warranty_until(order)
    return {
        "number": order.number,
        "items": say_items(order),
        "total": say_money(order.total),
        "payment": order.payment_method,
        "account": say_payment(order.payment_method),
        "placed": say_date(order.placed_on),
        "expected": say_date(order.expected_on),
        "delivered": say_date(order.delivered_on),
        "cancelled": say_date(order.cancelled_on),
        "until": say_date(until),
        "carrier": order.carrier or "the carrier",
        "tracking": order.tracking_code or "not known yet",
    }
