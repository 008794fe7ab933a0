"""Is this customer allowed to see this order? Number and e-mail or postcode must belong together."""

import hmac
from typing import Final

from actions.guesses import Guesses
from actions.shop.reply import Outcome, Reply
from actions.shop.slots import ATTEMPTS, ORDER_NUMBER, PROOF
from actions.shop.spoken import order_number_in, proof_in
from actions.turn import Turn
from store import Order, Transaction

MOST_ATTEMPTS: Final = 3
"""Wrong combinations in one conversation; after that a person checks the customer."""


async def verified_order(tx: Transaction, turn: Turn, guesses: Guesses) -> Order | None:
    """The order that the conversation's slots prove; None if they do not, whatever the reason.

    Every action asks anew: slots are what the customer said, not what is true.
    """
    if attempts_of(turn) >= MOST_ATTEMPTS:
        return None
    return await matching_order(tx, turn.slot(ORDER_NUMBER), turn.slot(PROOF), guesses)


async def matching_order(tx: Transaction, number: object, proof: object, guesses: Guesses) -> Order | None:
    """The order with this number, if the proof is its e-mail or its postcode.

    After too many different wrong proofs of one number, in whatever conversations, none is right for a while.
    """
    number = order_number_in(str(number or ""))
    proof = proof_in(str(proof or ""))
    if number is None or proof is None or guesses.are_used_up(number):
        return None
    order = await tx.orders.find(number)
    if order is None:
        return None
    expected = order.email.lower() if "@" in proof else order.postcode
    if hmac.compare_digest(expected.encode(), proof.encode()):
        return order
    guesses.add(number, proof)
    return None


def unproved(turn: Turn) -> Reply:
    """What an action says when the order is not proved, and the count of the attempt that this was."""
    attempts = attempts_of(turn)
    if attempts >= MOST_ATTEMPTS or turn.slot(ORDER_NUMBER) is None or turn.slot(PROOF) is None:
        return Reply("utter_shop_lookup_failed", outcome=Outcome.REFUSED, offers="attune_talk_to_person")
    # A request in the middle of a form fills its slots without validation: that counts as an attempt, too.
    return Reply(
        "utter_shop_no_match",
        outcome=Outcome.REFUSED,
        slots={ORDER_NUMBER: None, PROOF: None, ATTEMPTS: attempts + 1},
    )


def attempts_of(turn: Turn) -> int:
    """How many combinations were wrong so far."""
    stored = turn.slot(ATTEMPTS)
    return int(stored) if isinstance(stored, int | float) else 0
