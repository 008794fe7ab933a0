"""The second factor of an account: an app that makes codes, and recovery codes for when it is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import hash_token, matching_step, new_recovery_codes, new_totp_secret, normal_recovery_code
from store.accounts.account import TOTP_PURPOSE, account_row
from store.changed_rows import changed_rows
from store.errors import NotFound, StoreError
from store.schema import AccountRow, RecoveryCodeRow
from store.vault import Vault


class SecondFactor:
    """Repository of second factors. The secret is sealed by the account's key; each code opens once."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def start(self, account_id: str) -> str:
        """A new secret for the app (base32); it counts once confirm() has seen a code of it.

        Raises: NotFound; StoreError (code second_factor_exists).
        """
        row, totp = await self._locked(account_id)
        if totp is not None and totp["confirmed"]:
            raise StoreError(
                f"account {account_id} has a second factor; expected one without. Remove it first.",
                code="second_factor_exists",
            )
        secret = new_totp_secret()
        row.totp = await self._sealed(account_id, secret, confirmed=False)
        row.totp_last_step = None
        await self._session.flush()
        return secret

    async def confirm(self, account_id: str, code: str) -> Sequence[str] | None:
        """Take the factor into use; gives the recovery codes, shown this once. None: the code is wrong.

        Raises: NotFound; StoreError (code second_factor_not_started).
        """
        row, totp = await self._locked(account_id)
        if totp is None or totp["confirmed"]:
            raise StoreError(
                f"account {account_id} has no second factor that waits for its first code; expected start() before.",
                code="second_factor_not_started",
            )
        step = matching_step(totp["secret"], code, datetime.now(UTC), None)
        if step is None:
            return None
        row.totp = await self._sealed(account_id, totp["secret"], confirmed=True)
        row.totp_last_step = step
        await self._session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
        codes = new_recovery_codes()
        self._session.add_all(
            RecoveryCodeRow(account_id=account_id, code_hash=hash_token(normal_recovery_code(one))) for one in codes
        )
        await self._session.flush()
        return codes

    async def check(self, account_id: str, code: str) -> bool:
        """Whether this is a code of the app that was not used before, or a recovery code; either is used up now."""
        row, totp = await self._locked(account_id)
        if totp is None or not totp["confirmed"]:
            return False
        step = matching_step(totp["secret"], code, datetime.now(UTC), row.totp_last_step)
        if step is not None:
            later = or_(AccountRow.totp_last_step.is_(None), AccountRow.totp_last_step < step)
            used = update(AccountRow).where(AccountRow.id == account_id, later).values(totp_last_step=step)
            return await changed_rows(self._session, used) == 1
        used_up = delete(RecoveryCodeRow).where(
            RecoveryCodeRow.account_id == account_id,
            RecoveryCodeRow.code_hash == hash_token(normal_recovery_code(code)),
        )
        return await changed_rows(self._session, used_up) == 1

    async def remove(self, account_id: str) -> bool:
        """Do without; False if there was none. Raises: NotFound."""
        row, totp = await self._locked(account_id)
        row.totp = None
        row.totp_last_step = None
        await self._session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
        await self._session.flush()
        return totp is not None

    async def _locked(self, account_id: str) -> tuple[AccountRow, dict[str, Any] | None]:
        row = await account_row(self._session, account_id, locked=True)
        if row is None:
            raise NotFound("account", account_id)
        sealer = await self._vault.sealer(account_id)
        return row, sealer.open(row.totp, TOTP_PURPOSE) if row.totp else None

    async def _sealed(self, account_id: str, secret: str, *, confirmed: bool) -> str:
        sealer = await self._vault.sealer(account_id)
        return sealer.seal({"secret": secret, "confirmed": confirmed}, TOTP_PURPOSE)
