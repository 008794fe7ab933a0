"""A catalogue in memory, in place of the database behind the storefront."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from vocabulary import Item, Relation, RelationKind

_ROWS = (
    ("kettle-1", "Norrvale Bruna kettle, cream", "Kettles", "49.90", 24),
    ("kettle-2", "Norrvale Bruna kettle, slate", "Kettles", "49.90", 3),
    ("toaster-1", "Norrvale Solo toaster, sand", "Toasters", "39.00", 11),
    ("coffee-1", "Halden Morgen filter coffee machine, black", "Coffee machines", "89.00", 9),
    ("espresso-1", "Halden Crema espresso machine, steel", "Coffee machines", "349.00", 4),
    ("headphones-1", "Vessel Quiet headphones, sand", "Headphones", "89.00", 15),
    ("earbuds-1", "Vessel Mini earbuds, white", "Headphones", "59.00", 0),
    ("tv-1", "Orlo Panorama television, 55 inch", "Televisions", "699.00", 6),
    ("vacuum-1", "Brisk Glide cordless vacuum cleaner, red", "Vacuum cleaners", "219.00", 8),
    ("robot-1", "Brisk Orbit robot vacuum, white", "Vacuum cleaners", "329.00", 5),
    ("washer-1", "Lindo Pure washing machine, 8 kg", "Washing machines and dryers", "499.00", 7),
    ("fridge-1", "Lindo Still fridge, cream", "Fridges and freezers", "629.00", 2),
)
_SPARE = Item(
    id="kettle-1-filter",
    title="Limescale filter for Bruna kettle",
    description="Keeps limescale out of the cup. Rinse it once a month.",
    category="Kettles",
    price=Decimal("6.90"),
    stock=40,
    attributes={"material": "steel"},
    relations=(Relation(RelationKind.SPARE_PART_OF, "kettle-1"),),
)
OVEN = Item(
    id="oven-1",
    title="Lindo Hearth steam oven, made to measure",
    description="Built for your kitchen. We measure, build it in and explain it.",
    category="Ovens",
    price=None,
    stock=None,
    attributes={"width": "60 to 90 cm"},
    image="https://pictures.example/oven.svg",
)
WATCH = Item(
    id="watch-1",
    title="Orlo Alp watch, steel",
    description="Winds itself while you walk.",
    category="Watches",
    price=Decimal("240.00"),
    stock=2,
    attributes={},
    image="https://elsewhere.example/watch.png",
    currency="CHF",
)
IMAGE_HOSTS = ("pictures.example",)
"""What the page may load; the watch's picture lies elsewhere, as it would after a change behind the page's back."""


class FakeCatalogue:
    """The repository's reading half."""

    def __init__(self) -> None:
        made = [
            Item(
                id=id_,
                title=title,
                description=f"{title}. Made to be repaired: every part of it can be bought again.",
                category=category,
                price=Decimal(price),
                stock=stock,
                attributes={"colour": title.rsplit(", ", 1)[-1], "guarantee": "3 years"},
            )
            for id_, title, category, price, stock in _ROWS
        ]
        self._items = [*made[:2], _SPARE, *made[2:]]

    def add(self, *items: Item) -> None:
        """More items, at the end."""
        self._items += items

    async def get(self, item_id: str) -> Item | None:
        return next((item for item in self._items if item.id == item_id), None)

    async def page(
        self, *, category: str | None = None, text: str | None = None, offset: int = 0, limit: int = 24
    ) -> tuple[list[Item], int]:
        found = [
            item
            for item in self._items
            if (category is None or item.category == category)
            and all(word in f"{item.title} {item.description}".lower() for word in (text or "").lower().split())
        ]
        return found[offset : offset + limit], len(found)

    async def version(self) -> int:
        return 1

    async def image_hosts(self) -> list[str]:
        return list(IMAGE_HOSTS)

    async def categories(self) -> list[str]:
        return sorted({item.category for item in self._items})


class FakeDatabase:
    """`async with db.reading() as tx: tx.catalogue` and nothing else."""

    def __init__(self) -> None:
        self.catalogue = FakeCatalogue()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["FakeDatabase"]:
        yield self
