"""A new key for everything that is stored, and old keys dropped, while every process goes on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from privacy import COMMAND, KeyRing
from store.database import Database
from store.errors import StoreError
from store.media import MediaStore
from store.ring_values import RESEALED
from store.settings import StoreSettings
from store.tracker_keys import TrackerKeys
from store.transaction import Transaction

_PURPOSE = "keys of the installation"
_RESEALED = RESEALED | {"tracker.attune_keys", "tracker.events"}


@dataclass(frozen=True)
class Resealed:
    """How much was sealed by the current key: people, conversations (the assistant's), and values of nobody.

    events: the assistant's, of earlier versions, that have got their conversation's key.
    """

    people: int
    conversations: int
    values: int
    events: int


@dataclass(frozen=True)
class Rotated:
    """key: the current one now. added: False where the keys come from elsewhere. resealed: what it sealed anew."""

    key: str
    added: bool
    resealed: Resealed


@dataclass(frozen=True)
class Retired:
    """resealed: what was still sealed by an older key. damaged: values that opened with no key, by table and column."""

    resealed: Resealed
    damaged: Mapping[str, int]


class KeyInUse(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """An old key cannot be dropped: something that is stored can be read with it alone."""

    code = "key_in_use"
    retryable = True


class Rotation:
    """Steps of `attune keys`. Each is safe while all processes run, and can be repeated after a kill."""

    def __init__(self, settings: StoreSettings, keyring: KeyRing, db: Database) -> None:
        self._settings = settings
        self._keyring = keyring
        self._db = db
        # Shorter than what writers of the other database wait meanwhile.
        self._tracker = TrackerKeys(settings.tracker_db, keyring, busy_timeout_s=3.0)
        self._media = MediaStore(settings.media_dir, keyring, settings.media_ttl_s)

    async def named(self, key_id: str) -> dict[str, int]:
        """What is stored that only this key opens: number by table and column, of the tracker, and of media."""
        async with self._db.reading() as tx:
            counts = await self._named_beside(tx, key_id)
        return counts | await asyncio.to_thread(self._tracker.count_named, key_id)

    async def rotate(self) -> Rotated:
        """Add a key, make it the current one, and seal everything by it. Raises: PrivacyError, StoreError.

        Keys that come from elsewhere stay as they are: everything is sealed by the one that is current there. Killed in
        between, nothing is lost: both keys are in the ring, and the next rotation goes on.
        """
        async with self._db.transaction() as tx:
            await tx.audit.add(COMMAND, "keys.rotate", purpose=_PURPOSE)
        added = self._keyring.can_rotate
        if added:
            await asyncio.to_thread(self._keyring.rotate)
        return Rotated(self._keyring.current, added, await self._reseal())

    async def _reseal(self) -> Resealed:
        people, after = 0, ""
        while True:
            async with self._db.transaction() as tx:
                last, count = await tx.ring_values.reseal_keys(after)
            people += count
            if last is None:
                break
            after = last
        async with self._db.transaction() as tx:
            values = await tx.ring_values.reseal_nobodys()
        conversations, events = await asyncio.to_thread(self._tracker.reseal)
        return Resealed(people, conversations, values, events)

    async def retire(self, key_id: str) -> Retired:
        """Drop an old key once nothing needs it. Raises: KeyInUse, KeyFileError, StoreError."""
        self._keyring.content.without(key_id)
        resealed = await self._reseal()
        # Both databases are held from the last look to the drop: nobody can store what the old key sealed.
        async with self._db.transaction() as tx, self._held_tracker(key_id) as left:
            after: str | None = ""
            while after is not None:
                after, _ = await tx.ring_values.reseal_keys(after)
            await tx.ring_values.reseal_nobodys()
            left |= await self._named_beside(tx, key_id)
            damaged = {name: left.pop(name) for name in list(left) if name in _RESEALED}
            if left:
                raise KeyInUse(_in_use(key_id, left, self._settings.media_ttl_s))
            details: dict[str, str | int] = {"key": key_id, "damaged": sum(damaged.values())}
            await tx.audit.add(COMMAND, "keys.retire", purpose=_PURPOSE, details=details)
            await asyncio.to_thread(self._keyring.retire, key_id)
        return Retired(resealed, damaged)

    async def _named_beside(self, tx: Transaction, key_id: str) -> dict[str, int]:
        counts = await tx.ring_values.count(key_id)
        media = (await asyncio.to_thread(self._media.named_keys)).get(key_id, 0)
        return counts | ({"media": media} if media else {})

    @asynccontextmanager
    async def _held_tracker(self, key_id: str) -> AsyncIterator[dict[str, int]]:
        held = self._tracker.held(key_id)
        counts = await asyncio.to_thread(held.__enter__)
        try:
            yield counts
        finally:
            await asyncio.to_thread(held.__exit__, None, None, None)


def _in_use(key_id: str, named: dict[str, int], media_ttl_s: float) -> str:
    listed = ", ".join(f"{number} in {where}" for where, number in sorted(named.items()))
    wait = f"Recordings and pictures are gone within {media_ttl_s:g} s. " if "media" in named else ""
    return f"{key_id} cannot be dropped: it seals {listed}; expected nothing. {wait}Try again."
