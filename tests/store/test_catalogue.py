"""The catalogue as it changes: versions, two at once, large ones, and what others are told."""

import asyncio
import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from privacy import KeyRing
from store import Database, ItemChanged, NotFound, StoreError, StoreSettings
from tests.store.migrating import migrate
from vocabulary import Item, Relation, RelationKind


def item(number: int, **changes: object) -> Item:
    plain = Item(
        f"item-{number}",
        f"Kettle {number}",
        "Boils water.",
        "kettles",
        Decimal("29.90"),
        3,
        {"colour": "red"},
        relations=(Relation(RelationKind.ACCESSORY_OF, "item-0"),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def priced(price: str) -> Callable[[Item], Item]:
    return lambda before: replace(before, price=Decimal(price))


async def test_only_what_differs_gets_a_new_version(db: Database) -> None:
    async with db.transaction() as tx:
        first = await tx.catalogue.replace_all([item(0), item(1), item(2)])
        second = await tx.catalogue.replace_all([item(2), item(0), item(1, stock=None), item(3, price=None)])
        told = await tx.catalogue.changes(first)
        assert ([one.id for one in told.items], told.removed, told.whole) == (["item-1", "item-3"], (), False)
        assert [one.id for one in await tx.catalogue.items()] == ["item-2", "item-0", "item-1", "item-3"]
        third = await tx.catalogue.replace_all([item(3, price=None)])
        told = await tx.catalogue.changes(second)
        assert sorted(told.removed) == ["item-0", "item-1", "item-2"] and told.items == ()
        await tx.catalogue.put([item(1)])
        told = await tx.catalogue.changes(third)
        assert ([one.id for one in told.items], told.removed) == (["item-1"], ()), "what is back was not removed"


async def test_of_two_changes_at_once_one_is_told_that_the_other_was_faster(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([item(0)])
        seen = await tx.catalogue.stored("item-0")
    assert seen is not None

    async def change(price: str) -> int:
        async with db.transaction() as tx:
            return (await tx.catalogue.change("item-0", priced(price), expected=seen.version)).version

    results = await asyncio.gather(change("10.00"), change("20.00"), return_exceptions=True)
    won = [one for one in results if isinstance(one, int)]
    lost = [one for one in results if isinstance(one, ItemChanged)]
    assert len(won) == len(lost) == 1 and lost[0].version == won[0] > seen.version
    async with db.transaction() as tx:
        with pytest.raises(ItemChanged):
            await tx.catalogue.remove(["item-0"], expected=seen.version)
        assert await tx.catalogue.remove(["item-0"], expected=won[0]) == 1
        with pytest.raises(NotFound):
            await tx.catalogue.remove(["item-0"], expected=won[0])
        with pytest.raises(NotFound):
            await tx.catalogue.change("item-0", priced("1.00"))


async def test_an_item_is_added_once(db: Database) -> None:
    async def add() -> int:
        async with db.transaction() as tx:
            return (await tx.catalogue.add(item(0))).version

    results = await asyncio.gather(add(), add(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["ItemChanged", "int"]


async def test_a_change_that_changes_nothing_keeps_the_version(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([item(0)])
        before = await tx.catalogue.stored("item-0")
        assert await tx.catalogue.change("item-0", lambda one: one) == before


@pytest.mark.parametrize("price", [Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity")])
async def test_an_item_that_cannot_be_changes_nothing(db: Database, price: Decimal) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([item(0), item(1)])
        before = await tx.catalogue.version()
    for wrong in (lambda tx: tx.catalogue.put([item(2), item(1, price=price)]),
                  lambda tx: tx.catalogue.change("item-1", lambda one: replace(one, price=price)),
                  lambda tx: tx.catalogue.change_many({"item-1": lambda one: replace(one, stock=-1)})):  # fmt: skip
        with pytest.raises(StoreError, match="expected"):
            async with db.transaction() as tx:
                await wrong(tx)
    async with db.reading() as tx:
        assert await tx.catalogue.version() == before and await tx.catalogue.items() == [item(0), item(1)]


async def test_many_are_changed_at_once_and_unknown_ones_are_named(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([item(number) for number in range(1200)])
        before = await tx.catalogue.version()
        changes = {f"item-{number}": priced("9.50") for number in range(1000, 1400)}
        assert await tx.catalogue.change_many(changes) == {f"item-{number}" for number in range(1200, 1400)}
        told = await tx.catalogue.changes(before)
        assert len(told.items) == 200 and {one.price for one in told.items} == {Decimal("9.50")}


async def test_any_order_of_changes_ends_where_plain_lists_end(db: Database) -> None:
    """A follower that asks for changes holds what the catalogue holds, whatever was done."""
    choose = random.Random(20_260_301)
    expected: dict[str, Item] = {}
    follower: dict[str, Item] = {}
    seen = 0
    for _ in range(150):
        async with db.transaction() as tx:
            kind = choose.choice(["replace", "put", "remove", "change"])
            some = [item(number, stock=choose.randrange(5)) for number in choose.sample(range(12), choose.randrange(6))]
            if kind == "replace" and choose.random() < 0.3:
                await tx.catalogue.replace_all(some)
                expected = {one.id: one for one in some}
            elif kind == "remove":
                await tx.catalogue.remove([one.id for one in some])
                expected = {key: one for key, one in expected.items() if key not in {gone.id for gone in some}}
            elif kind == "change":
                await tx.catalogue.change_many({one.id: priced("1.00") for one in some})
                changed = {one.id for one in some}
                expected = {key: priced("1.00")(one) if key in changed else one for key, one in expected.items()}
            else:
                await tx.catalogue.put(some)
                expected |= {one.id: one for one in some}
        async with db.reading() as tx:
            told = await tx.catalogue.changes(seen)
            assert {one.id: one for one in await tx.catalogue.items()} == expected
        follower = {} if told.whole else {key: one for key, one in follower.items() if key not in told.removed}
        follower |= {one.id: one for one in told.items}
        seen = told.version
        assert follower == expected


async def test_a_large_catalogue_is_written_anew_in_bounded_memory_and_time(db: Database) -> None:
    many = [item(number, attributes={"size": str(number)}) for number in range(20_000)]
    async with db.transaction() as tx:
        await tx.catalogue.replace_all(many)
    tracemalloc.start()
    started = time.monotonic()
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([*many[:-1], replace(many[-1], stock=0)])
    spent_s, peak = time.monotonic() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Rows kept by a session were 3 kB each; a place and a digest are a tenth of it.
    assert peak < 20_000 * 1000, f"{peak / 20_000:.0f} bytes an item"
    assert spent_s < 60


async def test_going_back_to_the_version_before_never_calls_a_price_of_another_currency_euros(
    db: Database, settings: StoreSettings, keyring: KeyRing
) -> None:
    odd = [item(1, currency="USD"), item(2, price=None), item(3, stock=None), item(4, price=Decimal(10) ** 11)]
    async with db.transaction() as tx:
        await tx.catalogue.replace_all([item(0), *odd])
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, "0010")
    await asyncio.to_thread(migrate, settings, keyring, "head")
    again = Database(settings, keyring)
    await again.upgrade()
    async with again.reading() as tx:
        assert await tx.catalogue.items() == [item(0)]
        assert (await tx.catalogue.changes(0)).whole
    await again.close()
