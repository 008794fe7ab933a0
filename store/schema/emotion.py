"""What turns were assessed as, and hand-overs to people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base

_OPEN = text("state IN ('requested', 'claimed')")


class AssessmentRow(Base):
    """One turn's scores, state and decision. sealed: all of it."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(String(64))
    previous_id: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class VerdictRow(Base):
    """What one person says about one assessed turn; the last word of each person counts. sealed: what it says.

    source: the customer's or the member of staff's id. counts: it may move the shop's thresholds.
    """

    __tablename__ = "verdicts"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id", "source"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    counts: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]


class SpeakerBaselineRow(Base):
    """How the customer of a conversation usually sounds, for one session. sealed: all of it."""

    __tablename__ = "speaker_baselines"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class EscalationRow(Base):
    """One hand-over. sealed: the reason. At most one per conversation is open."""

    __tablename__ = "escalations"
    __table_args__ = (
        Index("uq_escalations_open", "conversation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_escalations_queue", "state", "priority", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    requested_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
