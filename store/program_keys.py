"""Keys with which a shop's own programs keep the catalogue up to date: shown once, stored as a hash."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.errors import NotFound, StoreError
from store.schema import ProgramKeyRow

PROGRAM_KEY_PREFIX: Final = "apk_"
"""What every key begins with, so that one that was committed by accident is found."""

_SECRET_BYTES: Final = 32
_KEY: Final = re.compile(r"apk_[A-Za-z0-9_-]{43}")
_LONGEST_NAME: Final = 100
_LONGEST: Final = timedelta(days=3660)
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class ProgramKey:
    """One key, without what it is. expires_at: None for one that stays until it is revoked."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None

    @property
    def is_due(self) -> bool:
        """Whether its use is to be noted: at most once a minute."""
        return self.used_at is None or datetime.now(UTC) - self.used_at >= _SEEN_EVERY

    @property
    def actor(self) -> str:
        """Who an entry of the audit says has done something with this key."""
        return f"program:{self.id}"


class ProgramKeys:
    """Repository of keys."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, name: str, valid_for: timedelta | None = None) -> tuple[ProgramKey, str]:
        """A new key, and what it is: it can never be shown again. name: of the program, for people.

        Raises: StoreError (code key_invalid).
        """
        name = " ".join(name.split())
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise StoreError(
                f"the name of a key has {len(name)} characters; expected 1 to {_LONGEST_NAME} that can be printed, "
                "such as 'stock export'.",
                code="key_invalid",
            )
        if valid_for is not None and not timedelta(0) < valid_for <= _LONGEST:
            raise StoreError(
                f"a key is to be valid for {valid_for}; expected more than nothing and at most {_LONGEST.days} days.",
                code="key_invalid",
            )
        secret = PROGRAM_KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        now = datetime.now(UTC)
        row = ProgramKeyRow(
            id=new_id("pk"),
            name=name,
            key_hash=_hash(secret),
            created_at=now,
            expires_at=None if valid_for is None else now + valid_for,
            used_at=None,
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row), secret

    async def of_secret(self, secret: str) -> ProgramKey | None:
        """The key that this is; None if there is none, or it has expired."""
        if not _KEY.fullmatch(secret):
            return None
        row = await self._session.scalar(select(ProgramKeyRow).where(ProgramKeyRow.key_hash == _hash(secret)))
        if row is None or (row.expires_at is not None and row.expires_at <= datetime.now(UTC)):
            return None
        return _from_row(row)

    async def used(self, key: ProgramKey) -> None:
        """Note that a key is in use now."""
        mine = ProgramKeyRow.id == key.id
        await self._session.execute(update(ProgramKeyRow).where(mine).values(used_at=datetime.now(UTC)))

    async def all(self) -> list[ProgramKey]:
        """Every key, oldest first."""
        rows = await self._session.scalars(select(ProgramKeyRow).order_by(ProgramKeyRow.created_at, ProgramKeyRow.id))
        return [_from_row(row) for row in rows]

    async def revoke(self, key_id: str) -> ProgramKey:
        """Delete a key: it opens nothing from now on. Raises: NotFound."""
        row = await self._session.get(ProgramKeyRow, key_id)
        if row is None:
            raise NotFound("program key", key_id)
        await self._session.delete(row)
        await self._session.flush()
        return _from_row(row)


def _hash(secret: str) -> str:
    # 256 random bits: nothing to guess, so a plain hash protects them.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _from_row(row: ProgramKeyRow) -> ProgramKey:
    return ProgramKey(row.id, row.name, row.created_at, row.expires_at, row.used_at)
