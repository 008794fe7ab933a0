"""Each person's own key: what is sealed with it becomes unreadable when it is destroyed."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DataKey, DecryptionError, KeyRing, key_id_of
from store.changed_rows import changed_rows
from store.key_cache import KeyCache
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


class _Owned(NamedTuple):
    owner: str
    key: DataKey


class Vault:
    """The persons' keys, for one transaction. owner: a customer's pseudonym (p_…) or an account's id."""

    def __init__(self, session: AsyncSession, keyring: KeyRing, cache: KeyCache | None = None) -> None:
        self._session = session
        self._keyring = keyring
        self._cache = cache or KeyCache()
        self._keys: dict[str, DataKey] = {}
        self._sealers: dict[str, PersonSealer] = {}
        self._owners: dict[str, str] = {}

    async def sealer(self, owner: str) -> PersonSealer:
        """What seals and opens one person's values; their key is made at its first use, so ask for it to write only."""
        if owner not in self._sealers:
            keys = await self._load(PersonKeyRow.owner == owner)
            self._sealers[owner] = await self._with_current(owner, keys)
        return self._sealers[owner]

    async def sealer_of_conversation(self, conversation_id: str) -> PersonSealer:
        """The same for the customer of a conversation; an id that is no conversation owns a key of its own."""
        known = self._owners.get(conversation_id)
        if known is not None:
            return await self.sealer(known)
        of_conversation = select(ConversationRow.customer_id).where(ConversationRow.id == conversation_id)
        # Nearly always there is a key, and one question answers both.
        keys = await self._load(PersonKeyRow.owner == of_conversation.scalar_subquery())
        owner = keys[0].owner if keys else await self._session.scalar(of_conversation) or conversation_id
        self._owners[conversation_id] = owner
        if not keys:
            return await self.sealer(owner)
        if owner not in self._sealers:
            self._sealers[owner] = await self._with_current(owner, keys)
        return self._sealers[owner]

    async def opener(self, tokens: Iterable[str | None]) -> PersonSealer:
        """What opens these values, whosever they are; it seals nothing."""
        wanted = {key_id for token in tokens if token and (key_id := key_id_of(token))} - self._keys.keys()
        self._keys.update({key_id: key for key_id in wanted if (key := self._cache.get(key_id))})
        missing = wanted - self._keys.keys()
        if missing:
            await self._load(PersonKeyRow.id.in_(missing))
        return PersonSealer(self._keyring, self._keys, None)

    async def open(self, sealed: str, purpose: str) -> Any:
        """Decrypt one value, whosever it is. Raises: DecryptionError, code key_destroyed once the person was erased."""
        return (await self.opener([sealed])).open(sealed, purpose)

    async def destroy(self, owner: str) -> int:
        """Delete a person's keys; gives their number. What they sealed cannot be read again by anyone."""
        for key_id in await self._session.scalars(select(PersonKeyRow.id).where(PersonKeyRow.owner == owner)):
            self._keys.pop(key_id, None)
            self._cache.drop(key_id)
        self._sealers.pop(owner, None)
        return await changed_rows(self._session, delete(PersonKeyRow).where(PersonKeyRow.owner == owner))

    async def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give a guest's keys to the customer that the guest turned out to be; nothing is sealed anew."""
        await self._session.execute(update(PersonKeyRow).where(PersonKeyRow.owner == old_owner).values(owner=new_owner))
        self._sealers.pop(old_owner, None)
        self._sealers.pop(new_owner, None)
        self._owners.clear()

    async def _with_current(self, owner: str, keys: Sequence[_Owned]) -> PersonSealer:
        current = keys[-1].key if keys else await self._make(owner)
        await self._session.flush()
        return PersonSealer(self._keyring, self._keys, current)

    async def _load(self, condition: Any) -> list[_Owned]:
        rows = await self._session.execute(
            select(PersonKeyRow.owner, PersonKeyRow.id, PersonKeyRow.wrapped)
            .where(condition)
            .order_by(PersonKeyRow.created_at, PersonKeyRow.id)
        )
        found = [_Owned(owner, DataKey.unwrap(key_id, wrapped, self._keyring)) for owner, key_id, wrapped in rows]
        for one in found:
            self._keys[one.key.id] = one.key
            self._cache.put(one.key)
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
