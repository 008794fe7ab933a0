"""What suggestions are learned from: what people did with items, what was offered to them, and what came of it."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class InteractionRow(Base):
    """One thing that somebody did with an item.

    subject: a customer's pseudonym, a visit's, or the fingerprint of an id in an imported log. origin: storefront,
    chat, or the name of an import. counts: what is suggested to everybody may be learned from it.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        # The same thing told twice is stored once.
        UniqueConstraint("subject", "item_id", "kind", "at", name="uq_interactions_once"),
        Index("ix_interactions_subject", "subject", "at"),
        Index("ix_interactions_item", "item_id", "kind"),
        # A number is never given again: what was learned up to a number can be compared with what is still there.
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(64))
    item_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[float | None]
    origin: Mapped[str] = mapped_column(String(64))
    counts: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)


class SlateRow(Base):
    """What was offered in one turn, by whose rule, and with what chance.

    sealed, by the customer's key: the items with scores, the explanation of each, the context that the choice was made
    in, the chance of this choice, and the signals behind the customer's state. outcome, sealed likewise: what came of
    it, and the signals behind that. policy: name and version of what chose. counts: the policy may learn from it.
    settled_at: when the outcome was complete; None while it may still come.
    """

    __tablename__ = "slates"

    conversation_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(64), index=True)
    policy: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


class ProgramKeyRow(Base):
    """A key with which a shop's own program keeps the catalogue up to date; the key itself is not stored."""

    __tablename__ = "program_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
