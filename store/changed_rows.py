"""How many rows a statement has changed."""

from typing import Any

from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession


async def changed_rows(session: AsyncSession, statement: Any) -> int:
    """Run a DELETE or an UPDATE; gives the number of its rows."""
    result: CursorResult[Any] = await session.execute(statement)  # type: ignore[assignment]
    return int(result.rowcount)
