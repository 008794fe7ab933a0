"""`action_shop_begin`: notes what the customer wants, and what the request says already, before its form opens."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.shop.address import Address
from actions.shop.agreement import AGREES, NEGATES
from actions.shop.asking_back import Doubts
from actions.shop.heard import Said
from actions.shop.order_rules import RETURN_DAYS
from actions.shop.slots import (
    BELIEVED,
    COMPLAINT_TEXT,
    CONFIRM,
    DOUBT,
    FORM_OF_INTENT,
    ITEM,
    NEW_ADDRESS,
    ORDER_NUMBER,
    OWN_SLOTS,
    PROOF,
    RETURN_REASON,
    TOPIC,
)
from actions.shop.spoken import email_in, order_number_in, postcode_in
from actions.turn import Turn

FEWEST_COMPLAINT_WORDS: Final = 5
"""A complaint of fewer words says that something is wrong, not what."""

_OTHER_ORDER: Final = re.compile(
    r"\b(?:another|other|different|second)\s+(?:order|one|parcel|package)\b", re.IGNORECASE
)
_ASKS_TERMS: Final = re.compile(
    r"\b(?:how (?:long|many days|much)|until when|by when|return (?:policy|period|terms|window|costs?)|"
    r"(?:is|are) returns? free|(?:does|do|will) .{0,40}\bcost)\b",
    re.IGNORECASE,
)
_NAMES_POSTCODE: Final = re.compile(r"\b(?:post\s?code|postal code|zip|plz)\b", re.IGNORECASE)


class BeginAction(AttuneAction):
    """Opens a request. In the middle of the same one it keeps what was given."""

    action_name: ClassVar[str] = "action_shop_begin"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Slots only: the topic, what is said in the message, and nothing left over from an older form."""
        form = FORM_OF_INTENT.get(turn.intent or "")
        if form is None:
            return []
        if form == "shop_return_form" and _ASKS_TERMS.search(turn.text or ""):
            dispatcher.utter_message(response="utter_shop_return_terms", days=str(RETURN_DAYS))
        slots: dict[str, str | bool | None] = {TOPIC: turn.intent}
        if _confirms(turn, form):
            return [dict(SlotSet(CONFIRM, True))]
        if turn.active_form != form or turn.slot(TOPIC) != turn.intent:
            slots.update(dict.fromkeys(OWN_SLOTS.get(form, ())))
        slots.update(_order_in(turn))
        slots.update(await self._doubts(turn, form))
        slots.update(_details_in(turn, form))
        return [dict(SlotSet(name, value)) for name, value in slots.items()]

    async def _doubts(self, turn: Turn, form: str) -> Mapping[str, str | None]:
        """What the form asks back first: it validates nothing of a message that names its own request again."""
        open_doubts = Doubts.of(turn)
        if turn.active_form == form and order_number_in(turn.text or "") is not None:
            async with self.context.db.reading() as tx:
                reading = (await Said.of(tx, turn)).number()
            if reading is not None and not reading.sure and reading.value != turn.slot(BELIEVED):
                return {ORDER_NUMBER: None, DOUBT: Doubts(number=reading.value).slot}
        elif open_doubts.asked is None or turn.active_form is not None:
            return {}
        return {DOUBT: None} if open_doubts.asked else {}


def _confirms(turn: Turn, form: str) -> bool:
    """Is this "yes, cancel it", said to "shall I cancel it?"? It names the request, so it reads as a new one."""
    text = turn.text or ""
    asked = turn.active_form == form and turn.requested_slot == CONFIRM and turn.slot(TOPIC) == turn.intent
    names_another = order_number_in(text) not in (None, turn.slot(ORDER_NUMBER)) or _OTHER_ORDER.search(text)
    return bool(asked and AGREES.match(text) and not NEGATES.search(text) and not names_another)


def _order_in(turn: Turn) -> Mapping[str, str | None]:
    text = turn.text or ""
    slots: dict[str, str | None] = {}
    number = order_number_in(text)
    stored = turn.slot(ORDER_NUMBER)
    if number is None and stored is not None:
        number = None if _OTHER_ORDER.search(text) else order_number_in(str(stored))
    if number != stored:
        slots[ORDER_NUMBER] = number
    email = email_in(text)
    if email is not None:
        slots[PROOF] = email
    elif turn.intent == "order_change_address":
        # In the middle of another form, the postcode of this request was taken for a proof. It is the new one.
        if turn.entity("postcode") is not None and turn.entity("postcode") == turn.slot(PROOF):
            slots[PROOF] = None
    elif _NAMES_POSTCODE.search(text):
        postcode = postcode_in(text)
        if postcode is not None:
            slots[PROOF] = postcode
    return slots


def _details_in(turn: Turn, form: str) -> Mapping[str, str | None]:
    text = turn.text or ""
    if form == "shop_return_form":
        details: dict[str, str | None] = {}
        if turn.entity("product"):
            details[ITEM] = turn.entity("product")
        if turn.slot(TOPIC) == "item_damaged":
            details[RETURN_REASON] = "arrived damaged or wrong"
        return details
    if form == "shop_address_form":
        address = Address.parse(text)
        return {} if address is None else {NEW_ADDRESS: str(address)}
    if form == "shop_complaint_form" and len(text.split()) >= FEWEST_COMPLAINT_WORDS:
        return {COMPLAINT_TEXT: text}
    return {}
