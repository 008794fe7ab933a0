"""The consent ledger."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class ConsentRow(Base):
    """One answer of a customer. Rows are added, never changed."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_customer", "customer_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    signal: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    granted: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
