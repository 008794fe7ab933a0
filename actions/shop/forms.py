"""Validation while a form is open: the order is proved, and the answers are understood, before anything happens."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneFormValidation
from actions.shop.address import Address
from actions.shop.choosing import choose
from actions.shop.identity import verified_order
from actions.shop.order_form import STOP, OrderValidation, refusal
from actions.shop.order_rules import return_refusal
from actions.shop.plan_rules import settled_response
from actions.shop.slots import COMPLAINT_TEXT, ITEM, NEW_ADDRESS, PLAN, RETURN_REASON, TOPIC
from actions.turn import Turn
from store import Order, OrderStatus, Transaction

LONGEST_TEXT: Final = 2000
FEWEST_COMPLAINT_LETTERS: Final = 8


class OrderFormValidation(OrderValidation):
    """The order look-up."""

    action_name: ClassVar[str] = "validate_shop_order_form"


class CancelFormValidation(OrderValidation):
    """Cancellation: nothing to confirm unless the order can still be cancelled."""

    action_name: ClassVar[str] = "validate_shop_cancel_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop at once for an order that can no longer be cancelled."""
        return {} if order.status in (OrderStatus.PLACED, OrderStatus.PAID) else STOP


class ReturnFormValidation(OrderValidation):
    """Return: the item is one of the order's lines."""

    action_name: ClassVar[str] = "validate_shop_return_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop if nothing can go back; take the only item, or the one that was named before."""
        if return_refusal(order, self.context.today()) is not None:
            return STOP
        named = turn.slot(ITEM)
        if len(order.lines) == 1:
            return await self._chosen(tx, order, order.lines[0].item_id)
        return {} if named is None else await self._chosen(tx, order, item_meant(order, str(named)))

    @staticmethod
    async def _chosen(tx: Transaction, order: Order, item_id: str | None) -> dict[str, Any]:
        """The item; what is on its way back already needs no reason."""
        returned = {earlier.item_id for earlier in await tx.orders.returns_of(order.number)}
        return {ITEM: item_id, **(STOP if item_id in returned else {})}

    async def validate_shop_item(self, value: Any, turn: Turn, dispatcher: CollectingDispatcher) -> dict[str, Any]:
        """An item of the order, by its words or its place."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                # Named before the order is known: with_order reads it later.
                return {ITEM: value}
            item_id = item_meant(order, str(value))
            if item_id is not None:
                return await self._chosen(tx, order, item_id)
        dispatcher.utter_message(response="utter_shop_item_unknown", number=order.number)
        return {ITEM: None, **refusal(turn)}

    async def validate_shop_return_reason(
        self, value: Any, turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        """Any words will do; a button of another question will not."""
        return {RETURN_REASON: _free_text(value)}


class AddressFormValidation(OrderValidation):
    """Another address: possible until the order is packed."""

    action_name: ClassVar[str] = "validate_shop_address_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop at once for an order that has been packed."""
        return {} if order.status in (OrderStatus.PLACED, OrderStatus.PAID) else STOP

    async def validate_shop_new_address(
        self, value: Any, turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        """Street and number, postcode and town."""
        address = Address.parse(str(value))
        if address is None:
            dispatcher.utter_message(response="utter_shop_address_unreadable")
            return {NEW_ADDRESS: None, **refusal(turn)}
        return {NEW_ADDRESS: str(address)}


class ComplaintFormValidation(AttuneFormValidation):
    """Complaint: enough words that somebody can act on them."""

    action_name: ClassVar[str] = "validate_shop_complaint_form"

    async def validate_shop_complaint_text(
        self, value: Any, turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        """Kept word for word, up to 2000 characters."""
        text = _free_text(value)
        if text is not None and sum(character.isalnum() for character in text) < FEWEST_COMPLAINT_LETTERS:
            dispatcher.utter_message(response="utter_shop_complaint_too_short")
            text = None
        return {COMPLAINT_TEXT: text}


class PlanFormValidation(OrderValidation):
    """Service plans: proved by an order of the same customer."""

    action_name: ClassVar[str] = "validate_shop_plan_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop if there is no plan; take the only one."""
        plans = await tx.orders.plans_of(order.email)
        if not plans:
            return STOP
        if len(plans) > 1:
            return {}
        settled = settled_response(plans[0], turn.slot(TOPIC)) is not None
        return {PLAN: plans[0].id, **(STOP if settled else {})}

    async def validate_shop_plan(self, value: Any, turn: Turn, dispatcher: CollectingDispatcher) -> dict[str, Any]:
        """A plan of this customer, by its words or its place."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
            plans = await tx.orders.plans_of(order.email) if order else []
        plan = next((plan for plan in plans if plan.id == value), None)
        meant = choose(str(value), [plan.title for plan in plans])
        if plan is None and meant is not None:
            plan = plans[meant]
        if plan is None:
            dispatcher.utter_message(response="utter_shop_plan_unknown")
            return {PLAN: None, **refusal(turn)}
        settled = settled_response(plan, turn.slot(TOPIC)) is not None
        return {PLAN: plan.id, **(STOP if settled else {})}


def item_meant(order: Order, words: str) -> str | None:
    """The id of the order's line that is meant: an id from a button, or a customer's words."""
    if any(line.item_id == words for line in order.lines):
        return words
    meant = choose(words, [line.title for line in order.lines])
    return None if meant is None else order.lines[meant].item_id


def _free_text(value: Any) -> str | None:
    text = str(value).strip()[:LONGEST_TEXT]
    return text if text and not text.startswith("/") else None
