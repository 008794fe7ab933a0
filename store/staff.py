"""Agents and admins: accounts, passwords, sign-ins."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import hash_token, new_id, new_token
from store.errors import AlreadyExists, NotFound, StoreError
from store.schema import StaffRow, StaffSessionRow
from vocabulary import Role

SESSION_LENGTH: Final = timedelta(hours=12)
LEAST_PASSWORD_LENGTH: Final = 8
# Argon2 takes any length; a bound keeps a megabyte of "password" from costing time.
_MOST_PASSWORD_LENGTH = 1024


@dataclass(frozen=True)
class StaffMember:
    """One agent or admin."""

    id: str
    email: str
    name: str
    role: Role
    created_at: datetime


class Staff:
    """Repository of staff accounts. E-mail addresses are compared without case."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, email: str, name: str, role: Role, password: str) -> StaffMember:
        """Add an account. Raises: AlreadyExists, StoreError (code password_length or email_invalid)."""
        email = _normal(email)
        if "@" not in email or len(email) > 254:
            raise StoreError(f"{email!r} is not an e-mail address; expected name@host.", code="email_invalid")
        if await self._by_email(email) is not None:
            raise AlreadyExists(f"{email!r} has an account; expected an address without one.")
        row = StaffRow(
            id=new_id("s"),
            email=email,
            name=name,
            role=role.value,
            password_hash=await _hash(password),
            created_at=datetime.now(UTC),
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row)

    async def verify(self, email: str, password: str) -> StaffMember | None:
        """The account if the password is right, else None; an unknown address takes as long as a known one."""
        row = await self._by_email(_normal(email))
        stored = await asyncio.to_thread(_hash_of_nobody) if row is None else row.password_hash
        right = await asyncio.to_thread(_matches, stored, password)
        return _from_row(row) if row is not None and right else None

    async def get(self, staff_id: str) -> StaffMember | None:
        """One account, or None."""
        row = await self._session.get(StaffRow, staff_id)
        return None if row is None else _from_row(row)

    async def set_password(self, email: str, password: str) -> None:
        """Change a password and end every sign-in of the account. Raises: NotFound, StoreError."""
        row = await self._by_email(_normal(email))
        if row is None:
            raise NotFound("staff account", email)
        row.password_hash = await _hash(password)
        await self._session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == row.id))
        await self._session.flush()

    async def open_session(self, staff_id: str) -> str:
        """Sign in; gives the token for the browser. It holds for 12 hours. Raises: NotFound."""
        if await self._session.get(StaffRow, staff_id) is None:
            raise NotFound("staff account", staff_id)
        now = datetime.now(UTC)
        await self._session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at <= now))
        token = new_token()
        self._session.add(
            StaffSessionRow(token_hash=hash_token(token), staff_id=staff_id, expires_at=now + SESSION_LENGTH)
        )
        await self._session.flush()
        return token

    async def session(self, token: str) -> StaffMember | None:
        """Who is signed in with this token, or None."""
        row = await self._session.scalar(
            select(StaffRow)
            .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
            .where(
                StaffSessionRow.token_hash == hash_token(token),
                StaffSessionRow.expires_at > datetime.now(UTC),
            )
        )
        return None if row is None else _from_row(row)

    async def end_session(self, token: str) -> None:
        """Sign out; an unknown token is no error."""
        await self._session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == hash_token(token)))

    async def list(self) -> Sequence[StaffMember]:
        """Every account, by name."""
        rows = await self._session.scalars(select(StaffRow).order_by(StaffRow.name, StaffRow.id))
        return [_from_row(row) for row in rows]

    async def _by_email(self, email: str) -> StaffRow | None:
        row: StaffRow | None = await self._session.scalar(select(StaffRow).where(StaffRow.email == email))
        return row


def _normal(email: str) -> str:
    return email.strip().lower()


async def _hash(password: str) -> str:
    if not LEAST_PASSWORD_LENGTH <= len(password) <= _MOST_PASSWORD_LENGTH:
        raise StoreError(
            f"the password has {len(password)} characters; expected {LEAST_PASSWORD_LENGTH} "
            f"to {_MOST_PASSWORD_LENGTH}.",
            code="password_length",
        )
    return await asyncio.to_thread(PasswordHasher().hash, _encoded(password))


def _encoded(password: str) -> bytes:
    # What a stranger types need not be valid Unicode.
    return password.encode("utf-8", "surrogatepass")


def _matches(stored: str, password: str) -> bool:
    if len(password) > _MOST_PASSWORD_LENGTH:
        return False
    try:
        return PasswordHasher().verify(stored, _encoded(password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return PasswordHasher().hash(new_token())


def _from_row(row: StaffRow) -> StaffMember:
    return StaffMember(row.id, row.email, row.name, Role(row.role), row.created_at)
