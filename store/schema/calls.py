"""Calls, who calls by telephone, and when what happened in their turns. No row holds anything that was said."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class CallRow(Base):
    """One call. because: why it ended; None while it goes on. frames, late: of 20 ms of sound to the customer."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_conversation", "conversation_id", "ended_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    transport: Mapped[str] = mapped_column(String(16))
    camera: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    because: Mapped[str | None] = mapped_column(String(32))
    frames: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)


class CallTurnRow(Base):
    """One spoken turn of a call: seconds after the customer's last sound, None for what did not happen."""

    __tablename__ = "call_turns"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(64), index=True)
    turn_end: Mapped[float | None]
    transcript: Mapped[float | None]
    accepted: Mapped[float | None]
    assessed: Mapped[float | None]
    answered: Mapped[float | None]
    spoken: Mapped[float | None]
    first_audio: Mapped[float | None]
    interrupted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)


class TelephoneCallRow(Base):
    """The telephone call that a conversation is. call_mark: keyed fingerprint of the provider's id of the call, so that
    no call begins twice. sealed: the caller's number; None if it was withheld."""

    __tablename__ = "telephone_calls"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    call_mark: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
