"""What every part of the accounts' repository does with rows."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import ContactInvalid, new_id, normal_email
from store.accounts.account import PURPOSE, Account, account_row, content_of, fingerprint, opened
from store.conversations import ensure_customer
from store.errors import AlreadyExists, NotFound, StoreError
from store.schema import AccountRow, CustomerRow, SessionRow
from store.sealing import Sealer
from store.vault import Vault

CUSTOMER_PURPOSE: Final = "customer-account"
_LONGEST_NAME = 120


class AccountRows:
    """Reads and writes rows of accounts; sealed details are opened by the account's own key."""

    def __init__(self, session: AsyncSession, sealer: Sealer, vault: Vault) -> None:
        self._session = session
        self._sealer = sealer
        self._vault = vault

    async def _opened(self, row: AccountRow | None) -> Account | None:
        return None if row is None else opened(row, await self._vault.sealer(row.id))

    async def _row_of_email(self, email: str) -> AccountRow | None:
        try:
            found = fingerprint(self._sealer, normal_email(email))
        except ContactInvalid:
            return None
        row: AccountRow | None = await self._session.scalar(
            select(AccountRow).where(AccountRow.email_fingerprint == found)
        )
        return row

    async def _row_of_phone(self, phone: str) -> AccountRow | None:
        found = fingerprint(self._sealer, phone)
        row: AccountRow | None = await self._session.scalar(
            select(AccountRow).where(AccountRow.phone_fingerprint == found)
        )
        return row

    async def _locked(self, account_id: str) -> AccountRow:
        row = await account_row(self._session, account_id, locked=True)
        if row is None:
            raise NotFound("account", account_id)
        return row

    async def _check_free(self, email: str | None, phone: str | None, but: str | None = None) -> None:
        for row, kind in (
            (await self._row_of_email(email) if email else None, "e-mail address"),
            (await self._row_of_phone(phone) if phone else None, "telephone number"),
        ):
            if row is not None and row.id != but:
                raise AlreadyExists(f"this {kind} has an account; expected one without.")

    async def _change(self, account_id: str, changes: dict[str, Any]) -> Account:
        row = await self._locked(account_id)
        sealer = await self._vault.sealer(account_id)
        row.sealed = sealer.seal({**content_of(row, sealer), **changes}, PURPOSE)
        return await self._after(row)

    async def _after(self, row: AccountRow) -> Account:
        await self._session.flush()
        return opened(row, await self._vault.sealer(row.id))

    async def _end_sessions(self, account_id: str) -> None:
        await self._session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))

    async def _new_customer(self, account_id: str, now: datetime) -> str:
        # To the day: two rows that were made at the same microsecond would name each other.
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        customer_id = await ensure_customer(self._session, new_id("p"), day)
        sealer = await self._vault.sealer(customer_id)
        await self._session.execute(
            update(CustomerRow)
            .where(CustomerRow.id == customer_id)
            .values(sealed_account=sealer.seal(account_id, CUSTOMER_PURPOSE))
        )
        return customer_id


def stored_email(email: str) -> str:
    """The address as it is stored. Raises: StoreError (code email_invalid)."""
    try:
        return normal_email(email)
    except ContactInvalid as err:
        raise StoreError(str(err), code=err.code) from None


def check_name(name: str) -> None:
    """Raises: StoreError (code name_invalid)."""
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise StoreError(
            f"the name has {len(name)} characters; expected up to {_LONGEST_NAME}, on one line.", code="name_invalid"
        )
