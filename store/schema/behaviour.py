"""What customers did on a shop's page, for an hour, and the one offer of help of a conversation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class StepBatchRow(Base):
    """Steps that arrived together. sealed: their names, kinds and times. count: how many. at: of arrival."""

    __tablename__ = "step_batches"
    __table_args__ = (Index("ix_step_batches_at", "at"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    count: Mapped[int]
    at: Mapped[datetime]


class HelpOfferRow(Base):
    """Help was offered in this conversation. batch_id: the steps that it was the answer to; None once forgotten."""

    __tablename__ = "help_offers"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    batch_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
