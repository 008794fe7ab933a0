"""An item as the storefront's API shows it, and how it says no."""

from decimal import Decimal
from typing import Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from vocabulary import Item


class RelationOut(BaseModel):
    """How an item relates to another one."""

    kind: Literal["accessory_of", "spare_part_of", "replacement_for", "service_plan_for"]
    target_id: str


class ItemOut(BaseModel):
    """An item as the storefront shows it.

    price: two decimals, in the currency; null if there is none. stock: null if pieces are not counted.
    """

    id: str
    title: str
    description: str
    category: str
    price: float | None
    currency: str
    stock: int | None
    attributes: dict[str, str]
    relations: list[RelationOut]
    path: list[str]
    image: str | None
    url: str | None

    @classmethod
    def of(cls, item: Item) -> "ItemOut":
        """The item without anything that a customer must not see."""
        return cls(
            id=item.id,
            title=item.title,
            description=item.description,
            category=item.category,
            price=None if item.price is None else float(item.price.quantize(Decimal("0.01"))),
            currency=item.currency,
            stock=item.stock,
            attributes=dict(item.attributes),
            relations=[RelationOut(kind=r.kind.value, target_id=r.target_id) for r in item.relations],
            path=list(item.categories),
            image=item.image,
            url=item.url,
        )


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """An error in the API's one shape."""
    return JSONResponse({"error": {"code": code, "message": message, "retryable": False}}, status_code=status)
