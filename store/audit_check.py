"""Reads the audit chain from its first entry to its last and says where it is no longer as it was written."""

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import AuditError, Chain, Head, HeadFile, Link
from store.schema import AuditRow

RESUMED: Final = "audit.resumed"
"""The act of the entry that goes on after a loss."""
_COLUMNS: Final = tuple(AuditRow.__table__.columns)
# Tried one after the other where a row cannot be read, to come near it in few steps.
_BATCHES: Final = (1000, 100, 10, 1)


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
    heads = {head.number: head for head in (known, outside) if head is not None}
    if known is not None and outside is not None and known.number == outside.number and known != outside:
        problem = "forked"
    before, resumed = Head(), 0
    while links := await read_links(session, before.number):
        for link in links:
            if link.number != before.number + 1:
                return AuditReport(before.number, False, before.number + 1, "missing", resumed, before)
            if not _is_text(link) or not chain.fits(link, before):
                return AuditReport(before.number, False, link.number, "altered", resumed, before)
            before = Head(link.number, link.hash)
            resumed += link.act == RESUMED
            if link.number in heads and heads[link.number] != before:
                return AuditReport(before.number, False, link.number, "forked", resumed, before)
    if await _has_more(session, before.number):
        return AuditReport(before.number, False, before.number + 1, "altered", resumed, before)
    if any(number > before.number for number in heads):
        return AuditReport(before.number, False, before.number + 1, "cut", resumed, before)
    if problem is None and outside is None and before.number:
        problem = "head_missing"
    return AuditReport(before.number, problem is None, None, problem, resumed, before)


async def read_links(session: AsyncSession, after: int) -> list[Link]:
    """The next links after a number, in order; none where the very next one cannot be read."""
    for limit in _BATCHES:
        query = select(*_COLUMNS).where(AuditRow.number > after).order_by(AuditRow.number).limit(limit)
        try:
            return [Link(*row) for row in await session.execute(query)]
        except (DBAPIError, UnicodeDecodeError):
            continue
    return []


async def _has_more(session: AsyncSession, after: int) -> bool:
    return await session.scalar(select(AuditRow.number).where(AuditRow.number > after).limit(1)) is not None


def _is_text(link: Link) -> bool:
    """SQLite keeps what it is given, of whatever type."""
    texts = (link.at, link.actor, link.act, link.purpose, link.details, link.previous, link.hash)
    return all(type(text) is str for text in texts) and type(link.subject) in (str, type(None))
