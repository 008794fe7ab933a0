"""An item as somebody writes it into a form, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from service.catalogue import ItemIn
from service.errors import Refused
from vocabulary import Item, RelationKind

LABELS: Final = {
    "id": "Id",
    "title": "Title",
    "path": "Categories",
    "price": "Price",
    "currency": "Currency",
    "stock": "Stock",
    "description": "Description",
    "image": "Picture",
    "url": "Page in the shop",
    "attributes": "Facts",
    "relations": "Belongs to",
}
"""The fields of the form, in order, with the words that stand beside them."""

_KINDS: Final = {kind.value.replace("_", " "): kind for kind in RelationKind}


def form_of(item: Item) -> dict[str, str]:
    """What stands in the form of an item."""
    return {
        "id": item.id,
        "title": item.title,
        "path": " > ".join(item.categories),
        "price": "" if item.price is None else f"{item.price:.2f}",
        "currency": item.currency,
        "stock": "" if item.stock is None else str(item.stock),
        "description": item.description,
        "image": item.image or "",
        "url": item.url or "",
        "attributes": "\n".join(f"{name}: {value}" for name, value in item.attributes.items()),
        "relations": "\n".join(f"{one.kind.value.replace('_', ' ')} {one.target_id}" for one in item.relations),
    }


def read_form(form: Mapping[str, str]) -> ItemIn:
    """The item that somebody has written. Raises: Refused, with the field and what is expected there."""
    said = {name: form.get(name, "").strip() for name in LABELS}
    path = [part.strip() for part in said["path"].split(">") if part.strip()]
    raw: dict[str, Any] = {
        "id": said["id"],
        "title": said["title"],
        "path": path if len(path) > 1 else [],
        "category": path[-1] if path else None,
        "price": read_price(said["price"]),
        "currency": said["currency"].upper() or "EUR",
        "stock": read_stock(said["stock"]),
        "description": said["description"],
        "image": said["image"] or None,
        "url": said["url"] or None,
        "attributes": _facts(said["attributes"]),
        "relations": _relations(said["relations"]),
    }
    try:
        return ItemIn.model_validate(raw)
    except ValidationError as err:
        raise Refused("item_invalid", _first_problem(err)) from None


def read_price(text: str) -> str | None:
    """A price as it is written here or there ("29,90"); None for none. Raises: Refused."""
    plain = text.strip().replace(" ", "").replace(",", ".")
    if not plain:
        return None
    whole, _, cents = plain.partition(".")
    if not (
        whole.isascii() and whole.isdigit() and len(whole) <= 7 and len(cents) <= 2 and (not cents or cents.isdigit())
    ):
        raise Refused(
            "price_invalid", f"The price {text.strip()[:20]!r} is not understood. Write it as 29.90, or leave it empty."
        )
    return str(Decimal(plain).quantize(Decimal("0.01")))


def read_stock(text: str) -> int | None:
    """Pieces; None where they are not counted. Raises: Refused."""
    plain = text.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise Refused(
            "stock_invalid",
            f"The stock {plain[:20]!r} is not understood. Write how many pieces, such as 12, or leave it empty.",
        )
    return int(plain)


def _facts(text: str) -> dict[str, str]:
    facts = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or not value.strip():
            raise Refused(
                "facts_invalid", f"The fact {line[:40]!r} is not understood. Write one a line, as colour: blue."
            )
        facts[name.strip()] = value.strip()
    return facts


def _relations(text: str) -> list[dict[str, str]]:
    relations = []
    for line in filter(None, map(str.strip, text.splitlines())):
        words, _, target = line.replace(":", " ").rpartition(" ")
        kind = _KINDS.get(" ".join(words.replace("_", " ").lower().split()))
        if kind is None:
            raise Refused(
                "relations_invalid",
                f"{line[:60]!r} is not understood. Write one a line, such as accessory of kettle-1. "
                f"Allowed: {', '.join(_KINDS)}.",
            )
        relations.append({"kind": kind.value, "target_id": target})
    return relations


def _first_problem(err: ValidationError) -> str:
    """The first one in the order of the form, in words."""
    order = list(LABELS)
    problems = []
    for one in err.errors(include_url=False):
        name = str(one["loc"][0]) if one["loc"] else "path"
        problems.append(("path" if name == "category" else name, one))
    name, first = min(problems, key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    kind, context = first["type"], first.get("ctx", {})
    if name == "id":
        words = "1 to 64 letters, digits and _ . : - are allowed"
    elif kind in ("string_too_short", "too_short"):
        words = "please write something here"
    elif kind in ("string_too_long", "too_long"):
        what = "lines" if name in ("attributes", "relations") else "characters"
        words = f"at most {context.get('max_length')} {what} are allowed"
    elif kind == "string_pattern_mismatch":
        is_address = name in ("image", "url")
        words = "an https:// address is expected" if is_address else "three capital letters, such as EUR, are expected"
    else:
        words = str(first["msg"]).removeprefix("Value error, ")
    return f"{LABELS.get(name, 'Item')}: {words}."
