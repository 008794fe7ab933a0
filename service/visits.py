"""What visitors do in the shop: counted, and kept where it may be learned from.

A customer who is known is kept under the pseudonym where that is allowed, and counts in what all learn from where that
is; somebody unknown is kept under the visit, a random id that the page has made and that leads to nobody.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from privacy import hash_token
from service.limits import RateLimiter
from store import Database, Transaction
from vocabulary import Interaction, InteractionKind, Purpose

KINDS: Final = {
    "storefront.view": InteractionKind.VIEW,
    "storefront.dwell": InteractionKind.DWELL,
    "storefront.click": InteractionKind.CLICK,
    "storefront.cart": InteractionKind.CART,
    "storefront.purchase": InteractionKind.PURCHASE,
    "storefront.rating": InteractionKind.RATING,
    "suggestion.clicked": InteractionKind.CLICK,
}
"""What each event says of an item; others are only counted."""

LONGEST_DWELL_S: Final = 1800.0
"""A page that was open for longer was left open."""

MOST_OF_A_VISIT: Final = 200
"""So many of the newest doings of a visit say what fits it."""

STOREFRONT: Final = "storefront"
CHAT: Final = "chat"
_VISIT: Final = "v_"
_VISIT_CHARS: Final = 40
_AGAIN: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
# Programs that read pages say so, most of them; one that does not is held by the limits.
_ROBOT: Final = re.compile(r"bot\b|bot/|crawl|spider|slurp|curl/|python-|wget", re.IGNORECASE)


@dataclass(frozen=True)
class ShopEvent:
    """One event. value: seconds of a dwell, stars of a rating; None for others. visit: random, made by the page."""

    type: str
    item_id: str
    visit: str
    value: float | None = None


def visit_subject(visit: str) -> str:
    """Under what a visit's doings are kept: not under the id itself, which the page could choose to look like any."""
    return _VISIT + hash_token(visit)[:_VISIT_CHARS]


def visit_history(db: Database) -> Callable[[str], Awaitable[Sequence[Interaction]]]:
    """How the storefront asks what a visit did, oldest first, for a visitor who has switched that on."""

    async def read(visit: str) -> Sequence[Interaction]:
        async with db.reading() as tx:
            return await tx.interactions.of(visit_subject(visit), MOST_OF_A_VISIT)

    return read


class Visits:
    """Takes shop events. most_in_an_hour: of one visit or customer; what comes after is no person's doing."""

    def __init__(self, db: Database, *, limit: RateLimiter, most_in_an_hour: int) -> None:
        self._db = db
        self._limit = limit
        self._most = most_in_an_hour

    async def take(self, event: ShopEvent, *, customer_id: str | None, origin: str, address: str, agent: str) -> None:
        """Count an event, and keep what it says of an item that there is.

        customer_id: of a customer who has shown who they are. origin: STOREFRONT or CHAT. address, agent: of the
        request. Raises: Refused (429, the address sends too many).
        """
        self._limit.check(address)
        async with self._db.transaction() as tx:
            uses = {} if customer_id is None else await tx.consents.behaviour_uses(customer_id)
            own = customer_id is not None and Purpose.PERSONALISE in uses
            # Counted without the pseudonym, so that a withdrawal leaves no second copy, and without the visit's id,
            # which would lead from one to the other.
            await tx.events.add(event.type, {"item_id": event.item_id, **({} if own else {"session": event.visit})})
            if event.type not in KINDS or _ROBOT.search(agent) or await tx.catalogue.get(event.item_id) is None:
                return
            # Who is known and has not allowed it is not learned from by way of the visit either.
            counts = customer_id is None or Purpose.IMPROVE in uses
            if not own and not counts:
                return
            subject = customer_id if own and customer_id is not None else visit_subject(event.visit)
            await self._keep(tx, event, subject, origin, counts=counts)

    async def _keep(self, tx: Transaction, event: ShopEvent, subject: str, origin: str, *, counts: bool) -> None:
        now = datetime.now(UTC)
        value = event.value if event.value is None else min(event.value, LONGEST_DWELL_S)
        done = Interaction(subject, event.item_id, KINDS[event.type], now, value)
        if await tx.interactions.told_lately(done, _AGAIN):
            return
        if len(await tx.interactions.of(subject, self._most, since=now - _HOUR)) >= self._most:
            return
        await tx.interactions.add([done], origin, counts=counts)
