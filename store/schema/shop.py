"""The shop: catalogue, orders, returns, complaints, service plans. Money is in cents: SQLite has no decimals."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class CounterRow(Base):
    """A number by name, such as the catalogue's version."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int]


class ItemRow(Base):
    """One item. search: lower-case title, description and categories, for plain text search.

    version: the catalogue's version in which the row was written last. price_cents: None if no price is named.
    stock: None if pieces are not counted. path: categories from the widest to the narrowest; empty if there is one.
    """

    __tablename__ = "items"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(index=True, server_default="0")
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(100), index=True)
    path: Mapped[list] = mapped_column(server_default="[]")  # type: ignore[type-arg]
    price_cents: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), server_default="EUR")
    stock: Mapped[int | None]
    attributes: Mapped[dict]  # type: ignore[type-arg]
    relations: Mapped[list]  # type: ignore[type-arg]
    image: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)


class RemovedItemRow(Base):
    """An item that is no longer in the catalogue. version: the catalogue's when it went."""

    __tablename__ = "removed_items"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(index=True)


class CatalogueFactRow(Base):
    """Something that holds for the whole catalogue, such as its currency, by name."""

    __tablename__ = "catalogue_facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict]  # type: ignore[type-arg]


class OrderRow(Base):
    """One order. sealed: name, e-mail and address of the customer."""

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(String(6), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    placed_on: Mapped[date]
    sealed: Mapped[str] = mapped_column(Text)
    email_fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    payment_method: Mapped[str] = mapped_column(String(32))
    carrier: Mapped[str | None] = mapped_column(String(64))
    tracking_code: Mapped[str | None] = mapped_column(String(64))
    expected_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    refund_status: Mapped[str | None] = mapped_column(String(16))
    cancel_key: Mapped[str | None] = mapped_column(String(128))


class OrderLineRow(Base):
    """One line of an order."""

    __tablename__ = "order_lines"

    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]


class ReturnRow(Base):
    """One item on its way back. sealed: the reason. An item of an order is returned once."""

    __tablename__ = "returns"
    __table_args__ = (UniqueConstraint("order_number", "item_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"))
    item_id: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    message_key: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime]


class ComplaintRow(Base):
    """One complaint. sealed: the customer's words."""

    __tablename__ = "complaints"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(255), index=True)
    order_number: Mapped[str | None] = mapped_column(String(6))
    sealed: Mapped[str] = mapped_column(Text)
    message_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    created_at: Mapped[datetime]


class PlanRow(Base):
    """One service plan. sealed: the customer's e-mail."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    email_fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    tier: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    price_cents: Mapped[int]
    renews_on: Mapped[date | None]
