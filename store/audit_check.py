"""Reads the audit chain from its first entry to its last and says where it is no longer as it was written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import AuditError, Chain, Head, HeadFile, Link
from store.dialect import Bytes
from store.schema import AuditRow

RESUMED: Final = "audit.resumed"
"""The act of the entry that goes on after a loss."""
STORED: Final = (
    AuditRow.number,
    *(
        Bytes(column)
        for column in (
            AuditRow.at,
            AuditRow.actor,
            AuditRow.act,
            AuditRow.purpose,
            AuditRow.subject,
            AuditRow.details,
            AuditRow.previous,
            AuditRow.hash,
        )
    ),
)
"""What is read of an entry, in the order of Link's fields."""
_BATCH: Final = 1000


@dataclass(frozen=True)
class AuditReport:
    """entries: how many were read. first_bad: the number of the first entry that is altered or missing.

    problem: altered, missing, cut (the end is missing), forked (another entry stands where a known head was),
    head_missing, head_unusable; None where the chain is whole. resumed: how often the chain went on after a loss that
    was accepted.
    """

    entries: int
    ok: bool
    first_bad: int | None
    problem: str | None
    resumed: int
    head: Head


async def check_chain(session: AsyncSession, chain: Chain, file: HeadFile, known: Head | None) -> AuditReport:
    """Check every link, then the end against the head file and a head that was exported earlier."""
    problem = None
    try:
        # Before the first read: entries that come in between are no contradiction.
        outside = await asyncio.to_thread(file.read)
    except AuditError:
        outside, problem = None, "head_unusable"
    heads = [head for head in (known, outside) if head is not None]
    before, resumed = Head(), 0
    while links := await read_links(session, before.number):
        for link in links:
            if link.number != before.number + 1:
                return AuditReport(before.number, False, before.number + 1, "missing", resumed, before)
            if not chain.fits(link, before):
                return AuditReport(before.number, False, link.number, "altered", resumed, before)
            before = Head(link.number, link.hash)
            resumed += link.act == RESUMED
            if any(head.number == before.number and head != before for head in heads):
                return AuditReport(before.number, False, link.number, "forked", resumed, before)
    if any(head.number > before.number for head in heads):
        return AuditReport(before.number, False, before.number + 1, "cut", resumed, before)
    if problem is None and outside is None and before.number:
        problem = "head_missing"
    return AuditReport(before.number, problem is None, None, problem, resumed, before)


async def read_links(session: AsyncSession, after: int) -> list[Link]:
    """The next links after a number, in order."""
    query = select(*STORED).where(AuditRow.number > after).order_by(AuditRow.number).limit(_BATCH)
    return [as_stored(row) for row in await session.execute(query)]


def as_stored(row: Sequence[Any]) -> Link:
    """A row of STORED. Bytes that are no text become characters that no whole entry holds."""
    number, *texts = row
    return Link(
        number, *(text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text for text in texts)
    )
