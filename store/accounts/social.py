"""Accounts that an outside provider vouches for."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.changed_rows import changed_rows
from store.errors import AlreadyExists
from store.schema import SocialLoginRow
from store.sealing import Sealer


class SocialLogins:
    """Repository of social logins. The provider's own id of the person is kept as a keyed hash only."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    async def account_of(self, provider: str, subject: str) -> str | None:
        """The id of the account that this login of a provider opens, or None."""
        row = await self._session.get(SocialLoginRow, self._fingerprint(provider, subject))
        return None if row is None else row.account_id

    async def link(self, provider: str, subject: str, account_id: str) -> None:
        """From now on this login opens the account. Raises: AlreadyExists if it opens another one."""
        known = await self.account_of(provider, subject)
        if known == account_id:
            return
        if known is not None:
            raise AlreadyExists(f"this login of {provider} opens another account; expected one that opens none.")
        self._session.add(
            SocialLoginRow(
                fingerprint=self._fingerprint(provider, subject),
                account_id=account_id,
                provider=provider,
                created_at=datetime.now(UTC),
            )
        )
        await self._session.flush()

    async def list(self, account_id: str) -> Sequence[str]:
        """The providers that open an account, by name."""
        found = await self._session.scalars(
            select(SocialLoginRow.provider).where(SocialLoginRow.account_id == account_id).distinct()
        )
        return sorted(found)

    async def unlink(self, provider: str, account_id: str) -> bool:
        """The provider opens this account no more; False if it did not."""
        theirs = (SocialLoginRow.account_id == account_id, SocialLoginRow.provider == provider)
        return await changed_rows(self._session, delete(SocialLoginRow).where(*theirs)) > 0

    def _fingerprint(self, provider: str, subject: str) -> str:
        # Subjects are compared as they are: the key ring's own method, which keeps the case.
        return self._sealer.keyring.fingerprint(f"{provider}\0{subject}", purpose="social-login")
