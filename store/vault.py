"""Each person's own key: what is sealed with it becomes unreadable when it is destroyed."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DataKey, DecryptionError, KeyRing, key_id_of
from store.schema import ConversationRow, ErasedIdRow, PersonKeyRow

_ERASED: Final = "erased-id"


def erased_mark(keyring: KeyRing, kept_id: str) -> str:
    """What is kept of an erased id: its keyed fingerprint."""
    return keyring.fingerprint(kept_id, purpose=_ERASED)


class PersonSealer:
    """Seals one person's values, and opens those of every person whose key was asked for."""

    def __init__(self, keyring: KeyRing, keys: dict[str, DataKey], current: DataKey | None) -> None:
        self._keyring = keyring
        self._keys = keys
        self._current = current

    def seal(self, value: Any, purpose: str) -> str:
        """Encrypt a value that JSON can hold."""
        if self._current is None:
            raise DecryptionError("this sealer only opens; expected one of Vault.sealer().", code="no_key")
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return self._current.encrypt(data, purpose=purpose)

    def open(self, sealed: str, purpose: str) -> Any:
        """Decrypt what seal() made for the same purpose, and what the installation's own key sealed in earlier
        versions. Raises: DecryptionError, code key_destroyed once the person was erased."""
        key_id = key_id_of(sealed)
        if key_id is None:
            data = self._keyring.decrypt(sealed, purpose=purpose)
        else:
            key = self._keys.get(key_id)
            if key is None:
                raise DecryptionError(
                    f"key {key_id} is not stored: the person whose data this was has been erased.",
                    code="key_destroyed",
                )
            data = key.decrypt(sealed, purpose=purpose)
        return json.loads(data.decode("utf-8", "surrogatepass"))


class Vault:
    """The persons' keys, for one transaction. owner: a customer's pseudonym (p_…) or an account's id."""

    def __init__(self, session: AsyncSession, keyring: KeyRing) -> None:
        self._session = session
        self._keyring = keyring
        self._keys: dict[str, DataKey] = {}
        self._sealers: dict[str, PersonSealer] = {}

    async def sealer(self, owner: str) -> PersonSealer:
        """What seals and opens one person's values; their key is made at its first use, so ask for it to write only."""
        if owner not in self._sealers:
            keys = await self._load(PersonKeyRow.owner == owner)
            current = keys[-1] if keys else await self._make(owner)
            await self._session.flush()
            self._sealers[owner] = PersonSealer(self._keyring, self._keys, current)
        return self._sealers[owner]

    async def sealer_of_conversation(self, conversation_id: str) -> PersonSealer:
        """The same for the customer of a conversation; an id that is no conversation owns a key of its own."""
        owner = await self._session.scalar(
            select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
        )
        return await self.sealer(owner or conversation_id)

    async def opener(self, tokens: Iterable[str | None]) -> PersonSealer:
        """What opens these values, whosever they are; it seals nothing."""
        wanted = {key_id for token in tokens if token and (key_id := key_id_of(token))} - self._keys.keys()
        if wanted:
            await self._load(PersonKeyRow.id.in_(wanted))
        return PersonSealer(self._keyring, self._keys, None)

    async def open(self, sealed: str, purpose: str) -> Any:
        """Decrypt one value, whosever it is. Raises: DecryptionError, code key_destroyed once the person was erased."""
        return (await self.opener([sealed])).open(sealed, purpose)

    async def destroy(self, owner: str) -> int:
        """Delete a person's keys; gives their number. What they sealed cannot be read again by anyone."""
        for key_id in await self._session.scalars(select(PersonKeyRow.id).where(PersonKeyRow.owner == owner)):
            self._keys.pop(key_id, None)
        self._sealers.pop(owner, None)
        result: CursorResult[Any] = await self._session.execute(  # type: ignore[assignment]
            delete(PersonKeyRow).where(PersonKeyRow.owner == owner)
        )
        return result.rowcount

    async def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give a guest's keys to the customer that the guest turned out to be; nothing is sealed anew."""
        await self._session.execute(update(PersonKeyRow).where(PersonKeyRow.owner == old_owner).values(owner=new_owner))
        self._sealers.pop(old_owner, None)
        self._sealers.pop(new_owner, None)

    async def _load(self, condition: Any) -> list[DataKey]:
        rows = await self._session.scalars(
            select(PersonKeyRow).where(condition).order_by(PersonKeyRow.created_at, PersonKeyRow.id)
        )
        found = [DataKey.unwrap(row.id, row.wrapped, self._keyring) for row in rows]
        self._keys.update({key.id: key for key in found})
        return found

    async def _make(self, owner: str) -> DataKey:
        # A turn that was under way must not bring back who was erased meanwhile.
        if await self._session.get(ErasedIdRow, erased_mark(self._keyring, owner)) is not None:
            raise DecryptionError(
                "no key is made for this owner: the person has been erased. Whatever was under way for them ends here.",
                code="key_destroyed",
            )
        key = DataKey.new()
        self._keys[key.id] = key
        self._session.add(
            PersonKeyRow(id=key.id, owner=owner, wrapped=key.wrap(self._keyring), created_at=datetime.now(UTC))
        )
        return key
