"""The families made into items. The same seed gives the same catalogue, down to the cent."""

import random
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from shop.families import FAMILIES
from shop.family import Family, Model, Part, Variant, slug
from shop.plans import CATEGORY as PLAN_CATEGORY
from shop.plans import PLANS, STOCK
from vocabulary import Item, Relation, RelationKind

SEED: Final = 20_250
SPARE_PARTS: Final = "Spare parts"
SOLD_OUT_SHARE: Final = 0.06
"""So much of the catalogue is out of stock, so that the filter for it has something to do."""

_ENDINGS: Final = (Decimal("0.99"), Decimal("0.90"), Decimal("0.95"), Decimal("0.00"))
_AXIS_NOTES: Final = {
    "colour": "This one comes in {label}.",
    "size": "This is the version in {label}.",
    "screen size": "The screen measures {label} across.",
    "capacity": "This version takes {label}.",
    "memory": "This version has {label} of memory.",
    "storage": "This version stores {label}.",
    "length": "This one is {label} long.",
    "power": "This version gives {label}.",
    "pack": "The pack holds {label}.",
    "layout": "This one has the {label}.",
    "mount": "This one is made {label}.",
    "socket": "This one has the socket {label}.",
    "sockets": "This one has {label}.",
}


def generate_catalogue(seed: int = SEED) -> list[Item]:
    """All items of the demo shop: appliances, accessories, spare parts and service plans.

    The ids are the same for every seed; prices move within each family's range, and stock is drawn anew.
    """
    items: list[Item] = []
    by_family: dict[str, list[str]] = defaultdict(list)
    by_group: dict[str, list[str]] = defaultdict(list)
    for family in FAMILIES:
        # A generator of its own, so that a new family does not change the prices of the others.
        draw = random.Random(f"{seed}:{family.key}")
        prices: dict[str, int] = {}
        for item in _appliances(family, draw, prices):
            items.append(item)
            by_family[family.key].append(item.id)
            if family.plan:
                by_group[family.plan].append(item.id)
        items.extend(_parts(family, draw))
        items.extend(_accessories(family, draw))
    for plan in PLANS:
        covered = [item_id for key in plan.covers for item_id in (by_group.get(key) or by_family[key])]
        items.append(
            Item(
                id=plan.key,
                title=plan.title,
                description=plan.words,
                category=PLAN_CATEGORY,
                price=plan.price,
                stock=STOCK,
                attributes={"type": plan.type, "model": plan.title, "runs for": _years(plan.years)},
                relations=tuple(Relation(RelationKind.SERVICE_PLAN_FOR, item_id) for item_id in covered),
            )
        )
    return items


def _appliances(family: Family, draw: random.Random, prices: dict[str, int]) -> Iterator[Item]:
    for model in family.models:
        euros = draw.randint(model.low, model.high)
        if model.replaces is not None:
            # What takes another one's place must not cost more than it: see the ranking's rules.
            euros = min(euros, prices[model.replaces])
        prices[model.short] = euros
        ending = draw.choice(_ENDINGS)
        for variant in model.variants:
            yield Item(
                id=_item_id(family, model, variant),
                title=f"{model.name} {_type_words(family.type)}, {variant.label}",
                description=_description(family, model, variant),
                category=family.category,
                price=_price(euros + variant.extra, ending),
                stock=_stock(draw),
                attributes={
                    "type": family.type,
                    "brand": model.brand,
                    "model": model.name,
                    family.axis: variant.label,
                    **model.facts,
                },
                relations=tuple(
                    Relation(RelationKind.REPLACEMENT_FOR, item_id)
                    for item_id in (_ids_of(family, model.replaces) if model.replaces else ())
                ),
            )


def _parts(family: Family, draw: random.Random) -> Iterator[Item]:
    for part in family.parts:
        for model in family.models:
            yield Item(
                id=f"part-{slug(part.type)}-{slug(model.short)}",
                title=_part_title(part, family, model),
                description=part.words.format(model=model.name),
                category=SPARE_PARTS,
                price=_price(draw.randint(part.low, part.high), draw.choice(_ENDINGS)),
                stock=_stock(draw),
                attributes={
                    "type": part.type,
                    "model": f"{part.type} {model.name}",
                    "fits": model.name,
                    **part.facts,
                },
                relations=tuple(
                    Relation(RelationKind.SPARE_PART_OF, item_id) for item_id in _ids_of(family, model.short)
                ),
            )


def _accessories(family: Family, draw: random.Random) -> Iterator[Item]:
    fits = tuple(
        Relation(RelationKind.ACCESSORY_OF, item_id)
        for model in family.models
        for item_id in _ids_of(family, model.short)
    )
    for accessory in family.accessories:
        yield Item(
            id=f"extra-{slug(accessory.type)}",
            title=_accessory_title(accessory, family),
            description=accessory.words,
            category=family.category,
            price=_price(draw.randint(accessory.low, accessory.high), draw.choice(_ENDINGS)),
            stock=_stock(draw),
            attributes={"type": accessory.type, "model": accessory.type, **accessory.facts},
            relations=fits,
        )


def _description(family: Family, model: Model, variant: Variant) -> str:
    closing = family.closing.format(**{name.replace(" ", "_"): value for name, value in model.facts.items()})
    note = _AXIS_NOTES[family.axis].format(label=variant.label)
    return f"{model.words} {_capital(closing)} {note}"


def _part_title(part: Part, family: Family, model: Model) -> str:
    kind = "" if part.type.startswith(family.type) else f" {_type_words(family.type)}"
    return f"{_capital(part.type)} for {model.name}{kind}"


def _accessory_title(accessory: Part, family: Family) -> str:
    named = _capital(accessory.type)
    last = family.type.split()[-1]
    return named if last.rstrip("s") in accessory.type.lower() else f"{named} for {_plural(_type_words(family.type))}"


def _ids_of(family: Family, short: str) -> tuple[str, ...]:
    model = next(model for model in family.models if model.short == short)
    return tuple(_item_id(family, model, variant) for variant in model.variants)


def _item_id(family: Family, model: Model, variant: Variant) -> str:
    return f"{family.key}-{slug(model.short)}-{variant.slug}"


def _price(euros: int, ending: Decimal) -> Decimal:
    # "39.99" is one cent below 40, so endings count down from the whole price.
    return Decimal(euros).quantize(Decimal("0.01")) if not ending else Decimal(euros - 1) + ending


def _stock(draw: random.Random) -> int:
    return 0 if draw.random() < SOLD_OUT_SHARE else draw.randint(2, 60)


def _years(count: int) -> str:
    return "1 year" if count == 1 else f"{count} years"


def _type_words(type_: str) -> str:
    for short in ("led", "hdmi", "usb-c"):
        type_ = type_.replace(short, short.upper())
    return type_.replace("bluetooth", "Bluetooth").replace("wifi", "Wi-Fi")


def _plural(words: str) -> str:
    if words.endswith(("s", "headphones")):
        return words
    if words.endswith(("y",)) and not words.endswith(("ay", "ey", "oy")):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("ch", "sh", "x")) else f"{words}s"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
