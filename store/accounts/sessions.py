"""Signed-in browsers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import hash_token, new_id, new_token
from store.accounts.account import Account, account_row, opened
from store.errors import NotFound
from store.schema import AccountRow, SessionRow
from store.vault import Vault
from vocabulary import STAFF_ROLES, Role

SESSION_LENGTHS: Final = {role: timedelta(hours=12) if role in STAFF_ROLES else timedelta(days=30) for role in Role}
"""From sign-in to its end, whatever happens in between."""

_PURPOSE = "session"
_LONGEST_DEVICE = 200


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a session's token. since: the sign-in. second_factor: a code was given in this session."""

    account: Account
    session_id: str
    since: datetime
    second_factor: bool


@dataclass(frozen=True)
class SignedInBrowser:
    """One session, as its owner sees it. device: the browser in words. seen_at: to the nearest minutes."""

    id: str
    device: str
    since: datetime
    seen_at: datetime


class Sessions:
    """Repository of sessions. Tokens are random and only their hashes are stored; a sign-in always makes a new one."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def open(self, account_id: str, device: str = "", *, second_factor: bool = False) -> str:
        """Sign in; gives the token for the browser. Raises: NotFound (disabled accounts included)."""
        account = await account_row(self._session, account_id, locked=True)
        if account is None or account.disabled_at is not None:
            raise NotFound("account", account_id)
        now = datetime.now(UTC)
        token = new_token()
        sealer = await self._vault.sealer(account_id)
        self._session.add(
            SessionRow(
                id=new_id("ss"),
                token_hash=hash_token(token),
                account_id=account_id,
                sealed=sealer.seal(device[:_LONGEST_DEVICE], _PURPOSE),
                created_at=now,
                seen_at=now,
                expires_at=now + SESSION_LENGTHS[Role(account.role)],
                second_factor_at=now if second_factor else None,
            )
        )
        account.signed_in_at = now
        await self._session.flush()
        return token

    async def of_token(self, token: str) -> SignedIn | None:
        """Who is signed in with this token, or None."""
        found = (
            await self._session.execute(
                select(SessionRow, AccountRow)
                .join(AccountRow, AccountRow.id == SessionRow.account_id)
                .where(
                    SessionRow.token_hash == hash_token(token),
                    SessionRow.expires_at > datetime.now(UTC),
                    AccountRow.disabled_at.is_(None),
                )
            )
        ).first()
        if found is None:
            return None
        row, account = found
        sealer = await self._vault.sealer(account.id)
        return SignedIn(opened(account, sealer), row.id, row.created_at, row.second_factor_at is not None)

    async def list(self, account_id: str) -> Sequence[SignedInBrowser]:
        """The account's sessions that hold, latest first."""
        rows = (
            await self._session.scalars(
                select(SessionRow)
                .where(SessionRow.account_id == account_id, SessionRow.expires_at > datetime.now(UTC))
                .order_by(SessionRow.seen_at.desc(), SessionRow.id)
            )
        ).all()
        opener = await self._vault.opener([row.sealed for row in rows])
        return [
            SignedInBrowser(
                id=row.id,
                device=str(opener.open(row.sealed, _PURPOSE)),
                since=row.created_at,
                seen_at=row.seen_at,
            )
            for row in rows
        ]

    async def touch(self, session_id: str) -> None:
        """Note that the browser was seen now; call it every few minutes, not at each request."""
        await self._session.execute(
            update(SessionRow).where(SessionRow.id == session_id).values(seen_at=datetime.now(UTC))
        )

    async def end(self, session_id: str, *, account_id: str) -> bool:
        """Sign out one browser of an account; False if the account has no such session."""
        return bool(await self._delete(SessionRow.id == session_id, SessionRow.account_id == account_id))

    async def end_token(self, token: str) -> str | None:
        """Sign out the browser with this token; gives the session's id, None if it had none."""
        return next(iter(await self._delete(SessionRow.token_hash == hash_token(token))), None)

    async def end_all(self, account_id: str) -> Sequence[str]:
        """Sign out every browser of the account; gives the ids of the sessions that ended."""
        return await self._delete(SessionRow.account_id == account_id)

    async def _delete(self, *conditions: Any) -> Sequence[str]:
        gone = await self._session.scalars(delete(SessionRow).where(*conditions).returning(SessionRow.id))
        return list(gone.all())
