"""Audit entries as they are read: found by a few marks, and opened where their subject's key still exists."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Select, false, or_, select

from privacy import DecryptionError, Link
from store.audit_check import STORED
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


def entries_query(before: int | None, actor: str | None, act: str | None) -> Select[Any]:
    """The newest entries first. act: this act, or with a dot at its end all of a group."""
    query = select(*STORED).order_by(AuditRow.number.desc())
    if before is not None:
        query = query.where(AuditRow.number < before)
    if actor is not None:
        query = query.where(AuditRow.actor == actor)
    if act is not None:
        whole_group = act.endswith(".")
        query = query.where(AuditRow.act.startswith(act, autoescape=True) if whole_group else AuditRow.act == act)
    return query


def about(query: Select[Any], key_ids: Sequence[str]) -> Select[Any]:
    """Only entries whose subject one of these keys has sealed."""
    sealed_by = [AuditRow.subject.startswith(f"attune2:{key_id}:", autoescape=True) for key_id in key_ids]
    return query.where(or_(false(), *sealed_by))


def opened(link: Link, opener: PersonSealer) -> AuditEntry:
    """An entry as people read it; what belonged to an erased person stays away.

    One that was altered is shown as far as it can be read: verify() tells which they are.
    """
    about: dict[str, Any] = {}
    if link.subject is not None:
        with suppress(DecryptionError):
            about = opener.open(link.subject, SUBJECT_PURPOSE)
    try:
        at = datetime.fromisoformat(link.at)
    except ValueError:
        at = datetime.fromtimestamp(0, UTC)
    try:
        details = dict(json.loads(link.details))
    except (ValueError, TypeError):
        details = {"unreadable": True}
    return AuditEntry(
        number=link.number,
        at=at,
        actor=shown(link.actor),
        act=shown(link.act),
        purpose=shown(link.purpose),
        subject=about.get("id"),
        note=about.get("note"),
        erased=link.subject is not None and not about,
        details=details,
        hash=shown(link.hash),
    )


def shown(text: str) -> str:
    """Text that every page and file can hold."""
    return text.encode("utf-8", "replace").decode()
