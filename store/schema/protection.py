"""What guards people's data: their keys, the record of who saw it, and what was done about their rights."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class PersonKeyRow(Base):
    """A key that seals one person's data. owner: a customer's pseudonym, or an account. wrapped: sealed by the key
    ring. Deleting the row makes everything that it sealed unreadable, in this database and in its copies."""

    __tablename__ = "person_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # 255: a foreign bot's sender id, where it belongs to no stored conversation.
    owner: Mapped[str] = mapped_column(String(255), index=True)
    wrapped: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class AuditRow(Base):
    """One link of the audit chain. Rows are added, never changed.

    at: UTC as text, as it went into the hash. subject: whose data, sealed by that person's key; unreadable once the
    person is erased. details: JSON as text; ids, names and numbers, never content.
    """

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class DataRequestRow(Base):
    """A person's request about their data, with its legal time limit. sealed: who and how to answer.

    kind: access, erase, correct, object. state: received, done, refused. owner: of the key of `sealed`.
    """

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_due", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ErasureRow(Base):
    """One person's erasure. state: begun, done. fingerprint: of the person's main id; one at a time.

    sealed: while it is under way, the ids that it is about, sealed by the key ring, so that one that was killed can be
    finished; None afterwards.
    certificate: what was deleted and searched; no id and no content of the person.
    """

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str | None] = mapped_column(Text)
    certificate: Mapped[dict]  # type: ignore[type-arg]
    at: Mapped[datetime]


class ErasedIdRow(Base):
    """The keyed fingerprint of an id that was erased, so that a restored backup is cleaned again."""

    __tablename__ = "erased_ids"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    erasure_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class LeaseRow(Base):
    """Work that one process at a time does. until: the holder is alive until then."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]


class RetentionRunRow(Base):
    """A purge of what is past its time. report: per data type how many, and how late the latest was."""

    __tablename__ = "retention_runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    report: Mapped[dict]  # type: ignore[type-arg]
    at: Mapped[datetime] = mapped_column(index=True)


class PrivacyBudgetRow(Base):
    """A private statistic that was released, and what it cost. result: as released, to answer the same again."""

    __tablename__ = "privacy_budget"
    __table_args__ = (Index("ix_privacy_budget_period", "period"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(32))
    query: Mapped[str] = mapped_column(String(255))
    epsilon: Mapped[float]
    result: Mapped[dict]  # type: ignore[type-arg]
    at: Mapped[datetime]
