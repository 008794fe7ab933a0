"""Repository of accounts: making, finding, and proving who somebody is."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from privacy import is_outdated, new_id, password_matches
from store.accounts.account import PURPOSE, Account, Content, account_row, fingerprint, opened, opened_all
from store.accounts.changes import AccountChanges
from store.accounts.rows import CUSTOMER_PURPOSE, check_name, stored_email
from store.schema import AccountRow, CustomerRow
from vocabulary import STAFF_ROLES, Role

_BATCH: Final = 200
"""Accounts that are opened at once: a database takes only so many ids in one question."""


class Accounts(AccountChanges):
    """E-mail addresses are compared without case; telephone numbers are E.164. Every detail is sealed by the account's
    own key."""

    async def create(
        self,
        role: Role,
        *,
        name: str,
        email: str | None = None,
        phone: str | None = None,
        language: str | None = None,
        birth_year: int | None = None,
        password_hash: str | None = None,
        email_verified: bool = False,
        phone_verified: bool = False,
        first_password: bool = False,
    ) -> Account:
        """Add an account. A customer gets a pseudonym of their own at once; staff have none.

        first_password: the password was made by the product, and opens nothing but the choice of another one.

        Raises: AlreadyExists (the address or number has an account), StoreError (code email_invalid, name_invalid).
        """
        check_name(name)
        email = None if email is None else stored_email(email)
        await self._check_free(email, phone)
        now = datetime.now(UTC)
        account_id = new_id("a")
        content: Content = {
            "email": email,
            "phone": phone,
            "name": name,
            "language": language,
            "birth_year": birth_year,
            "customer_id": None if role in STAFF_ROLES else await self._new_customer(account_id, now),
            "notifications": {},
        }
        if first_password:
            content["first_password"] = True
        sealer = await self._vault.sealer(account_id)
        row = AccountRow(
            id=account_id,
            role=role.value,
            email_fingerprint=fingerprint(self._sealer, email) if email else None,
            phone_fingerprint=fingerprint(self._sealer, phone) if phone else None,
            sealed=sealer.seal(content, PURPOSE),
            password_hash=password_hash,
            email_verified_at=now if email and email_verified else None,
            phone_verified_at=now if phone and phone_verified else None,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return opened(row, sealer)

    async def get(self, account_id: str) -> Account | None:
        """One account, or None."""
        return await self._opened(await account_row(self._session, account_id))

    async def by_email(self, email: str) -> Account | None:
        """The account of an address, or None; what is no address has none."""
        return await self._opened(await self._row_of_email(email))

    async def by_phone(self, phone: str) -> Account | None:
        """The account of a number in E.164, or None."""
        return await self._opened(await self._row_of_phone(phone))

    async def of_customer(self, customer_id: str) -> Account | None:
        """The account that a pseudonym belongs to; None for guests. Whoever asks must have a purpose for it."""
        row = await self._session.get(CustomerRow, customer_id)
        if row is None or row.sealed_account is None:
            return None
        sealer = await self._vault.sealer(customer_id)
        return await self.get(str(sealer.open(row.sealed_account, CUSTOMER_PURPOSE)))

    async def list(
        self, *, roles: Iterable[Role] | None = None, text: str = "", limit: int | None = None
    ) -> Sequence[Account]:
        """Accounts by name. roles: only these. text: in the name, address, number or id, without case.

        Everything but the role is sealed, so that a search opens every account of these roles.
        """
        query = select(AccountRow)
        if roles is not None:
            query = query.where(AccountRow.role.in_([role.value for role in roles]))
        wanted = text.strip().casefold()
        found: list[Account] = []
        rows = (await self._session.scalars(query)).all()
        for start in range(0, len(rows), _BATCH):
            accounts = await opened_all(self._vault, rows[start : start + _BATCH])
            found += [one for one in accounts if any(wanted in part.casefold() for part in _searched(one))]
            # Others are served meanwhile.
            await asyncio.sleep(0)
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))[:limit]

    async def verify_password(self, email: str, password: str) -> Account | None:
        """The account if the password is right and it is not disabled, else None.

        An unknown address, an account without a password and a disabled one take as long as any other. About 25 ms:
        never inside a writing transaction.
        """
        row = await self._row_of_email(email)
        stored = None if row is None else row.password_hash
        right = await asyncio.to_thread(password_matches, stored, password)
        return await self._opened(row) if row is not None and right and row.disabled_at is None else None

    async def password_is(self, account_id: str, password: str) -> bool:
        """Whether this is the account's password: asked again before something that matters. Never while writing."""
        row = await account_row(self._session, account_id)
        return await asyncio.to_thread(password_matches, None if row is None else row.password_hash, password)

    async def has_outdated_hash(self, account_id: str) -> bool:
        """Whether the password should be hashed anew, by renew_hash(), while it is known."""
        row = await account_row(self._session, account_id)
        return row is not None and row.password_hash is not None and is_outdated(row.password_hash)

    async def delete(self, account_id: str) -> bool:
        """Delete the account, everything that hangs on it, and its key; False if there is none.

        Conversations, scores and consents belong to the pseudonym and stay: they are erased apart.
        """
        row = await account_row(self._session, account_id, locked=True)
        if row is None:
            return False
        await self._remove(row, opened(row, await self._vault.sealer(account_id)).customer_id)
        return True


def _searched(account: Account) -> Iterable[str]:
    return (part for part in (account.name, account.email, account.phone, account.id) if part)
