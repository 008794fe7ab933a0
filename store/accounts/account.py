"""One account, and what of it is sealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NotRequired, TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.schema import AccountRow
from store.sealing import Sealer
from store.vault import PersonSealer, Vault
from vocabulary import Role

PURPOSE: Final = "account"
TOTP_PURPOSE: Final = "totp"


@dataclass(frozen=True)
class Account:
    """One person who signs in.

    language: ISO 639-1. birth_year: None if unknown. customer_id: the pseudonym that conversations, consents and
    scores hang on; None for staff. has_second_factor: set up and confirmed. signed_in_at: the last time.
    has_first_password: the product has made the password, and its owner has chosen none yet.
    """

    id: str
    role: Role
    name: str
    email: str | None
    phone: str | None
    language: str | None
    birth_year: int | None
    email_verified: bool
    phone_verified: bool
    has_password: bool
    has_second_factor: bool
    disabled: bool
    customer_id: str | None
    created_at: datetime
    signed_in_at: datetime | None
    has_first_password: bool = False


class Details(TypedDict, total=False):
    """What a person may change about themselves."""

    name: str
    language: str | None
    birth_year: int | None


class Content(TypedDict):
    """What `accounts.sealed` holds. notifications: settings of the person's notifications; empty: the defaults."""

    email: str | None
    phone: str | None
    name: str
    language: str | None
    birth_year: int | None
    customer_id: str | None
    notifications: dict[str, Any]
    first_password: NotRequired[bool]


def fingerprint(sealer: Sealer, address: str) -> str:
    """Finds an e-mail address or a telephone number without storing it in the clear."""
    return sealer.fingerprint(address, "account-address")


def opened(row: AccountRow, sealer: PersonSealer) -> Account:
    """The account of a row. Raises: privacy.DecryptionError."""
    content = content_of(row, sealer)
    totp: Mapping[str, Any] | None = sealer.open(row.totp, TOTP_PURPOSE) if row.totp else None
    return Account(
        id=row.id,
        role=Role(row.role),
        name=content["name"],
        email=content["email"],
        phone=content["phone"],
        language=content["language"],
        birth_year=content["birth_year"],
        email_verified=row.email_verified_at is not None,
        phone_verified=row.phone_verified_at is not None,
        has_password=row.password_hash is not None,
        has_second_factor=totp is not None and bool(totp["confirmed"]),
        disabled=row.disabled_at is not None,
        customer_id=content["customer_id"],
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        has_first_password=content.get("first_password", False),
    )


def content_of(row: AccountRow, sealer: PersonSealer) -> Content:
    """What the row has sealed."""
    content: Content = sealer.open(row.sealed, PURPOSE)
    return content


async def account_row(session: AsyncSession, account_id: str, *, locked: bool = False) -> AccountRow | None:
    """The row, or None. locked: nobody else changes it before this transaction ends (SQLite has one writer anyway)."""
    query = select(AccountRow).where(AccountRow.id == account_id)
    row: AccountRow | None = await session.scalar(query.with_for_update() if locked else query)
    return row


async def opened_all(vault: Vault, rows: Iterable[AccountRow]) -> Sequence[Account]:
    """The accounts of many rows."""
    rows = list(rows)
    sealer = await vault.opener([sealed for row in rows for sealed in (row.sealed, row.totp)])
    return [opened(row, sealer) for row in rows]
