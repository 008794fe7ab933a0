"""How the catalogue is written down: families of models, their parts, what goes with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One colour or size of a model. extra: euros on top of the model's price."""

    label: str
    extra: int = 0

    @property
    def slug(self) -> str:
        return slug(self.label)


@dataclass(frozen=True)
class Model:
    """One model of a family, as written by hand.

    name: brand and model ("Norrvale Bruna"). low, high: price range of its first variant, whole euros.
    words: what is worth knowing, two or three sentences. facts: attributes that all its variants share.
    replaces: the family's model whose place it can take at no higher price ("Bruna"), if there is one.
    """

    name: str
    low: int
    high: int
    words: str
    variants: tuple[Variant, ...]
    facts: Mapping[str, str]
    replaces: str | None = None

    @property
    def brand(self) -> str:
        return self.name.split()[0]

    @property
    def short(self) -> str:
        return self.name.split(maxsplit=1)[1]


@dataclass(frozen=True)
class Part:
    """A spare part that every model of its family has, or an accessory that fits them all.

    type: what it is ("limescale filter"). words: may use {model}; per_model parts fit one model only.
    """

    type: str
    low: int
    high: int
    words: str
    facts: Mapping[str, str]
    per_model: bool = True


@dataclass(frozen=True)
class Family:
    """Things of one kind.

    key: start of the item ids. type: singular ("kettle"). axis: what tells the variants of a model apart.
    closing: a last sentence for every model, with {facts}. plan: the service plan that covers the family.
    """

    key: str
    category: str
    type: str
    axis: str
    closing: str
    models: tuple[Model, ...]
    parts: tuple[Part, ...] = ()
    accessories: tuple[Part, ...] = ()
    plan: str | None = None


def model(
    name: str, low: int, high: int, words: str, variants: str, *, replaces: str | None = None, **facts: str
) -> Model:
    """A model; variants as "white, black" or "43 inch, 50 inch +80"; facts as keywords with underscores."""
    return Model(name, low, high, _flowing(words), _variants(variants), _facts(facts), replaces)


def spare(type_: str, low: int, high: int, words: str, **facts: str) -> Part:
    """A spare part that is made for each model of the family."""
    return Part(type_, low, high, _flowing(words), _facts(facts))


def extra(type_: str, low: int, high: int, words: str, **facts: str) -> Part:
    """An accessory that fits every model of the family."""
    return Part(type_, low, high, _flowing(words), _facts(facts), per_model=False)


def slug(text: str) -> str:
    """The text as part of an item id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _variants(spec: str) -> tuple[Variant, ...]:
    found = []
    for part in spec.split(","):
        label, _, extra_euros = part.partition("+")
        found.append(Variant(label.strip(), int(extra_euros or 0)))
    return tuple(found)


def _facts(facts: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", " "): value for name, value in facts.items()}


def _flowing(words: str) -> str:
    return " ".join(words.split())
