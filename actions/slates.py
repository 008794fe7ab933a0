"""What was offered, what came of it, and what the bandit may learn of that.

A slate is settled a day after it was shown. It is learned from only if the customer allows, from before it was shown
until it is settled, that what they do in the shop is kept for them and used to improve the service. The change of
frustration counts only if every signal behind both readings may improve it as well. Slates that may not be learned from
are settled without an outcome.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from recommender import Bandit, BanditError, Outcome, Slate, Sums, calm_after, record_of
from store import Database, Opinion, StoredSlate, Transaction
from vocabulary import Interaction, InteractionKind, Purpose, Signal

SETTLED_AFTER: Final = timedelta(hours=24)
TURNS_AFTER: Final = 2
REFRESHED_EVERY_S: Final = 120.0
_AT_ONCE: Final = 50
_PAGE: Final = 500
_MOST_ACTS: Final = 1000

_Place = tuple[datetime, str, str]

log = logging.getLogger(__name__)


def slate_record(slate: Slate, frustration: float | None) -> dict[str, Any]:
    """A slate as it is stored. frustration: level at that turn, 0 to 100; None if none was read."""
    return {
        "suggestions": [suggestion.to_dict() for suggestion in slate.suggestions],
        "explanations": [explanation.to_dict() for explanation in slate.explanations],
        "choice": None if slate.choice is None else slate.choice.to_dict(),
        "frustration": frustration,
    }


async def log_slate(
    tx: Transaction,
    conversation_id: str,
    message_id: str,
    slate: Slate,
    *,
    history_used: bool = False,
) -> bool:
    """Keep what was offered in answer to a message; False if it is kept already, or nobody is known to whom it was
    shown, or the leave for what it rests on was taken back meanwhile. history_used: the customer's own behaviour had a
    part in it."""
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None or not slate.suggestions:
        return False
    if history_used and Purpose.PERSONALISE not in await tx.consents.behaviour_uses(conversation.customer_id):
        return False
    stored = await tx.assessments.get(conversation_id, message_id)
    state = None if stored is None else stored.assessment.state
    if state is None and any(explanation.rule for explanation in slate.explanations):
        return False
    signals = set() if stored is None else set(await tx.assessments.rests_on(conversation.customer_id, stored.id))
    return await tx.slates.add(
        conversation_id,
        message_id,
        conversation.customer_id,
        slate_record(slate, None if state is None else state.frustration),
        "none" if slate.choice is None else slate.choice.policy,
        signals=signals | ({Signal.BEHAVIOUR} if history_used else set()),
    )


async def settle(tx: Transaction, slate: StoredSlate) -> bool:
    """Note what came of one slate; True if it may be learned from."""
    choice = slate.slate.get("choice")
    uses = await tx.consents.behaviour_uses(slate.customer_id)
    allowed = all(purpose in uses and uses[purpose] <= slate.at for purpose in (Purpose.PERSONALISE, Purpose.IMPROVE))
    granted = await tx.consents.granted(slate.customer_id, Purpose.IMPROVE)
    if choice is None or not allowed or not slate.signals <= granted:
        await tx.slates.settle(slate.conversation_id, slate.message_id, None, counts=False)
        return False
    until = slate.at + SETTLED_AFTER
    acts = await tx.interactions.of(slate.customer_id, limit=_MOST_ACTS, since=slate.at)
    acts = [act for act in acts if act.at <= until] + await _waved_away(tx, slate, until)
    calm, signals = await _calm(tx, slate, granted)
    return await tx.slates.settle(
        slate.conversation_id,
        slate.message_id,
        record_of(choice["shown"], acts, calm),
        counts=True,
        signals=signals | {Signal.BEHAVIOUR},
    )


async def _waved_away(tx: Transaction, slate: StoredSlate, until: datetime) -> list[Interaction]:
    said = await tx.suggestion_feedback.of_customer(slate.customer_id)
    return [
        Interaction(slate.customer_id, one.item_id, InteractionKind.NOT_FOR_ME, one.at)
        for one in said
        if one.opinion is Opinion.NOT_FOR_ME and slate.at <= one.at <= until
    ]


async def _calm(
    tx: Transaction, slate: StoredSlate, granted: frozenset[Signal]
) -> tuple[float | None, frozenset[Signal]]:
    """The fall of frustration over the two turns after, and the signals that it rests on; None if it may not be used,
    or there were no such turns."""
    turns = await tx.assessments.timeline(slate.conversation_id)
    at = [turn.assessment.message_id for turn in turns]
    if slate.message_id not in at:
        return None, frozenset()
    held = turns[at.index(slate.message_id) :][: TURNS_AFTER + 1]
    states = [turn.assessment.state for turn in held]
    if len(held) < 2 or any(state is None for state in states):
        return None, frozenset()
    behind: set[Signal] = set()
    for turn in held:
        behind |= await tx.assessments.rests_on(slate.customer_id, turn.id)
    if not behind or not behind <= granted:
        return None, frozenset()
    before, *after = [state.frustration for state in states if state is not None]
    return calm_after(before, after), frozenset(behind)


def read_outcomes(bandit: Bandit, slates: Sequence[StoredSlate]) -> list[Outcome]:
    """Of settled slates, those that this version of the bandit can learn from."""
    found = []
    for slate in slates:
        choice = slate.slate.get("choice")
        if choice is None or slate.outcome is None:
            continue
        try:
            found.append(Outcome.read(choice, slate.outcome, bandit.settings.reward))
        except BanditError:
            log.info("a slate is not learned from", extra={"message_id": slate.message_id, "policy": slate.policy})
    return found


class SlateKeeper:
    """Settles slates that are due, and keeps a bandit at what the settled ones teach.

    What is known is always the sum over the slates that are stored: after an erasure, a withdrawal or a purge it is
    summed anew, and equals to the last bit what a shop without the deleted ones would know.
    """

    def __init__(self, db: Database, bandit: Bandit) -> None:
        self._db = db
        self._bandit = bandit
        self._known = _Known()

    async def settle_due(self, now: datetime | None = None) -> int:
        """Settle what is older than a day; gives how many. One transaction each: a kill loses nothing."""
        before = (now or datetime.now(UTC)) - SETTLED_AFTER
        done = 0
        while True:
            async with self._db.reading() as tx:
                due = await tx.slates.unsettled(before, limit=_AT_ONCE)
            for slate in due:
                async with self._db.transaction() as tx:
                    await settle(tx, slate)
                done += 1
            if len(due) < _AT_ONCE:
                return done

    async def refresh(self) -> int:
        """Learn what is new, or everything anew if something is gone; gives how many slates are known now."""
        known, self._known = self._known, _Known()
        # Until this has worked out, nothing counts as known: sums that were left half-way are never gone on with.
        if await self._stored() == known.stored and not await self._page(known.last, 1):
            self._known = known
            return self._bandit.slates
        known = await self._added(known)
        stored = await self._stored()
        if known.seen != stored:
            known = await self._added(_Known())
        if known.sums is not None:
            await asyncio.to_thread(self._bandit.adopt, known.sums)
        else:
            self._bandit.adopt(Sums())
        # A row that cannot be opened is counted by the store and never seen here: what was read is what is known.
        self._known = replace(known, seen=stored, stored=stored)
        return self._bandit.slates

    async def run(self) -> None:
        """Settle and learn from time to time, until it is cancelled. What fails is told and tried again."""
        while True:
            try:
                await self.settle_due()
                await self.refresh()
            except Exception:
                log.exception("slates could not be settled or learned from; tried again later")
            await asyncio.sleep(REFRESHED_EVERY_S)

    async def _stored(self) -> int:
        async with self._db.reading() as tx:
            return (await tx.slates.version())[0]

    async def _page(self, last: _Place | None, limit: int = _PAGE) -> list[StoredSlate]:
        async with self._db.reading() as tx:
            return await tx.slates.settled(last, limit=limit)

    async def _added(self, known: "_Known") -> "_Known":
        """With all that is settled after what is known, page by page."""
        while page := await self._page(known.last):
            sums = known.sums or Sums()
            await asyncio.to_thread(sums.add, read_outcomes(self._bandit, page))
            newest = page[-1]
            place = (newest.settled_at or newest.at, newest.conversation_id, newest.message_id)
            known = replace(known, sums=sums, last=place, seen=known.seen + len(page))
        return known


@dataclass(frozen=True)
class _Known:
    """How far a keeper has come. seen: slates that were read. stored: how many there were then. last: the place of the
    last one read, in the store's order."""

    sums: Sums | None = None
    last: _Place | None = None
    seen: int = 0
    stored: int = 0
