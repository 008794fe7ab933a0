"""The demo shop, stored once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from recommender import OnnxEncoder, Recommender
from shop.catalogue import SEED, generate_catalogue
from shop.orders import generate_orders, generate_plans
from shop.pricing import Facts, Segment, price
from store import Database, StoreSettings
from vocabulary import Item


@dataclass(frozen=True)
class Seeded:
    """What the shop holds after seeding. was_empty: whether this call has filled it."""

    items: int
    orders: int
    was_empty: bool


async def seed(
    db: Database, settings: StoreSettings | None = None, *, today: date | None = None, seed: int = SEED
) -> Seeded:
    """Fill an empty shop with its catalogue, orders and service plans; a shop that holds anything is left alone.

    settings: with them the search index is built as well, so that the first start of the actions is quick.
    today: the day whose prices hold and from which the orders' dates are counted; the present one if absent.
    """
    async with db.transaction() as tx:
        # Asked and answered in one transaction: of two processes that start at once, one fills the shop.
        items: Sequence[Item] = await tx.catalogue.items()
        orders = await tx.orders.count()
        was_empty = not items and not orders
        if was_empty:
            day = today or datetime.now(UTC).date()
            items = [_priced(item, day) for item in generate_catalogue(seed)]
            new_orders = generate_orders(items, day, seed)
            await tx.catalogue.replace_all(items)
            await tx.orders.add_many(new_orders)
            await tx.orders.add_plans(generate_plans(items, day, seed))
            orders = len(new_orders)
    if settings is not None:
        await asyncio.to_thread(_build_index, tuple(items), settings)
    return Seeded(items=len(items), orders=orders, was_empty=was_empty)


def _priced(item: Item, day: date) -> Item:
    if item.price is None or item.stock is None:
        return item
    facts = Facts(list_price=item.price, segment=Segment.EVERYONE, stock=item.stock, on=day)
    return replace(item, price=price(facts).amount)


def _build_index(items: Sequence[Item], settings: StoreSettings) -> None:
    Recommender.open(settings.index_dir, OnnxEncoder(settings.catalogue_encoder_dir), items=items)
