"""What was offered in a turn, why, by which policy and with what chance, and what came of it."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError
from store.changed_rows import changed_rows
from store.schema import SlateRow
from store.vault import PersonSealer, Vault
from vocabulary import Signal

_SLATE: Final = "slate"
_OUTCOME: Final = "slate-outcome"
_MOST: Final = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredSlate:
    """One slate. slate, outcome: what the recommender and the policy made of them, as JSON holds it.

    policy: name and version. signals: what the customer's state rested on when the choice was made; outcome_signals:
    likewise for the change of the state afterwards. counts: the policy may learn from it. outcome, settled_at: None
    while it may still come.
    """

    conversation_id: str
    message_id: str
    customer_id: str
    policy: str
    slate: Mapping[str, Any]
    signals: frozenset[Signal]
    counts: bool
    at: datetime
    outcome: Mapping[str, Any] | None = None
    outcome_signals: frozenset[Signal] = frozenset()
    settled_at: datetime | None = None


class Slates:
    """Repository of slates: at most one for each message. Sealed by the customer's key."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(
        self,
        conversation_id: str,
        message_id: str,
        customer_id: str,
        slate: Mapping[str, Any],
        policy: str,
        *,
        signals: Collection[Signal] = (),
    ) -> bool:
        """Keep what was offered; False if there is a slate of this message: the first one stays. signals: what the
        customer's state rests on, and BEHAVIOUR if what the customer did was used."""
        if await self._session.get(SlateRow, (conversation_id, message_id)) is not None:
            return False
        self._session.add(
            SlateRow(
                conversation_id=conversation_id,
                message_id=message_id,
                customer_id=customer_id,
                policy=policy,
                sealed=await self._sealed(customer_id, slate, signals, _SLATE),
                outcome=None,
                counts=False,
                at=datetime.now(UTC),
                settled_at=None,
            )
        )
        await self._session.flush()
        return True

    async def unsettled(self, before: datetime, limit: int = _MOST) -> list[StoredSlate]:
        """Those from before a time whose outcome is not complete, oldest first."""
        open_ones = select(SlateRow).where(SlateRow.settled_at.is_(None), SlateRow.at < before)
        return await self._opened(open_ones.order_by(SlateRow.at).limit(limit))

    async def settle(
        self,
        conversation_id: str,
        message_id: str,
        outcome: Mapping[str, Any] | None,
        *,
        counts: bool,
        signals: Collection[Signal] = (),
    ) -> bool:
        """Note what came of a slate, once; False if it is settled, or was deleted meanwhile.

        outcome: None where nothing may be known. counts: the policy may learn from it; the caller has read the consent
        in the same transaction. signals: what the outcome rests on.
        """
        row = await self._session.get(SlateRow, (conversation_id, message_id), with_for_update=True)
        if row is None or row.settled_at is not None:
            return False
        if outcome is not None:
            row.outcome = await self._sealed(row.customer_id, outcome, signals, _OUTCOME)
        row.counts = counts and outcome is not None
        row.settled_at = datetime.now(UTC)
        await self._session.flush()
        return True

    async def settled(self, after: tuple[datetime, str, str] | None = None, limit: int = _MOST) -> list[StoredSlate]:
        """What a policy may learn from, in the order of (settled_at, conversation_id, message_id).

        after: only what comes later in this order than these three: the next page.
        """
        wanted = select(SlateRow).where(SlateRow.counts, SlateRow.settled_at.is_not(None))
        if after is not None:
            wanted = wanted.where(_later(after))
        ordered = wanted.order_by(SlateRow.settled_at, SlateRow.conversation_id, SlateRow.message_id)
        return await self._opened(ordered.limit(limit))

    async def version(self) -> tuple[int, datetime | None]:
        """Changes whenever `settled` would."""
        counting = and_(SlateRow.counts, SlateRow.settled_at.is_not(None))
        row = (await self._session.execute(select(func.count(), func.max(SlateRow.settled_at)).where(counting))).one()
        return int(row[0]), row[1]

    async def of_message(self, conversation_id: str, message_id: str) -> StoredSlate | None:
        """The slate of one message, or None."""
        one = (SlateRow.conversation_id == conversation_id, SlateRow.message_id == message_id)
        return next(iter(await self._opened(select(SlateRow).where(*one))), None)

    async def of_conversation(self, conversation_id: str) -> list[StoredSlate]:
        """The slates of one conversation, oldest first."""
        own = SlateRow.conversation_id == conversation_id
        return await self._opened(select(SlateRow).where(own).order_by(SlateRow.at))

    async def newest(self, limit: int = 20) -> list[StoredSlate]:
        """The last ones of the shop, newest first."""
        return await self._opened(select(SlateRow).order_by(SlateRow.at.desc()).limit(min(limit, _MOST)))

    async def count(self) -> int:
        """How many there are."""
        return int(await self._session.scalar(select(func.count()).select_from(SlateRow)) or 0)

    async def forget_signal(self, customer_id: str, signal: Signal) -> int:
        """Delete the slates whose choice or outcome rests on a signal; gives the number."""
        gone = 0
        for one in await self._resting_on(customer_id, signal):
            gone += await changed_rows(self._session, delete(SlateRow).where(*_is(one)))
        return gone

    async def count_no_more(self, customer_id: str, signal: Signal) -> int:
        """Take a customer's slates out of what policies learn from: all for BEHAVIOUR, else those that rest on the
        signal. Gives the number."""
        changed = 0
        if signal is Signal.BEHAVIOUR:
            mine = SlateRow.customer_id == customer_id
            return await changed_rows(self._session, update(SlateRow).where(mine, SlateRow.counts).values(counts=False))
        for one in await self._resting_on(customer_id, signal):
            changed += await changed_rows(self._session, update(SlateRow).where(*_is(one)).values(counts=False))
        return changed

    async def _resting_on(self, customer_id: str, signal: Signal) -> list[StoredSlate]:
        own = await self._opened(select(SlateRow).where(SlateRow.customer_id == customer_id))
        return [one for one in own if signal in one.signals | one.outcome_signals]

    async def _sealed(self, owner: str, content: Mapping[str, Any], signals: Collection[Signal], purpose: str) -> str:
        named = sorted(signal.value for signal in signals)
        return (await self._vault.sealer(owner)).seal({"content": dict(content), "signals": named}, purpose)

    async def _opened(self, query: Select[tuple[SlateRow]]) -> list[StoredSlate]:
        rows: Sequence[SlateRow] = (await self._session.scalars(query)).all()
        opener = await self._vault.opener(value for row in rows for value in (row.sealed, row.outcome))
        found = []
        for row in rows:
            try:
                found.append(_open(opener, row))
            except (DecryptionError, LookupError, TypeError, ValueError):
                # Read by every process that learns: one damaged row must not end it.
                log.error("a slate cannot be opened", extra={"message_id": row.message_id})
        return found


def _open(opener: PersonSealer, row: SlateRow) -> StoredSlate:
    shown = opener.open(row.sealed, _SLATE)
    outcome = None if row.outcome is None else opener.open(row.outcome, _OUTCOME)
    return StoredSlate(
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        customer_id=row.customer_id,
        policy=row.policy,
        slate=shown["content"],
        signals=frozenset(map(Signal, shown["signals"])),
        counts=row.counts,
        at=row.at,
        outcome=None if outcome is None else outcome["content"],
        outcome_signals=frozenset() if outcome is None else frozenset(map(Signal, outcome["signals"])),
        settled_at=row.settled_at,
    )


def _later(than: tuple[datetime, str, str]) -> ColumnElement[bool]:
    at, conversation_id, message_id = than
    later_message = and_(SlateRow.conversation_id == conversation_id, SlateRow.message_id > message_id)
    same_time = and_(SlateRow.settled_at == at, or_(SlateRow.conversation_id > conversation_id, later_message))
    return or_(SlateRow.settled_at > at, same_time)


def _is(one: StoredSlate) -> tuple[ColumnElement[bool], ...]:
    return SlateRow.conversation_id == one.conversation_id, SlateRow.message_id == one.message_id
