"""What every form about an order shares: number and proof, asked back if they were heard unsurely, checked together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneFormValidation, Event
from actions.shop.asking_back import MOST_MISHEARD, Answer, Doubts, answer_to, misheard_of
from actions.shop.heard import Said
from actions.shop.identity import MOST_ATTEMPTS, attempts_of, matching_order
from actions.shop.slots import (
    ATTEMPTS,
    BELIEVED,
    CONFIRM,
    DOUBT,
    HEARD,
    MISHEARD,
    NOT_ASKED,
    ORDER_NUMBER,
    PROOF,
    REQUESTED,
    UNMATCHED,
)
from actions.shop.spoken import order_number_in, proof_in
from actions.shop.wording import say_spelled
from actions.turn import OUTCOME_SLOT, REFUSED, Turn
from store import Order, Transaction

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

STOP: Final[dict[str, Any]] = {REQUESTED: None}
"""Ends a form before all is asked; its last action then says why."""


@dataclass(frozen=True)
class _Pair:
    """Number and proof as far as they are known, and whether each can be believed."""

    number: str | None
    proof: str | None
    number_sure: bool = True
    number_plain: bool = True
    proof_sure: bool = True


class OrderValidation(AttuneFormValidation):
    """A form that needs a proved order. Number and proof are checked together, so that neither is revealed."""

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """The order first, then the form's own answers."""
        filled = {name: value for name, value in self._slots_to_validate.items() if (name, value) != (HEARD, NOT_ASKED)}
        if not filled:
            # The form comes back to its question after another answer: what is in doubt is still asked.
            return [dict(SlotSet(REQUESTED, HEARD))] if Doubts.of(turn).asked else []
        slots: dict[str, Any] = {}
        if filled.keys() & {ORDER_NUMBER, PROOF, HEARD}:
            # Rasa's form takes the number and passes the question by: it is answered here.
            if turn.intent in ANSWERED_BESIDES:
                dispatcher.utter_message(response=ANSWERED_BESIDES[turn.intent])
            slots = await self._identify(turn, filled, dispatcher)
            if ORDER_NUMBER in filled and CONFIRM in filled:
                # "No, it is 417204" corrects the number; it neither confirms nor declines.
                slots[CONFIRM] = None
        elif Doubts.of(turn).asked:
            slots = {REQUESTED: HEARD}
        settled = {ORDER_NUMBER, PROOF, HEARD, *slots}
        if REQUESTED not in slots:
            self._slots_to_validate = {name: value for name, value in filled.items() if name not in settled}
            own = await super().act(turn, dispatcher)
        else:
            own = []
        return [*(dict(SlotSet(name, value)) for name, value in slots.items()), *own]

    async def with_order(self, tx: Transaction, order: Order, turn: Turn) -> Mapping[str, Any]:
        """What the form makes of a proved order: slots to set, or STOP if nothing is left to ask."""
        return {}

    async def _identify(
        self, turn: Turn, filled: Mapping[str, Any], dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        if attempts_of(turn) >= MOST_ATTEMPTS:
            return {ORDER_NUMBER: None, PROOF: None, **STOP}
        stored = order_number_in(str(turn.slot(ORDER_NUMBER) or ""))
        async with self.context.db.reading() as tx:
            said = await Said.of(tx, turn, stored)
        pair = _pair(turn, said, stored)
        doubts = Doubts.of(turn)
        # HEARD only carries an answer to here.
        settled: dict[str, Any] = {HEARD: NOT_ASKED} if HEARD in filled else {}
        if doubts.asked is not None:
            answer = answer_to(doubts, turn, said, pair.proof if PROOF in filled else None)
            settled[DOUBT] = None
            if answer is Answer.YES and doubts.number:
                pair = _Pair(doubts.number, pair.proof, proof_sure=pair.proof_sure and pair.proof != doubts.proof)
                settled |= {DOUBT: Doubts(proof=doubts.proof).slot, BELIEVED: doubts.number}
            elif answer is Answer.YES:
                pair = _Pair(pair.number, doubts.proof)
            elif answer is Answer.NO:
                return settled | _misheard(turn, pair, dispatcher, number=bool(doubts.number))
            elif answer is Answer.UNCLEAR:
                return self._ask_again(doubts, turn, pair, said, dispatcher)
        found = await self._check(turn, filled, pair, said, dispatcher)
        return settled | found

    @staticmethod
    def _ask_again(
        doubts: Doubts, turn: Turn, pair: _Pair, said: Said, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        """The same question; what came beside it is kept."""
        if pair.proof is None or proof_in(said.text) != pair.proof:
            dispatcher.utter_message(response="utter_shop_form_not_understood")
        elif doubts.number and said.spoken:
            doubts = Doubts(doubts.number, pair.proof)
        kept = {PROOF: pair.proof} if doubts.number else {ORDER_NUMBER: pair.number}
        return {**kept, HEARD: NOT_ASKED, DOUBT: doubts.slot, REQUESTED: HEARD}

    async def _check(
        self, turn: Turn, filled: Mapping[str, Any], pair: _Pair, said: Said, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        number, proof = pair.number, pair.proof
        if number is None and proof is None and _HAS_NONE.search(turn.text or ""):
            dispatcher.utter_message(response="utter_shop_number_missing")
            return {ORDER_NUMBER: None, **refusal(turn)}
        if number is not None and not pair.number_sure:
            if not await self._is_proved_anyway(pair):
                doubts = Doubts(number, None if pair.proof_sure else proof)
                return {ORDER_NUMBER: None, PROOF: proof, DOUBT: doubts.slot, REQUESTED: HEARD}
        elif number is not None and said.spoken and turn.slot(BELIEVED) != number:
            return {BELIEVED: number, **await self._match(turn, filled, pair, said, dispatcher)}
        return await self._match(turn, filled, pair, said, dispatcher)

    async def _is_proved_anyway(self, pair: _Pair) -> bool:
        """Whether number and proof belong together, and could not belong to another order of the same customer."""
        if not pair.number_plain or pair.proof is None:
            return False
        async with self.context.db.reading() as tx:
            order = await matching_order(tx, pair.number, pair.proof, self.context.guesses)
            return order is not None and len(await tx.orders.of_email(order.email)) == 1

    async def _match(
        self, turn: Turn, filled: Mapping[str, Any], pair: _Pair, said: Said, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        number, proof = pair.number, pair.proof
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
            digits = said.odd_digits()
            if digits is not None:
                return _odd(digits, proof, turn, dispatcher)
            return self._unreadable("utter_shop_order_number_unreadable", {ORDER_NUMBER: None}, turn, dispatcher)
        if proof is None and number and filled.get(ORDER_NUMBER) is not None:
            # "Wait, it is 418120" while the proof is asked: the number is corrected, the proof is still to come.
            return {ORDER_NUMBER: number, PROOF: None}
        if proof is None and filled.get(PROOF) is not None:
            if said.spoken:
                return _misheard(turn, pair, dispatcher, number=False)
            kept = {ORDER_NUMBER: number} if number else {}
            return self._unreadable("utter_shop_proof_unreadable", {**kept, PROOF: None}, turn, dispatcher)
        if number is None or proof is None:
            return {ORDER_NUMBER: number, PROOF: proof}
        async with self.context.db.reading() as tx:
            order = await matching_order(tx, number, proof, self.context.guesses)
            if order is not None:
                emptied = {name: None for name in (UNMATCHED, DOUBT, MISHEARD) if turn.slot(name)}
                found = {ORDER_NUMBER: number, PROOF: proof, ATTEMPTS: 0, **emptied}
                return {**found, **await self.with_order(tx, order, turn)}
        if not pair.proof_sure:
            return {ORDER_NUMBER: number, PROOF: None, DOUBT: Doubts(proof=proof).slot, REQUESTED: HEARD}
        empty = {ORDER_NUMBER: None, PROOF: None, UNMATCHED: f"{number} {proof}"}
        return self._unreadable("utter_shop_no_match", empty, turn, dispatcher)

    @staticmethod
    def _unreadable(
        response: str, slots: Mapping[str, Any], turn: Turn, dispatcher: CollectingDispatcher
    ) -> dict[str, Any]:
        attempts = attempts_of(turn) + 1
        if attempts >= MOST_ATTEMPTS:
            return {ORDER_NUMBER: None, PROOF: None, ATTEMPTS: attempts, **STOP}
        dispatcher.utter_message(response=response)
        return {**slots, ATTEMPTS: attempts, **refusal(turn)}


def refusal(turn: Turn) -> dict[str, str]:
    """An answer that was not accepted counts as friction, as a refused request does."""
    return {OUTCOME_SLOT: f"{turn.message_id}:{REFUSED}"}


def _pair(turn: Turn, said: Said, stored: str | None) -> _Pair:
    """What is known after this message: what it says itself comes before what Rasa took from it."""
    reading = said.number()
    proof = proof_in(str(turn.slot(PROOF) or ""))
    # A proof from an earlier message is none of this one's words: it was believed, or it is in the doubts.
    here = proof is not None and proof_in(said.text) == proof
    # However sure the recogniser is of a name, asking costs a question only where the proof fits no order.
    proof_sure = not said.spoken if here else proof != Doubts.of(turn).proof
    if reading is not None:
        known = reading.sure or reading.value == turn.slot(BELIEVED)
        return _Pair(reading.value, proof, known, reading.plain, proof is None or proof_sure)
    return _Pair(stored, proof, said.doubtful_before is None, True, proof is None or proof_sure)


def _misheard(turn: Turn, pair: _Pair, dispatcher: CollectingDispatcher, *, number: bool) -> dict[str, Any]:
    """After a no, or words that are no proof: what was right stays, the other part is asked anew, at last with a
    person at hand. number: whether the order number was misheard; the proof otherwise."""
    count = misheard_of(turn) + 1
    kind = "number" if number else "proof"
    response = "utter_shop_heard_type" if count >= MOST_MISHEARD else f"utter_shop_heard_wrong_{kind}"
    dispatcher.utter_message(response=response)
    slots: dict[str, Any] = {MISHEARD: count, **refusal(turn)}
    if number:
        # The proof of the same breath stays: it is tried with the next number.
        return {**slots, ORDER_NUMBER: None, PROOF: pair.proof, DOUBT: None}
    return {**slots, ORDER_NUMBER: pair.number, PROOF: None}


def _odd(digits: str, proof: str | None, turn: Turn, dispatcher: CollectingDispatcher) -> dict[str, Any]:
    """Digits were heard, but too few or too many: they are said back."""
    count = misheard_of(turn) + 1
    dispatcher.utter_message(
        response="utter_shop_heard_type" if count > MOST_MISHEARD else "utter_shop_heard_digits",
        heard=say_spelled(digits),
        count=str(len(digits)),
    )
    # Five digits of an order number are no postcode.
    kept = None if proof is not None and proof in digits else proof
    return {ORDER_NUMBER: None, PROOF: kept, MISHEARD: count, **refusal(turn)}


def _unmatched(turn: Turn) -> tuple[str | None, str | None]:
    """Number and proof of the last pair that matched no order."""
    number, _, proof = str(turn.slot(UNMATCHED) or "").partition(" ")
    return number or None, proof or None
