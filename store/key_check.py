"""Does the key file belong to this database? Asked once at start, before a single read fails for a customer."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError
from store.errors import StoreError
from store.schema import MessageRow, OrderRow
from store.sealing import Sealer

# The two tables that fill first, with the purposes that messages.py and orders.py seal for.
_SEALED: Final[tuple[tuple[Any, str], ...]] = ((MessageRow, "message"), (OrderRow, "order"))


async def check_key(session: AsyncSession, sealer: Sealer) -> None:
    """Open one stored value of each kind; an empty database takes any key.

    Raises: StoreError, code key_mismatch.
    """
    for row, purpose in _SEALED:
        sealed = await session.scalar(select(row.sealed).limit(1))
        if sealed is None:
            continue
        try:
            sealer.open(sealed, purpose)
        except DecryptionError:
            raise StoreError(
                "the key file does not open what this database holds; expected the key file that was made with it. "
                "Put that file back (ATTUNE_KEY_FILE) and start again: without it the stored texts stay unreadable.",
                code="key_mismatch",
            ) from None
