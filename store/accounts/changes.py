"""What changes in an account after it was made."""

from datetime import UTC, datetime
from typing import Any, Unpack

from sqlalchemy import delete, select, update

from store.accounts.account import Account, Details, content_of, fingerprint
from store.accounts.rows import AccountRows, check_name, stored_email
from store.errors import StoreError
from store.schema import (
    AccountRow,
    CustomerRow,
    NotificationRow,
    OneTimeCodeRow,
    PushSubscriptionRow,
    RecoveryCodeRow,
    SocialLoginRow,
)
from vocabulary import STAFF_ROLES, Role


class AccountChanges(AccountRows):
    """Changes that are allowed; those of rights end the account's sessions."""

    async def change_details(self, account_id: str, **changes: Unpack[Details]) -> Account:
        """Change name, language or birth year; what is not named stays. Raises: NotFound, StoreError (name_invalid)."""
        if "name" in changes:
            check_name(changes["name"])
        return await self._change(account_id, dict(changes))

    async def change_email(self, account_id: str, email: str, *, verified: bool) -> Account:
        """Replace the address; links that wait in the old mailbox work no more.

        Raises: NotFound, AlreadyExists, StoreError (code email_invalid).
        """
        email = stored_email(email)
        await self._check_free(email, None, but=account_id)
        row = await self._locked(account_id)
        row.email_fingerprint = fingerprint(self._sealer, email)
        row.email_verified_at = datetime.now(UTC) if verified else None
        await self._end_links(account_id)
        return await self._change(account_id, {"email": email})

    async def change_phone(self, account_id: str, phone: str | None, *, verified: bool) -> Account:
        """Replace or remove the number (E.164). Raises: NotFound, AlreadyExists."""
        await self._check_free(None, phone, but=account_id)
        row = await self._locked(account_id)
        row.phone_fingerprint = fingerprint(self._sealer, phone) if phone else None
        row.phone_verified_at = datetime.now(UTC) if phone and verified else None
        return await self._change(account_id, {"phone": phone})

    async def notification_settings(self, account_id: str) -> dict[str, Any]:
        """Which notifications the person wants; empty: the defaults. Raises: NotFound."""
        row = await self._locked(account_id)
        return content_of(row, await self._vault.sealer(account_id))["notifications"]

    async def set_notification_settings(self, account_id: str, settings: dict[str, Any]) -> None:
        """Replace them. Raises: NotFound."""
        await self._change(account_id, {"notifications": settings})

    async def set_password(self, account_id: str, password_hash: str) -> Account:
        """Replace the password by one hashed by privacy.hash_password(), and end every session of the account.

        Links that wait in a mailbox, to a new password or a new address, work no more. Raises: NotFound.
        """
        row = await self._locked(account_id)
        row.password_hash = password_hash
        await self._end_links(account_id)
        await self._end_sessions(account_id)
        return await self._change(account_id, {"first_password": False})

    async def renew_hash(self, account_id: str, password_hash: str) -> None:
        """The same password, hashed anew by today's settings; sessions stay. Raises: NotFound."""
        (await self._locked(account_id)).password_hash = password_hash
        await self._session.flush()

    async def set_role(self, account_id: str, role: Role) -> Account:
        """Change what a member of staff may do, and end their sessions: rights change with a new sign-in.

        Raises: NotFound; StoreError (code role_change): a customer never becomes staff, nor the other way.
        """
        row = await self._locked(account_id)
        if (Role(row.role) in STAFF_ROLES) != (role in STAFF_ROLES):
            raise StoreError(
                f"account {account_id} is {row.role}; expected a change between {', '.join(sorted(STAFF_ROLES))}. "
                "Make an account of its own for this person's other part.",
                code="role_change",
            )
        if row.role != role.value:
            row.role = role.value
            await self._end_sessions(account_id)
        return await self._after(row)

    async def disable(self, account_id: str) -> Account:
        """Close the account: no sign-in until it is enabled, and every session ends. Raises: NotFound."""
        row = await self._locked(account_id)
        row.disabled_at = row.disabled_at or datetime.now(UTC)
        await self._end_sessions(account_id)
        return await self._after(row)

    async def enable(self, account_id: str) -> Account:
        """Open it again. Raises: NotFound."""
        row = await self._locked(account_id)
        row.disabled_at = None
        return await self._after(row)

    async def _end_links(self, account_id: str) -> None:
        await self._session.execute(delete(OneTimeCodeRow).where(OneTimeCodeRow.account_id == account_id))

    async def _remove(self, row: AccountRow, customer_id: str | None) -> None:
        """Delete a row, all that hangs on it, and its key."""
        await self._end_sessions(row.id)
        for table in (RecoveryCodeRow, SocialLoginRow, PushSubscriptionRow, NotificationRow, OneTimeCodeRow):
            await self._session.execute(delete(table).where(table.account_id == row.id))
        addresses = [found for found in (row.email_fingerprint, row.phone_fingerprint) if found]
        codes = OneTimeCodeRow.target_fingerprint.in_(addresses)
        for code_id in (await self._session.scalars(select(OneTimeCodeRow.id).where(codes))).all():
            await self._vault.destroy(code_id)
        await self._session.execute(delete(OneTimeCodeRow).where(codes))
        if customer_id is not None:
            await self._session.execute(
                update(CustomerRow).where(CustomerRow.id == customer_id).values(sealed_account=None)
            )
        await self._session.delete(row)
        await self._session.flush()
        await self._vault.destroy(row.id)
