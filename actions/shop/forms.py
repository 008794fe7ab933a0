"""Validation while a form is open: the order is proved, and the answers are understood, before anything happens."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneFormValidation, Event
from actions.shop.address import Address
from actions.shop.choosing import choose
from actions.shop.identity import MOST_ATTEMPTS, attempts_of, matching_order, verified_order
from actions.shop.order_rules import return_refusal
from actions.shop.plan_rules import settled_response
from actions.shop.slots import (
    ATTEMPTS,
    COMPLAINT_TEXT,
    CONFIRM,
    ITEM,
    NEW_ADDRESS,
    ORDER_NUMBER,
    PLAN,
    PROOF,
    REQUESTED,
    RETURN_REASON,
    TOPIC,
    UNMATCHED,
)
from actions.shop.spoken import order_number_in, proof_in
from actions.turn import OUTCOME_SLOT, REFUSED, Turn
from store import Order, OrderStatus, Transaction

LONGEST_TEXT: Final = 2000
FEWEST_COMPLAINT_LETTERS: Final = 8
_HAS_NONE: Final = re.compile(
    r"\b(?:(?:don'?t|do not|dont) (?:have|know|remember|find)|can'?t (?:find|remember)|cannot (?:find|remember)|lost|"
    r"deleted|forgot(?:ten)?|no idea|haven'?t got|without (?:a |the )?number)\b",
    re.IGNORECASE,
)
ANSWERED_BESIDES: Final = {
    "opening_hours": "utter_shop_opening_hours",
    "payment_problem": "utter_shop_payment_problem",
    "instalments_request": "utter_shop_instalments",
    "discount_question": "utter_shop_discount",
    "account_access": "utter_shop_account_access",
    "account_delete_data": "utter_shop_account_delete_data",
}
"""Questions with one answer, which a customer asks in the same message as the order number."""

_STOP: Final[dict[str, Any]] = {REQUESTED: None}
"""Ends a form before all is asked; its last action then says why."""


class OrderValidation(AttuneFormValidation):
    """A form that needs a proved order. Number and proof are checked together, so that neither is revealed."""

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """The order first, then the form's own answers."""
        filled = dict(self._slots_to_validate)
        if not filled:
            return []
        slots: dict[str, Any] = {}
        if ORDER_NUMBER in filled or PROOF in filled:
            # Rasa's form takes the number and passes the question by: it is answered here.
            if turn.intent in ANSWERED_BESIDES:
                dispatcher.utter_message(response=ANSWERED_BESIDES[turn.intent])
            slots = await self._identify(turn, filled, dispatcher)
            if ORDER_NUMBER in filled and CONFIRM in filled:
                # "No, it is 417204" corrects the number; it neither confirms nor declines.
                slots[CONFIRM] = None
        settled = {ORDER_NUMBER, PROOF, *slots}
        if REQUESTED not in slots:
            self._slots_to_validate = {name: value for name, value in filled.items() if name not in settled}
            own = await super().act(turn, dispatcher)
        else:
            own = []
        return [*(dict(SlotSet(name, value)) for name, value in slots.items()), *own]

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """What the form makes of a proved order: slots to set, or _STOP if nothing is left to ask."""
        return {}

    async def _identify(
        self, turn: Turn, filled: Mapping[str, Any], dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        if attempts_of(turn) >= MOST_ATTEMPTS:
            return {ORDER_NUMBER: None, PROOF: None, **_STOP}
        number = order_number_in(str(turn.slot(ORDER_NUMBER) or ""))
        proof = proof_in(str(turn.slot(PROOF) or ""))
        if number is None and proof is None and _HAS_NONE.search(turn.text or ""):
            dispatcher.utter_message(response="utter_shop_number_missing")
            return {ORDER_NUMBER: None, **_refusal(turn)}
        # After a wrong pair one part may come alone: it is tried with the other part of that pair.
        number_before, proof_before = _unmatched(turn)
        if proof is not None and number is None and proof != proof_before:
            number = number_before
        elif number is not None and proof is None and number != number_before:
            proof = proof_before
        if number is None and "@" in (proof or "") and filled.get(PROOF) is not None:
            # The e-mail came first; the number is still to come.
            return {ORDER_NUMBER: None, PROOF: proof}
        if number is None and filled.get(ORDER_NUMBER) is not None:
            return self._unreadable("utter_shop_order_number_unreadable", {ORDER_NUMBER: None}, turn, dispatcher)
        if proof is None and number and filled.get(ORDER_NUMBER) is not None:
            # "Wait, it is 418120" while the proof is asked: the number is corrected, the proof is still to come.
            return {ORDER_NUMBER: number, PROOF: None}
        if proof is None and filled.get(PROOF) is not None:
            kept = {ORDER_NUMBER: number} if number else {}
            return self._unreadable("utter_shop_proof_unreadable", {**kept, PROOF: None}, turn, dispatcher)
        if number is None or proof is None:
            return {ORDER_NUMBER: number, PROOF: proof}
        async with self.context.db.reading() as tx:
            order = await matching_order(tx, number, proof, self.context.guesses)
            if order is not None:
                found = {ORDER_NUMBER: number, PROOF: proof, ATTEMPTS: 0}
                if turn.slot(UNMATCHED):
                    found[UNMATCHED] = None
                return {**found, **await self.with_order(tx, order, turn)}
        empty = {ORDER_NUMBER: None, PROOF: None, UNMATCHED: f"{number} {proof}"}
        return self._unreadable("utter_shop_no_match", empty, turn, dispatcher)

    @staticmethod
    def _unreadable(
        response: str, slots: Mapping[str, Any], turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        attempts = attempts_of(turn) + 1
        if attempts >= MOST_ATTEMPTS:
            return {ORDER_NUMBER: None, PROOF: None, ATTEMPTS: attempts, **_STOP}
        dispatcher.utter_message(response=response)
        return {**slots, ATTEMPTS: attempts, **_refusal(turn)}


class OrderFormValidation(OrderValidation):
    """The order look-up."""

    action_name: ClassVar[str] = "validate_shop_order_form"


class CancelFormValidation(OrderValidation):
    """Cancellation: nothing to confirm unless the order can still be cancelled."""

    action_name: ClassVar[str] = "validate_shop_cancel_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop at once for an order that can no longer be cancelled."""
        return {} if order.status in (OrderStatus.PLACED, OrderStatus.PAID) else _STOP


class ReturnFormValidation(OrderValidation):
    """Return: the item is one of the order's lines."""

    action_name: ClassVar[str] = "validate_shop_return_form"

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """Stop if nothing can go back; take the only item, or the one that was named before."""
        if return_refusal(order, self.context.today()) is not None:
            return _STOP
        named = turn.slot(ITEM)
        if len(order.lines) == 1:
            return await self._chosen(tx, order, order.lines[0].item_id)
        return {} if named is None else await self._chosen(tx, order, item_meant(order, str(named)))

    @staticmethod
    async def _chosen(tx: Transaction, order: Order, item_id: str | None) -> dict[str, Any]:
        """The item; what is on its way back already needs no reason."""
        returned = {earlier.item_id for earlier in await tx.orders.returns_of(order.number)}
        return {ITEM: item_id, **(_STOP if item_id in returned else {})}

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
        return {ITEM: None, **_refusal(turn)}

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
        return {} if order.status in (OrderStatus.PLACED, OrderStatus.PAID) else _STOP

    async def validate_shop_new_address(
        self, value: Any, turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        """Street and number, postcode and town."""
        address = Address.parse(str(value))
        if address is None:
            dispatcher.utter_message(response="utter_shop_address_unreadable")
            return {NEW_ADDRESS: None, **_refusal(turn)}
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
            return _STOP
        if len(plans) > 1:
            return {}
        settled = settled_response(plans[0], turn.slot(TOPIC)) is not None
        return {PLAN: plans[0].id, **(_STOP if settled else {})}

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
            return {PLAN: None, **_refusal(turn)}
        settled = settled_response(plan, turn.slot(TOPIC)) is not None
        return {PLAN: plan.id, **(_STOP if settled else {})}


def _unmatched(turn: Turn) -> tuple[str | None, str | None]:
    """Number and proof of the last pair that matched no order."""
    number, _, proof = str(turn.slot(UNMATCHED) or "").partition(" ")
    return number or None, proof or None


def item_meant(order: Order, words: str) -> str | None:
    """The id of the order's line that is meant: an id from a button, or a customer's words."""
    if any(line.item_id == words for line in order.lines):
        return words
    meant = choose(words, [line.title for line in order.lines])
    return None if meant is None else order.lines[meant].item_id


def _refusal(turn: Turn) -> dict[str, str]:
    """An answer that was not accepted counts as friction, as a refused request does."""
    return {OUTCOME_SLOT: f"{turn.message_id}:{REFUSED}"}


def _free_text(value: Any) -> str | None:
    text = str(value).strip()[:LONGEST_TEXT]
    return text if text and not text.startswith("/") else None
