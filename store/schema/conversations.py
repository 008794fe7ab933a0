"""Customers, conversations, their messages, and what actions have done."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class CustomerRow(Base):
    """A pseudonym. Nothing here says who the person is.

    sealed_account: the id of the person's account, sealed by the pseudonym's key; None for guests.
    minor: a child or a youth by their own word: emotion is never assessed.
    """

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed_account: Mapped[str | None] = mapped_column(Text)
    minor: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class ProfileRow(Base):
    """What a customer likes and wants: interests, categories, recommendation settings. sealed: all of it."""

    __tablename__ = "profiles"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class SuggestionFeedbackRow(Base):
    """What a customer says about a suggested item. verdict: helpful, not_helpful or not_for_me."""

    __tablename__ = "suggestion_feedback"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(String(255))
    verdict: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class ConversationRow(Base):
    """One conversation; last_seq numbers its messages."""

    __tablename__ = "conversations"

    # 255: a foreign bot's sender id is taken as it is.
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[str | None] = mapped_column(String(64))
    last_seq: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    handed_back_at: Mapped[datetime | None]


class MessageRow(Base):
    """One message of any author. sealed: text, payload, buttons, suggestions, image.

    originals: what the placeholders of personal data in the text stand for, sealed; None where there are none, or
    where their time is over.
    heard: the words of a spoken message with their confidences, sealed, until it is answered.
    spoken: the text was heard. corrects: the spoken message that this one puts right. corrected_by: the id of the
    correction; another message, unless the text was replaced before it left.
    status, answered_at, attempts: the inbox's steps; customer messages only.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "id"),
        Index("ix_messages_work", "status", "conversation_id", "seq"),
        Index("ix_messages_replies", "conversation_id", "reply_to"),
    )

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(16))
    status: Mapped[str | None] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    originals: Mapped[str | None] = mapped_column(Text)
    heard: Mapped[str | None] = mapped_column(Text)
    spoken: Mapped[bool] = mapped_column(default=False, server_default=false())
    corrects: Mapped[str | None] = mapped_column(String(64))
    corrected_by: Mapped[str | None] = mapped_column(String(64))
    clip_id: Mapped[str | None] = mapped_column(String(64))
    reply_to: Mapped[str | None] = mapped_column(String(64))
    staff_id: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class FrameRow(Base):
    """A picture in the media store that waits for its message's turn. message_id: perhaps not stored yet."""

    __tablename__ = "frames"
    __table_args__ = (Index("ix_frames_message", "conversation_id", "message_id"),)

    media_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ReceiptRow(Base):
    """What an action with effects did for a message, so that it is done once. sealed: its result."""

    __tablename__ = "receipts"

    conversation_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    action: Mapped[str] = mapped_column(String(128), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class EventRow(Base):
    """One thing that happened. payload: ids, names and numbers; never content."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_type", "type", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str | None] = mapped_column(String(255))
    customer_id: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[dict]  # type: ignore[type-arg]
    at: Mapped[datetime]
