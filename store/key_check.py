"""Does the key file belong to this database? Asked once at start, before a single read fails for a customer."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DataKey, DecryptionError, key_id_of
from store.errors import StoreError
from store.schema import MessageRow, OrderRow, PersonKeyRow
from store.sealing import Sealer

# The two tables that filled first while the key ring itself sealed them, with their purposes.
_SEALED: Final[tuple[tuple[Any, str], ...]] = ((MessageRow, "message"), (OrderRow, "order"))


async def check_key(session: AsyncSession, sealer: Sealer) -> None:
    """Open one person's key, and one value of earlier versions of each kind; an empty database takes any key.

    Raises: StoreError, code key_mismatch.
    """
    key = await session.scalar(select(PersonKeyRow).limit(1))
    try:
        if key is not None:
            DataKey.unwrap(key.id, key.wrapped, sealer.keyring)
        await _open_earlier(session, sealer)
    except DecryptionError:
        raise key_mismatch() from None


def key_mismatch() -> StoreError:
    """For a key file that is another database's."""
    return StoreError(
        "the key file does not open what this database holds; expected the key file that was made with it. "
        "Put that file back (ATTUNE_KEY_FILE) and start again: without it the stored texts stay unreadable.",
        code="key_mismatch",
    )


async def _open_earlier(session: AsyncSession, sealer: Sealer) -> None:
    for row, purpose in _SEALED:
        sealed = await session.scalar(select(row.sealed).limit(1))
        if sealed is not None and key_id_of(sealed) is None:
            sealer.open(sealed, purpose)
