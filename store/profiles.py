"""What a customer likes and wants, in their own words and choices; sealed by their key."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import ensure_customer
from store.schema import ProfileRow
from store.vault import Vault

_PURPOSE: Final = "profile"


@dataclass(frozen=True)
class Profile:
    """interests: free words. liked, disliked: categories of the catalogue. recommendations: False: suggest nothing
    that was not asked for. Nothing here is derived: it holds only what the customer has entered."""

    interests: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    recommendations: bool = True


class Profiles:
    """Repository of profiles, at most one for each customer."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, customer_id: str) -> Profile:
        """The profile; an empty one for a customer who has entered nothing."""
        row = await self._session.get(ProfileRow, customer_id)
        if row is None:
            return Profile()
        raw: Mapping[str, Any] = await self._vault.open(row.sealed, _PURPOSE)
        return Profile(
            tuple(raw["interests"]), tuple(raw["liked"]), tuple(raw["disliked"]), bool(raw["recommendations"])
        )

    async def put(self, customer_id: str, profile: Profile) -> None:
        """Keep a profile in place of the one before."""
        now = datetime.now(UTC)
        await ensure_customer(self._session, customer_id, now)
        sealed = (await self._vault.sealer(customer_id)).seal(asdict(profile), _PURPOSE)
        row = await self._session.get(ProfileRow, customer_id)
        if row is None:
            self._session.add(ProfileRow(customer_id=customer_id, sealed=sealed, changed_at=now))
        else:
            row.sealed, row.changed_at = sealed, now
        await self._session.flush()

    async def join(self, guest_id: str, customer_id: str) -> None:
        """Put a guest's profile into a customer's: what both have entered; the customer's word where they differ."""
        row = await self._session.get(ProfileRow, guest_id)
        if row is None:
            return
        theirs, own = await self.get(guest_id), await self.get(customer_id)
        liked = _both(own.liked, [one for one in theirs.liked if one not in own.disliked])
        disliked = _both(own.disliked, [one for one in theirs.disliked if one not in liked])
        has_own = await self._session.get(ProfileRow, customer_id) is not None
        await self._session.delete(row)
        await self.put(
            customer_id,
            Profile(
                _both(own.interests, theirs.interests),
                liked,
                disliked,
                own.recommendations if has_own else theirs.recommendations,
            ),
        )


def _both(own: tuple[str, ...], theirs: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own, *theirs)))
