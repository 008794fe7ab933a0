"""`attune catalogue`: what the shop offers; take it in from a file, look at it, change it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

import typer

from cli import program
from cli.catalogue_import import import_file
from cli.catalogue_index import index_catalogue, sync_index
from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import COMMAND
from recommender import propose_relations
from store import NotFound, StoreSettings, Transaction
from vocabulary import Item, Relation, RelationKind, say_price

PURPOSE: Final = "running the shop"
MOST: Final = Decimal(10) ** 12
app = typer.Typer(help="What the shop offers.", no_args_is_help=True)
app.command("import")(import_file)
app.command("index")(index_catalogue)
app.add_typer(program.app, name="key")
NoIndex = Annotated[bool, typer.Option("--no-index", help="Leave the index for later: attune catalogue index.")]


@app.command("list")
@reports_errors
def list_items(
    text: Annotated[str | None, typer.Argument(help="Words that must occur in title, description or category.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Show at most so many.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Show items, in the order in which they came in."""

    async def run() -> tuple[list[Item], int]:
        async with opened_database(StoreSettings()) as db, db.reading() as tx:
            return await tx.catalogue.page(category=category, text=text, offset=offset, limit=limit)

    items, total = asyncio.run(run())
    if as_json:
        print_json({"total": total, "items": [_shown(item) for item in items]})
        return
    for item in items:
        typer.echo(f"{say_price(item):>16}  {_stock_words(item):>9}  {item.title}  [{item.id}]  {item.category}")
    notes.print(f"{len(items)} of {total} items.", markup=False)


@app.command("show")
@reports_errors
def show_item(item_id: Annotated[str, typer.Argument(help="Its id.")], as_json: AsJson = False) -> None:
    """Show everything about one item."""

    async def run() -> Item:
        async with opened_database(StoreSettings()) as db, db.reading() as tx:
            return await _item(tx, item_id)

    shown = _shown(asyncio.run(run()))
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        typer.echo(f"{name}: {value if value is not None else '-'}")


@app.command("delete")
@reports_errors
def delete_items(
    item_ids: Annotated[list[str], typer.Argument(help="Ids of the items.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    no_index: NoIndex = False,
    as_json: AsJson = False,
) -> None:
    """Take items out of the catalogue. An unknown id stops it, and nothing is deleted."""
    settings = StoreSettings()
    asked = list(dict.fromkeys(item_ids))

    async def known() -> list[Item]:
        async with opened_database(settings) as db, db.reading() as tx:
            return [await _item(tx, item_id) for item_id in asked]

    async def run() -> int:
        async with opened_database(settings, upgrade=False) as db, db.transaction() as tx:
            gone = await tx.catalogue.remove(asked)
            await tx.audit.add(COMMAND, "catalogue.delete", purpose=PURPOSE, details={"items": gone})
            return gone

    found = asyncio.run(known())
    if not (yes or as_json):
        for item in found:
            notes.print(f"{item.title} [{item.id}]", markup=False)
        typer.confirm(f"Delete {len(found)} item{'s' if len(found) != 1 else ''}?", abort=True, err=True)
    gone = asyncio.run(run())
    if not no_index:
        sync_index(settings, quiet=as_json)
    if as_json:
        print_json({"deleted": gone})
    else:
        notes.print(f"Deleted {gone}.")


@app.command("set")
@reports_errors
def set_values(
    item_id: Annotated[str, typer.Argument(help="Its id.")],
    price: Annotated[str | None, typer.Option(help='Such as 19.99; "none" for a price on request.')] = None,
    stock: Annotated[str | None, typer.Option(help='Pieces; "none" if they are not counted.')] = None,
    title: Annotated[str | None, typer.Option(help="What the item is called.")] = None,
    description: Annotated[str | None, typer.Option(help="What customers read about it.")] = None,
    no_index: NoIndex = False,
    as_json: AsJson = False,
) -> None:
    """Change one item. A new price or stock needs no new embedding."""
    changes: dict[str, Any] = {}
    if price is not None:
        changes["price"] = _price(price, as_json)
    if stock is not None:
        changes["stock"] = _stock(stock, as_json)
    if title is not None:
        if not title.strip() or len(title) > 300:
            fail(f"title has {len(title)} characters; expected 1 to 300.", code="item_invalid", as_json=as_json)
        changes["title"] = title.strip()
    if description is not None:
        changes["description"] = description.strip()
    if not changes:
        fail(
            "name what to change: --price, --stock, --title or --description.", code="usage", as_json=as_json, status=2
        )
    settings = StoreSettings()

    async def run() -> Item:
        async with opened_database(settings) as db, db.transaction() as tx:
            item = replace(await _item(tx, item_id), **changes)
            await tx.catalogue.put([item])
            details = dict.fromkeys(changes, True)
            await tx.audit.add(COMMAND, "catalogue.change", purpose=PURPOSE, details={"item": item_id, **details})
            return item

    item = asyncio.run(run())
    if not no_index and changes.keys() - {"price", "stock"}:
        sync_index(settings, quiet=as_json)
    if as_json:
        print_json(_shown(item))
    else:
        notes.print(f"{item.title}: {say_price(item)}, {_stock_words(item)}.", markup=False)


@app.command("relations")
@reports_errors
def relations(
    take: Annotated[bool, typer.Option("--take", help="Take every proposed relation.")] = False,
    item_id: Annotated[str | None, typer.Option("--item", help="Only of this item.")] = None,
    accessory_of: Annotated[
        list[str] | None, typer.Option(help="With --item: add that it is an accessory of this id.")
    ] = None,
    spare_part_of: Annotated[
        list[str] | None, typer.Option(help="With --item: add that it is a spare part of.")
    ] = None,
    replacement_for: Annotated[list[str] | None, typer.Option(help="With --item: add that it replaces.")] = None,
    service_plan_for: Annotated[list[str] | None, typer.Option(help="With --item: add that it is a plan for.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which relations between items their titles and descriptions suggest; take them, or add others by hand."""
    given = [
        Relation(kind, target)
        for kind, targets in (
            (RelationKind.ACCESSORY_OF, accessory_of),
            (RelationKind.SPARE_PART_OF, spare_part_of),
            (RelationKind.REPLACEMENT_FOR, replacement_for),
            (RelationKind.SERVICE_PLAN_FOR, service_plan_for),
        )
        for target in targets or ()
    ]
    if given and item_id is None:
        fail("name the item that these relations are of: --item ID.", code="usage", as_json=as_json, status=2)

    async def run() -> tuple[list[dict[str, Any]], int]:
        async with opened_database(StoreSettings()) as db:
            async with db.reading() as tx:
                items = await tx.catalogue.items()
            by_id = {item.id: item for item in items}
            for one in [item_id, *(relation.target_id for relation in given)]:
                if one is not None and one not in by_id:
                    raise NotFound("item", one)
            proposals = [one for one in propose_relations(items) if item_id in (None, one.item_id)]
            added: dict[str, list[Relation]] = {}
            if given and item_id is not None:
                added[item_id] = given
            for proposal in proposals if take else ():
                added.setdefault(proposal.item_id, []).append(proposal.relation)
            if added:
                async with db.transaction() as tx:
                    await tx.catalogue.put([_with(by_id[key], more) for key, more in added.items()])
                    count = sum(map(len, added.values()))
                    await tx.audit.add(COMMAND, "catalogue.relations", purpose=PURPOSE, details={"added": count})
            return [proposal.to_dict() for proposal in proposals], sum(map(len, added.values()))

    proposed, added = asyncio.run(run())
    if as_json:
        print_json({"proposed": proposed, "added": added})
        return
    for one in proposed:
        typer.echo(f"{one['item']} is {one['kind'].replace('_', ' ')} {one['target']}  ({one['why']})")
    notes.print(f"{len(proposed)} proposed, {added} added." + ("" if take or given else " Take them with --take."))


def _with(item: Item, more: Sequence[Relation]) -> Item:
    return replace(item, relations=tuple(dict.fromkeys((*item.relations, *more))))


async def _item(tx: Transaction, item_id: str) -> Item:
    item = await tx.catalogue.get(item_id)
    if item is None:
        raise NotFound("item", item_id)
    return item


def _price(words: str, as_json: bool) -> Decimal | None:
    if words.strip().lower() == "none":
        return None
    try:
        value = Decimal(words.strip()).quantize(Decimal("0.01"))
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= MOST):
        fail(
            f"price {words!r} is no amount of 0 or more; expected one such as 19.99, or none.",
            code="item_invalid",
            as_json=as_json,
        )
    return value


def _stock(words: str, as_json: bool) -> int | None:
    if words.strip().lower() == "none":
        return None
    if not (words.strip().isascii() and words.strip().isdigit() and len(words.strip()) < 10):
        fail(f"stock {words!r} is no count; expected 0 or more pieces, or none.", code="item_invalid", as_json=as_json)
    return int(words)


def _stock_words(item: Item) -> str:
    return "uncounted" if item.stock is None else f"{item.stock} pcs"


def _shown(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "price": None if item.price is None else float(item.price),
        "currency": item.currency,
        "stock": item.stock,
        "category": item.category,
        "path": list(item.categories),
        "description": item.description,
        "attributes": dict(item.attributes),
        "relations": [{"kind": relation.kind.value, "target": relation.target_id} for relation in item.relations],
        "image": item.image,
        "url": item.url,
    }
