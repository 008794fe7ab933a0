"""Erasures on record: begun, taken over, finished; and the search of every table."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, String, Text, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.erasure.needles import Needles
from store.erasure.search import Found
from store.erasure.subject import Subject, Subjects
from store.erasure.tombstones import Tombstones, ids_of
from store.errors import StoreError
from store.interactions import IMPORTED
from store.schema import (
    AccountRow,
    Base,
    ConversationRow,
    CustomerRow,
    ErasureRow,
    InteractionRow,
    OrderRow,
    PersonKeyRow,
    PlanRow,
)
from store.sealing import Sealer

_BEGUN: Final = "begun"
DONE: Final = "done"
_PURPOSE: Final = "erasure"
_BATCH: Final = 500


Claim = Callable[[str], bool]
"""Claims an erasure by its id; False if somebody alive works on it."""


class ErasureRunning(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """Another process erases this person now."""

    code = "erasure_running"
    retryable = True


@dataclass(frozen=True)
class Begun:
    """An erasure that is under way. since: when the person was first stored. counts: what there was, by place."""

    id: str
    subject: Subject
    at: datetime
    since: datetime
    counts: Mapping[str, int]


class Erasures:
    """Repository of erasures."""

    def __init__(self, session: AsyncSession, sealer: Sealer, subjects: Subjects, tombstones: Tombstones) -> None:
        self._session = session
        self._sealer = sealer
        self._subjects = subjects
        self._tombstones = tombstones

    async def begin(self, subject: Subject, counts: Mapping[str, int], take: Claim) -> Begun:
        """Write down what is going to be erased; takes over what a killed process left.

        counts: what there is of the person. take: claims the erasure. Raises: ErasureRunning.
        """
        now = datetime.now(UTC)
        fingerprint = self._tombstones.fingerprint(subject.main)
        row = await self._session.scalar(
            select(ErasureRow)
            .where(ErasureRow.fingerprint == fingerprint, ErasureRow.state == _BEGUN)
            .with_for_update()
        )
        erasure_id = new_id("er") if row is None else row.id
        if not take(erasure_id):
            raise ErasureRunning(
                "this person is being erased now; expected the one erasure to end. Ask again in a minute."
            )
        since = await self._first_seen(subject)
        if row is None:
            row = ErasureRow(id=erasure_id, fingerprint=fingerprint, state=_BEGUN, certificate={}, at=now)
            self._session.add(row)
        elif row.sealed is not None:
            order = self._sealer.open(row.sealed, _PURPOSE)
            subject, counts = _merged(Subject.from_dict(order["subject"]), subject), order["counts"]
        order = {"subject": subject.to_dict(), "since": since.isoformat(), "counts": dict(counts)}
        row.sealed = self._sealer.seal(order, _PURPOSE)
        await self._session.flush()
        await self._tombstones.learn([(self._tombstones.fingerprint(one), row.id, now) for one in ids_of(subject)])
        return Begun(row.id, subject, row.at, since, counts)

    async def take_over(self, take: Claim) -> list[Begun]:
        """Erasures that nobody works on any more; they are the caller's from now on. take: claims one."""
        rows = await self._session.scalars(select(ErasureRow).where(ErasureRow.state == _BEGUN).with_for_update())
        taken = []
        for row in rows.all():
            if row.sealed is not None and take(row.id):
                order = self._sealer.open(row.sealed, _PURPOSE)
                since = datetime.fromisoformat(order["since"])
                taken.append(Begun(row.id, Subject.from_dict(order["subject"]), row.at, since, order["counts"]))
        return taken

    async def finish(self, erasure_id: str, certificate: dict[str, Any]) -> None:
        """Keep the certificate, and forget whom it was about."""
        await self._session.execute(
            update(ErasureRow)
            .where(ErasureRow.id == erasure_id)
            .values(state=DONE, sealed=None, certificate=certificate)
        )

    async def certificate(self, erasure_id: str) -> dict[str, Any] | None:
        """A finished erasure's certificate, or None."""
        row = await self._session.get(ErasureRow, erasure_id)
        return None if row is None or row.state != DONE else row.certificate

    async def newest(self) -> datetime | None:
        """When the newest erasure began: other processes look whether it is about what they have open."""
        at: datetime | None = await self._session.scalar(select(func.max(ErasureRow.at)))
        return at

    async def returned(self, senders: Iterable[str] = ()) -> list[Subject]:
        """Persons who were erased and are stored again. senders: of the assistant's memory."""
        back: list[Subject] = []
        seen: set[str] = set()
        accounts = await self._erased(select(AccountRow.id))
        customers = await self._erased(select(CustomerRow.id))
        talks = await self._erased(select(ConversationRow.id))
        for who in (*accounts, *customers, *talks):
            subject = await self._subjects.find(who)
            if subject is not None and subject.main not in seen:
                seen.add(subject.main)
                back.append(subject)
        gathered = {one for subject in back for one in (*subject.customers, *subject.conversations, subject.account)}
        owners = await self._erased(select(PersonKeyRow.owner).distinct()) - gathered
        loose = (await self._tombstones.were_erased(senders)) - gathered
        orders = await self._bought(OrderRow.number, OrderRow.email_fingerprint, "order")
        plans = await self._bought(PlanRow.id, PlanRow.email_fingerprint, "plan")
        gathered_orders = {one for subject in back for one in (*subject.orders, *subject.plans)}
        orders, plans = orders - gathered_orders, plans - gathered_orders
        logged = select(InteractionRow.subject).where(InteractionRow.subject.startswith(IMPORTED, autoescape=True))
        imported = await self._erased(logged.distinct()) - {one for subject in back for one in subject.imported}
        if owners or loose or orders or plans or imported:
            # What stands alone: a talk that only the assistant remembers, a key without its person, an order.
            conversations = tuple(sorted(loose | {one for one in owners if one.startswith("c_")}))
            back.append(
                Subject(
                    customers=tuple(sorted(owners - set(conversations))),
                    conversations=conversations,
                    orders=tuple(sorted(orders)),
                    plans=tuple(sorted(plans)),
                    imported=tuple(sorted(imported)),
                )
            )
        return back

    async def search_values(self, wanted: Needles, found: Found) -> None:
        """Look for them in every value of every table; adds "table.column" to the hits."""
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, String | Text | JSON)]
            if not columns:
                continue
            stream = await self._session.stream(select(*(cast(column, Text) for column in columns)))
            async for rows in stream.partitions(_BATCH):
                for place, column in enumerate(columns):
                    values = [row[place] for row in rows if row[place] is not None]
                    found.values += len(values)
                    heap = "\n".join(values).encode("utf-8", "surrogatepass")
                    name = f"{table.name}.{column.name}"
                    # In a thread: others are served meanwhile.
                    if name not in found.hits and await asyncio.to_thread(wanted.are_in, heap):
                        found.hits.append(name)

    async def _erased(self, query: Any) -> set[str]:
        return await self._tombstones.were_erased((await self._session.scalars(query)).all())

    async def _bought(self, id_column: Any, whose: Any, kind: str) -> set[str]:
        """Orders or plans that were stripped once and have their person again."""
        ids = (await self._session.scalars(select(id_column).where(whose != ""))).all()
        erased = await self._tombstones.were_erased(f"{kind}:{one}" for one in ids)
        return {one.removeprefix(f"{kind}:") for one in erased}

    async def _first_seen(self, subject: Subject) -> datetime:
        times = [
            await self._session.scalar(select(func.min(AccountRow.created_at)).where(AccountRow.id == subject.account)),
            await self._session.scalar(
                select(func.min(CustomerRow.created_at)).where(CustomerRow.id.in_(subject.customers))
            ),
            # A guest's conversation is older than the account that it has joined.
            await self._session.scalar(
                select(func.min(ConversationRow.created_at)).where(ConversationRow.id.in_(subject.conversations))
            ),
        ]
        # Without either, the person is as old as anything: every file is searched.
        return min((at for at in times if at is not None), default=datetime.fromtimestamp(0, UTC))


def _merged(one: Subject, other: Subject) -> Subject:
    mine, theirs = one.to_dict(), other.to_dict()
    joined = {name: tuple(dict.fromkeys((*mine[name], *theirs[name]))) for name in mine if name != "account"}
    return Subject.from_dict({**joined, "account": one.account or other.account})
