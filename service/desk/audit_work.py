"""The record of who saw and changed what, for those who check it."""

import json
from collections.abc import Sequence
from typing import Final

from service.desk.gate import Gate
from store import AuditEntry, AuditReport, Database
from vocabulary import Right

ENTRIES: Final = 50
_OVERSIGHT: Final = "oversight"


class AuditWork:
    """What admins and auditors look up. Looking at the record is in the record, too."""

    def __init__(self, db: Database, gate: Gate) -> None:
        self._db = db
        self._gate = gate

    async def entries(self, token: str, *, before: int | None = None, act: str = "") -> Sequence[AuditEntry]:
        """Entries of the record, newest first. act: an act, or a group such as "case."; empty for all.

        Raises: NotAllowed.
        """
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.AUDIT_VIEW)
            found = await tx.audit.entries(before=before, act=act.strip()[:64] or None, limit=ENTRIES)
            await tx.audit.add(member.id, "audit.view", purpose=_OVERSIGHT, details={"shown": len(found)})
            return found

    async def names(self, token: str, ids: set[str]) -> dict[str, str]:
        """The names of members of staff, by account id. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.AUDIT_VIEW)
            found = [await tx.accounts.get(one) for one in ids]
            return {one.id: one.name for one in found if one is not None}

    async def verify(self, token: str) -> AuditReport:
        """Whether the record is as it was written. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.AUDIT_VIEW)
        async with self._db.reading() as tx:
            return await tx.audit.verify()

    async def export_head(self, token: str) -> bytes:
        """The record's newest number and hash as JSON, to be kept elsewhere. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.AUDIT_EXPORT)
            await tx.audit.add(member.id, "audit.head", purpose=_OVERSIGHT)
        async with self._db.reading() as tx:
            head = await tx.audit.head()
        return json.dumps({"head": str(head)}).encode()
