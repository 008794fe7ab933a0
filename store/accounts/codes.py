"""Codes and links that work once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import PSEUDONYM, hash_token, new_id, new_token
from store.accounts.account import fingerprint
from store.schema import OneTimeCodeRow
from store.sealing import Sealer
from store.vault import Vault

MOST_ATTEMPTS: Final = 5
"""Wrong tries of one six-digit code; after them it is dead. A guess is right once in a million."""

_PURPOSE = "one-time-code"
_SEPARATOR = "~"


class CodeKind(StrEnum):
    """What a code is for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    SIGN_IN_PHONE = "sign_in_phone"
    CHANGE_EMAIL = "change_email"


@dataclass(frozen=True)
class Taken:
    """A code that was right. leads_to: what was kept for this moment. It works no more once it was consumed."""

    id: str
    kind: CodeKind
    account_id: str | None
    leads_to: Any


class OneTimeCodes:
    """Repository of codes. Each is bound to the address that it was sent to; only hashes are stored."""

    def __init__(self, session: AsyncSession, sealer: Sealer, vault: Vault) -> None:
        self._session = session
        self._sealer = sealer
        self._vault = vault

    async def make_link(
        self, kind: CodeKind, target: str, lasts: timedelta, *, account_id: str | None = None, leads_to: Any = None
    ) -> str:
        """A token for a link that is sent to `target`. leads_to: what JSON can hold; sealed until the token comes."""
        token = new_token()
        code_id = await self._add(kind, target, lasts, hash_token(token), account_id, leads_to)
        return f"{code_id}{_SEPARATOR}{token}"

    async def make_digits(self, kind: CodeKind, target: str, lasts: timedelta) -> str:
        """Six digits that are sent to `target`; earlier ones for it are dead from now on."""
        await self._session.execute(
            update(OneTimeCodeRow)
            .where(OneTimeCodeRow.kind == kind.value, self._for(target))
            .values(attempts=MOST_ATTEMPTS)
        )
        digits = f"{secrets.randbelow(10**6):06d}"
        code_id = new_id("v")
        await self._add(kind, target, lasts, self._hash_of_digits(code_id, digits), None, None, code_id)
        return digits

    async def made_since(self, kind: CodeKind, target: str, since: datetime) -> int:
        """How many codes of a kind were made for an address since then, used ones left out."""
        found = await self._session.scalar(
            select(func.count())
            .select_from(OneTimeCodeRow)
            .where(OneTimeCodeRow.kind == kind.value, self._for(target), OneTimeCodeRow.created_at > since)
        )
        return int(found or 0)

    async def of_link(self, token: str, *kinds: CodeKind) -> Taken | None:
        """What a link's token leads to, if it is one of these kinds and still works; consume() it then."""
        code_id, _, secret = token.partition(_SEPARATOR)
        row = await self._session.get(OneTimeCodeRow, code_id) if PSEUDONYM.fullmatch(code_id) else None
        stored = row.code_hash if row is not None else "0" * 64
        right = hmac.compare_digest(stored.encode(), hash_token(secret).encode())
        if row is None or not right or row.kind not in kinds or row.expires_at <= datetime.now(UTC):
            return None
        return await self._taken(row)

    async def of_digits(self, kind: CodeKind, target: str, digits: str) -> Taken | None:
        """The same for six digits. A wrong try is counted: commit, whatever comes back."""
        row = await self._session.scalar(
            select(OneTimeCodeRow)
            .where(
                OneTimeCodeRow.kind == kind.value,
                self._for(target),
                OneTimeCodeRow.attempts < MOST_ATTEMPTS,
                OneTimeCodeRow.expires_at > datetime.now(UTC),
            )
            .order_by(OneTimeCodeRow.created_at.desc())
            .limit(1)
            .with_for_update()
        )
        if row is None:
            return None
        if not hmac.compare_digest(row.code_hash, self._hash_of_digits(row.id, digits)):
            row.attempts += 1
            await self._session.flush()
            return None
        return await self._taken(row)

    async def consume(self, taken: Taken) -> bool:
        """Use a code up; False if somebody else was faster. Everything of its kind for its address ends with it."""
        row = await self._session.get(OneTimeCodeRow, taken.id)
        if row is None:
            return False
        gone = await self._delete(
            OneTimeCodeRow.kind == row.kind, OneTimeCodeRow.target_fingerprint == row.target_fingerprint
        )
        return taken.id in gone

    async def _add(
        self,
        kind: CodeKind,
        target: str,
        lasts: timedelta,
        code_hash: str,
        account_id: str | None,
        leads_to: Any,
        code_id: str | None = None,
    ) -> str:
        code_id = code_id or new_id("v")
        now = datetime.now(UTC)
        sealer = await self._vault.sealer(account_id or code_id)
        self._session.add(
            OneTimeCodeRow(
                id=code_id,
                kind=kind.value,
                account_id=account_id,
                target_fingerprint=fingerprint(self._sealer, target),
                code_hash=code_hash,
                sealed=sealer.seal(leads_to, _PURPOSE),
                attempts=0,
                created_at=now,
                expires_at=now + lasts,
            )
        )
        await self._session.flush()
        return code_id

    async def _taken(self, row: OneTimeCodeRow) -> Taken:
        sealer = await self._vault.sealer(row.account_id or row.id)
        leads_to = sealer.open(row.sealed, _PURPOSE) if row.sealed else None
        return Taken(row.id, CodeKind(row.kind), row.account_id, leads_to)

    async def _delete(self, *conditions: Any) -> list[str]:
        rows = await self._session.execute(
            delete(OneTimeCodeRow).where(*conditions).returning(OneTimeCodeRow.id, OneTimeCodeRow.account_id)
        )
        gone = rows.all()
        for code_id, account_id in gone:
            if account_id is None:
                await self._vault.destroy(code_id)
        return [code_id for code_id, _ in gone]

    def _for(self, target: str) -> Any:
        return OneTimeCodeRow.target_fingerprint == fingerprint(self._sealer, target)

    def _hash_of_digits(self, code_id: str, digits: str) -> str:
        # Keyed: a million plain hashes are tried in a second.
        return self._sealer.fingerprint(f"{code_id}:{digits}", _PURPOSE)
