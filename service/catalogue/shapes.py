"""Items as the API takes and gives them."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, JsonValue, model_validator

from service.catalogue.status import CatalogueStatus
from service.shapes import In
from store import StoredItem
from vocabulary import Item, Relation, RelationKind

_NUMBER = "a number with at most two decimals, such as 29.90"


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f"expected {_NUMBER}")
    return value


def _plain(text: str) -> str:
    """Text without the control characters that no shop needs and some programs trip over."""
    if any((ord(one) < 32 and one not in "\n\t") or 0xD800 <= ord(one) <= 0xDFFF for one in text):
        raise ValueError("expected text without control characters")
    return text.strip()


def _https(address: str) -> str:
    host = address[8:].split("/", 1)[0]
    if not host or any(one.isspace() or one in "\"'<>\\" for one in address):
        raise ValueError("expected a whole address, such as https://shop.example/kettle.jpg")
    return address


Price = Annotated[
    Decimal,
    BeforeValidator(_no_bool),
    Field(ge=0, le=Decimal(10) ** 12, decimal_places=2, description=f"{_NUMBER}; null: on request"),
]
Stock = Annotated[
    int, Field(strict=True, ge=0, le=1_000_000_000, description="pieces; null: they are not counted, always to be had")
]
Title = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=300)]
Description = Annotated[str, AfterValidator(_plain), Field(max_length=20_000)]
Category = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)]
Fact = Annotated[str, AfterValidator(_plain), Field(max_length=500)]
FactName = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=60)]
Address = Annotated[str, Field(pattern=r"^https://", max_length=2000), AfterValidator(_https)]
ItemId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Path = Annotated[list[Category], Field(max_length=10)]
Attributes = Annotated[dict[FactName, Fact], Field(max_length=100)]


class RelationIn(In):
    """This item is an accessory of, a spare part of, ... another one, which may come later."""

    kind: Literal["accessory_of", "spare_part_of", "replacement_for", "service_plan_for"]
    target_id: ItemId

    def relation(self) -> Relation:
        """The same as the catalogue keeps it."""
        return Relation(RelationKind(self.kind), self.target_id)


Relations = Annotated[list[RelationIn], Field(max_length=200)]


class ItemBody(In):
    """An item without its id. path: its categories, widest first; the last one is its category."""

    title: Title
    description: Description = ""
    category: Category | None = None
    path: Path = Field(default=[])
    price: Price | None = None
    currency: Currency = "EUR"
    stock: Stock | None = None
    attributes: Attributes = Field(default={})
    relations: Relations = Field(default=[])
    image: Address | None = None
    url: Address | None = None

    @model_validator(mode="after")
    def _in_a_category(self) -> Self:
        if self.category is None and not self.path:
            raise ValueError("expected a category, or a path of categories")
        if self.category is not None and self.path and self.path[-1] != self.category:
            raise ValueError(f"the path ends with {self.path[-1]!r}; expected the category, {self.category!r}")
        return self

    def item(self, item_id: str) -> Item:
        """The item under an id."""
        return Item(
            id=item_id,
            title=self.title,
            description=self.description,
            category=self.category or self.path[-1],
            price=self.price,
            stock=self.stock,
            attributes=self.attributes,
            relations=tuple(one.relation() for one in self.relations),
            path=tuple(self.path),
            image=self.image,
            url=self.url,
            currency=self.currency,
        )


class ItemIn(ItemBody):
    """A new item."""

    id: ItemId


class ItemPatch(In):
    """What changes of an item; what is not named stays."""

    title: Title = ""
    description: Description = ""
    category: Category = ""
    path: Path = Field(default=[])
    price: Price | None = None
    currency: Currency = ""
    stock: Stock | None = None
    attributes: Attributes = Field(default={})
    relations: Relations = Field(default=[])
    image: Address | None = None
    url: Address | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        named = self.model_fields_set
        if not named:
            raise ValueError("expected at least one field to change")
        if "path" in named and self.path and self.category and self.path[-1] != self.category:
            raise ValueError(f"the path ends with {self.path[-1]!r}; expected the category, {self.category!r}")
        if "path" in named and not self.path and "category" not in named:
            raise ValueError("expected a category beside an empty path")
        return self

    def applied(self, item: Item) -> Item:
        """The item with the change."""
        changes: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "relations" in changes:
            changes["relations"] = tuple(one.relation() for one in self.relations)
        if "path" in changes:
            changes["path"] = tuple(self.path)
            changes.setdefault("category", (*self.path, item.category)[len(self.path) - 1])
        elif "category" in changes and changes["category"] != item.category:
            # The way to another category is not known.
            changes["path"] = ()
        return replace(item, **changes)


class RowIn(In):
    """One row of many: a new price, a new stock, or both."""

    id: ItemId
    price: Price | None = None
    stock: Stock | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.model_fields_set == {"id"}:
            raise ValueError("expected a price, a stock, or both")
        return self

    def applied(self, item: Item) -> Item:
        """The item with the change."""
        return replace(item, **{name: getattr(self, name) for name in self.model_fields_set - {"id"}})


class RelationOut(BaseModel):
    """How an item relates to another one."""

    kind: str
    target_id: str


class StoredItemOut(BaseModel):
    """An item with its version, which also is its ETag. price: null if none is named."""

    id: str
    version: int
    title: str
    description: str
    category: str
    path: list[str]
    price: float | None
    currency: str
    stock: int | None
    attributes: dict[str, str]
    relations: list[RelationOut]
    image: str | None
    url: str | None

    @classmethod
    def of(cls, stored: StoredItem) -> Self:
        """What is stored."""
        item = stored.item
        return cls(
            id=item.id,
            version=stored.version,
            title=item.title,
            description=item.description,
            category=item.category,
            path=list(item.categories),
            price=None if item.price is None else float(item.price),
            currency=item.currency,
            stock=item.stock,
            attributes=dict(item.attributes),
            relations=[RelationOut(kind=one.kind.value, target_id=one.target_id) for one in item.relations],
            image=item.image,
            url=item.url,
        )


class StoredPageOut(BaseModel):
    """One page of the catalogue. total: items that pass the filters. version: of the whole catalogue."""

    items: list[StoredItemOut]
    total: int
    version: int


class RejectedRow(BaseModel):
    """A row that changed nothing. row: its place in the list, from 0. id: as it was sent, if it was text."""

    row: int
    id: str | None
    reason: str


class BulkOut(BaseModel):
    """What many rows have done. changed: items that are as asked now, those that were so before included."""

    changed: int
    rejected: list[RejectedRow]
    version: int


class StatusOut(BaseModel):
    """How the catalogue stands. facts: what holds for all of it, by name, such as its currency."""

    items: int
    version: int
    categories: int
    facts: dict[str, JsonValue]
    image_hosts: list[str]

    @classmethod
    def of(cls, status: CatalogueStatus) -> Self:
        """What was counted."""
        return cls(
            items=status.items,
            version=status.version,
            categories=status.categories,
            facts=status.facts,
            image_hosts=list(status.image_hosts),
        )
