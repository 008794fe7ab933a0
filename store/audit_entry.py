"""Audit entries as they are read: found by a few marks, and opened where their subject's key still exists."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, false, or_, select

from privacy import DecryptionError
from store.schema import AuditRow
from store.vault import PersonSealer

SUBJECT_PURPOSE: Final = "audit-subject"
"""What the subject of an entry is sealed for."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry, opened. subject: whose data; None where it was nobody's, or where that person has been erased.

    note: what the actor typed as the reason, None likewise. erased: there was a subject, and it cannot be read again.
    """

    number: int
    at: datetime
    actor: str
    act: str
    purpose: str
    subject: str | None
    note: str | None
    erased: bool
    details: Mapping[str, Any]
    hash: str


def entries_query(before: int | None, actor: str | None, act: str | None) -> Select[tuple[AuditRow]]:
    """The newest entries first. act: this act, or with a dot at its end all of a group."""
    query = select(AuditRow).order_by(AuditRow.number.desc())
    if before is not None:
        query = query.where(AuditRow.number < before)
    if actor is not None:
        query = query.where(AuditRow.actor == actor)
    if act is not None:
        whole_group = act.endswith(".")
        query = query.where(AuditRow.act.startswith(act, autoescape=True) if whole_group else AuditRow.act == act)
    return query


def about(query: Select[tuple[AuditRow]], key_ids: Sequence[str]) -> Select[tuple[AuditRow]]:
    """Only entries whose subject one of these keys has sealed."""
    sealed_by = [AuditRow.subject.startswith(f"attune2:{key_id}:", autoescape=True) for key_id in key_ids]
    return query.where(or_(false(), *sealed_by))


def opened(row: AuditRow, opener: PersonSealer) -> AuditEntry:
    """The entry of a row; what belonged to an erased person stays away."""
    about: dict[str, Any] = {}
    if row.subject is not None:
        with suppress(DecryptionError):
            about = opener.open(row.subject, SUBJECT_PURPOSE)
    return AuditEntry(
        number=row.number,
        at=datetime.fromisoformat(row.at),
        actor=row.actor,
        act=row.act,
        purpose=row.purpose,
        subject=about.get("id"),
        note=about.get("note"),
        erased=row.subject is not None and not about,
        details=json.loads(row.details),
        hash=row.hash,
    )
