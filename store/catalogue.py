"""The catalogue of the shop."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.errors import NotFound, StoreError
from store.money import from_cents, to_cents
from store.schema import CounterRow, ItemRow
from vocabulary import Item, Relation, RelationKind

_VERSION = "catalogue"


class Catalogue:
    """Repository of items, in the order in which they were given."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def replace_all(self, items: Sequence[Item]) -> None:
        """Make these the catalogue. Raises: StoreError (code item_invalid)."""
        _check(items)
        await self._session.execute(delete(ItemRow))
        self._session.add_all(_to_row(position, item) for position, item in enumerate(items))
        await self._session.flush()
        await self._bump()

    async def items(self) -> list[Item]:
        """Every item."""
        return [_from_row(row) for row in await self._session.scalars(_ordered(select(ItemRow)))]

    async def get(self, item_id: str) -> Item | None:
        """One item, or None."""
        row = await self._session.get(ItemRow, item_id)
        return None if row is None else _from_row(row)

    async def page(
        self,
        *,
        category: str | None = None,
        text: str | None = None,
        offset: int = 0,
        limit: int = 24,
    ) -> tuple[list[Item], int]:
        """One page of items, and how many there are in all. text: every word must occur, in any case."""
        query = select(ItemRow)
        if category:
            query = query.where(ItemRow.category == category)
        for word in (text or "").lower().split():
            query = query.where(ItemRow.search.contains(word, autoescape=True))
        total = await self._session.scalar(select(func.count()).select_from(query.subquery()))
        rows = await self._session.scalars(_ordered(query).offset(max(0, offset)).limit(max(0, limit)))
        return [_from_row(row) for row in rows], total or 0

    async def categories(self) -> list[str]:
        """The categories in use, by name."""
        rows = await self._session.scalars(select(ItemRow.category).distinct().order_by(ItemRow.category))
        return list(rows)

    async def set_stock(self, item_id: str, stock: int) -> None:
        """Change how many pieces there are. Raises: NotFound, StoreError (code item_invalid)."""
        if stock < 0:
            raise StoreError(f"stock of {item_id!r} is {stock}; expected 0 or more.", code="item_invalid")
        row = await self._session.get(ItemRow, item_id)
        if row is None:
            raise NotFound("item", item_id)
        row.stock = stock
        await self._session.flush()
        await self._bump()

    async def version(self) -> int:
        """Grows with every change of the catalogue; 0 before the first."""
        row = await self._session.get(CounterRow, _VERSION)
        return 0 if row is None else row.value

    async def _bump(self) -> None:
        row = await self._session.get(CounterRow, _VERSION, with_for_update=True)
        if row is None:
            self._session.add(CounterRow(name=_VERSION, value=1))
        else:
            row.value += 1
        await self._session.flush()


def _ordered(query: Select[tuple[ItemRow]]) -> Select[tuple[ItemRow]]:
    return query.order_by(ItemRow.position)


def _check(items: Sequence[Item]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise StoreError(f"item id {item.id!r} occurs twice; expected each once.", code="item_invalid")
        seen.add(item.id)
        if item.price < Decimal(0) or item.stock < 0:
            raise StoreError(
                f"item {item.id!r} has price {item.price} and stock {item.stock}; expected 0 or more.",
                code="item_invalid",
            )


def _to_row(position: int, item: Item) -> ItemRow:
    return ItemRow(
        id=item.id,
        position=position,
        title=item.title,
        description=item.description,
        category=item.category,
        price_cents=to_cents(item.price),
        stock=item.stock,
        attributes=dict(item.attributes),
        relations=[[relation.kind.value, relation.target_id] for relation in item.relations],
        search=f"{item.title}\n{item.description}\n{item.category}".lower(),
    )


def _from_row(row: ItemRow) -> Item:
    return Item(
        id=row.id,
        title=row.title,
        description=row.description,
        category=row.category,
        price=from_cents(row.price_cents),
        stock=row.stock,
        attributes=row.attributes,
        relations=tuple(Relation(RelationKind(kind), target) for kind, target in row.relations),
    )
