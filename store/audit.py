"""The record of who looked at whose data and what was changed: added to, never changed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import (
    LONGEST_PURPOSE,
    SELF,
    AuditError,
    Chain,
    DecryptionError,
    Detail,
    Head,
    HeadFile,
    Link,
    rendered_details,
)
from store.audit_check import RESUMED, AuditReport, as_stored, check_chain, read_links
from store.audit_entry import SUBJECT_PURPOSE, AuditEntry, about, entries_query, opened
from store.dialect import Bytes, lock_for_audit
from store.errors import AuditRefused
from store.schema import AuditRow, PersonKeyRow
from store.vault import Vault

_log = logging.getLogger(__name__)
_CUSTOMER: Final = "p_"
LONGEST_NOTE: Final = 1000
"""Characters that the reason of one look may have."""


class Audit:
    """The audit chain inside one transaction.

    An entry and what it tells about are one transaction: where the entry cannot be written, nothing else happens.
    """

    def __init__(self, session: AsyncSession, vault: Vault, chain: Chain, file: HeadFile, *, writing: bool) -> None:
        self._session = session
        self._vault = vault
        self._chain = chain
        self._file = file
        self._writing = writing
        self._head: Head | None = None
        self._resumed = False
        self._refused: AuditRefused | None = None

    async def add(
        self,
        actor: str,
        act: str,
        *,
        subject: str | None = None,
        purpose: str,
        note: str | None = None,
        details: Mapping[str, Detail] | None = None,
    ) -> AuditEntry:
        """Write down who did what, before it is done or shown. Call it in the transaction that reads or changes.

        actor: an account's id, SELF for people with their own data, COMMAND, or the name of a part of the product
        ("retention"). act: dotted, e.g. "case.view". subject: a customer's pseudonym or an account's id; unreadable
        after that person's erasure. purpose: fixed words, stored in the clear. note: what the actor typed, sealed
        with the subject. details: ids, names and numbers, in the clear; never content, never the person's own ids.

        Raises: AuditRefused; the transaction then fails even where the caller goes on.
        """
        try:
            return await self._add(actor, act, subject, purpose, note, details or {})
        except (AuditError, DBAPIError, DecryptionError, OSError) as err:
            reason = str(err) if isinstance(err, AuditError) else f"{type(err).__name__} while the entry was stored"
            self._refused = AuditRefused(
                f"no audit entry for {act!r}: {reason}",
                code=getattr(err, "code", None) if isinstance(err, AuditError) else None,
            )
            raise self._refused from None

    async def _add(
        self, actor: str, act: str, subject: str | None, purpose: str, note: str | None, details: Mapping[str, Detail]
    ) -> AuditEntry:
        if not self._writing:
            raise AuditError(
                "it would be thrown away here; expected Database.transaction(), not reading().", code="audit_reading"
            )
        if actor == subject or actor.startswith(_CUSTOMER):
            if actor != subject:
                raise AuditError(f"a customer cannot be the actor of {act!r} on another's data.", code="actor_invalid")
            actor = SELF
        _check(actor=(actor, 64), act=(act, 64), purpose=(purpose, LONGEST_PURPOSE))
        if note is not None and subject is None:
            raise AuditError("a note is sealed by its subject's key; expected a subject.", code="note_invalid")
        if note is not None and len(note) > LONGEST_NOTE:
            raise AuditError(
                f"the note of an audit entry has {len(note)} characters; expected at most {LONGEST_NOTE}.",
                code="note_invalid",
            )
        text = rendered_details(details)
        if subject is not None and any(subject in clear for clear in (text, purpose, act)):
            raise AuditError(
                "the subject's id stands in the clear part of the entry, where it would outlive an erasure; expected "
                "it as the subject alone.",
                code="subject_told",
            )
        sealed = None
        if subject is not None:
            sealed = (await self._vault.sealer(subject)).seal({"id": subject, "note": note}, SUBJECT_PURPOSE)
        # Asked for each time: what stood in a savepoint may have been taken back.
        before = await self.head() if self._head is not None else await self._begin()
        now = datetime.now(UTC)
        link = self._chain.seal(
            Link(
                number=before.number + 1,
                at=now.isoformat(timespec="microseconds"),
                actor=actor,
                act=act,
                purpose=purpose,
                subject=sealed,
                details=text,
                previous=before.hash,
            )
        )
        self._session.add(AuditRow(**asdict(link)))
        await self._session.flush()
        self._head = Head(link.number, link.hash)
        return AuditEntry(link.number, now, actor, act, purpose, subject, note, False, dict(details), link.hash)

    async def committing(self) -> None:
        """The last look before the commit. Database.transaction() calls it. Raises: AuditRefused."""
        if self._refused is not None:
            raise self._refused
        if self._head is not None:
            self._head = await self.head()

    async def committed(self) -> None:
        """Move the head on, once the transaction is committed. Database.transaction() calls it."""
        if self._head is not None:
            try:
                await asyncio.to_thread(self._file.put if self._resumed else self._file.advance, self._head)
            except (AuditError, OSError) as err:
                # The entry itself is stored and the head may lag; the next entry is refused until this is repaired.
                _log.error("head of the audit chain not moved", extra={"code": getattr(err, "code", "os_error")})

    async def head(self) -> Head:
        """The newest entry, as the database has it."""
        newest = select(AuditRow.number, Bytes(AuditRow.hash)).order_by(AuditRow.number.desc()).limit(1)
        row = (await self._session.execute(newest)).one_or_none()
        if row is None:
            return Head()
        return Head(row[0], row[1].decode("ascii", "replace") if isinstance(row[1], bytes) else row[1])

    async def _begin(self) -> Head:
        await (await self._session.connection()).run_sync(lock_for_audit)
        last = await self.head()
        if last.number == 0:
            await asyncio.to_thread(self._file.begin)
        known = await asyncio.to_thread(self._file.writable)
        if known is None or known.number > last.number:
            raise AuditError(
                f"the audit chain ends at entry {last.number}, and {self._file.path} "
                + ("is missing" if known is None else f"knows entry {known.number}")
                + "; expected the database and the head of one time. Nothing is shown or changed. Run: attune audit "
                "verify. If a backup was restored, `attune audit resume` writes that down and goes on.",
                code="audit_head",
            )
        return last

    async def verify(self, *, known: Head | None = None) -> AuditReport:
        """Check every entry, and the end of the chain against the head file and a head that was exported earlier.

        Call it first in its transaction: what is committed after the head file was read does no harm.
        """
        return await check_chain(self._session, self._chain, self._file, known)

    async def resume(self, actor: str, *, purpose: str) -> AuditEntry:
        """Go on after a backup was restored or the head file was lost; the loss itself becomes an entry.

        Raises: AuditRefused, code audit_whole where nothing is missing.
        """
        await (await self._session.connection()).run_sync(lock_for_audit)
        found, known = await self.head(), self._file.read()
        if (known.number <= found.number) if known is not None else found.number == 0:
            raise AuditRefused(
                f"the chain ends at entry {found.number} and its head file knows {(known or found).number}: nothing is "
                "missing; expected a chain that ends before its head.",
                code="audit_whole",
            )
        self._head = found
        details: dict[str, Detail] = {"known": str(known) if known else "none", "found": str(found)}
        self._resumed = True
        return await self.add(actor, RESUMED, purpose=purpose, details=details)

    async def links(self) -> AsyncIterator[Link]:
        """Every entry as it is stored, from the first."""
        after = 0
        while rows := await read_links(self._session, after):
            for link in rows:
                yield link
            after = rows[-1].number

    async def entries(
        self,
        *,
        before: int | None = None,
        limit: int = 100,
        actor: str | None = None,
        act: str | None = None,
        subject: str | None = None,
    ) -> list[AuditEntry]:
        """The newest entries first. before: only older numbers. act: this act, or all of a group ("case.").

        subject: only entries about this customer or account.
        """
        query = entries_query(before, actor, act)
        if subject is not None:
            keys = await self._session.scalars(select(PersonKeyRow.id).where(PersonKeyRow.owner == subject))
            query = about(query, list(keys))
        links = [as_stored(row) for row in await self._session.execute(query.limit(limit))]
        opener = await self._vault.opener(link.subject for link in links)
        return [opened(link, opener) for link in links]


def _check(**fields: tuple[str, int]) -> None:
    for name, (value, longest) in fields.items():
        if not value.strip() or len(value) > longest or not value.isprintable():
            raise AuditError(
                f"the {name} of an audit entry has {len(value)} characters; expected 1 to {longest}, printable.",
                code=f"{name}_invalid",
            )
