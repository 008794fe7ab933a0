"""The items of a file by their ids: repeated rows are put together or turned down, never lost."""

from dataclasses import dataclass, field, replace
from typing import Final

from recommender.catalogue.building import Built
from recommender.catalogue.ids import item_id, made_id
from recommender.catalogue.records import Rejected
from vocabulary import Item

ALSO_IN: Final = "also in"
_COMPARED: Final = ("title", "price", "currency", "stock", "description")


@dataclass
class Kept:
    """The items so far, in the file's order."""

    items: dict[str, Item] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    also: dict[str, dict[tuple[str, ...], None]] = field(default_factory=dict)
    merged: int = 0

    def add(self, built: Built) -> Rejected | None:
        """Keep an item.

        A row that repeats an item, in the same or in another category, is merged with it; one that says something else
        of the same id is turned down, and the first one holds.
        """
        built = self._free_id(built)
        item = built.item
        before = self.items.get(item.id)
        if before is None:
            self.items[item.id] = item
            self.lines[item.id] = built.line
            self.given[item.id] = built.given
            if built.also:
                self.also[item.id] = dict.fromkeys(built.also)
            return None
        differing = _differing(before, item)
        if differing:
            return Rejected(
                built.line,
                f"its id {(built.given or item.id)[:64]!r} is that of line {self.lines[item.id]} already, with another "
                f"{', '.join(differing[:4])}; the first one holds. Expected an id for each item.",
            )
        self.merged += 1
        known = {before.path or (before.category,), *self.also.get(item.id, ())}
        new = [path for path in (item.path or (item.category,), *built.also) if path not in known]
        if new:
            self.also.setdefault(item.id, {}).update(dict.fromkeys(new))
        return None

    def finished(self) -> list[Item]:
        """Every item; further categories are a fact of it."""
        result = []
        for item in self.items.values():
            paths = [" > ".join(path) for path in self.also.get(item.id, ())]
            if paths:
                item = replace(item, attributes={**item.attributes, ALSO_IN: "; ".join(paths)[:1_000]})
            result.append(item)
        return result

    def _free_id(self, built: Built) -> Built:
        """With another id if the made one is taken by something else."""
        item = built.item
        taken = self.items.get(item.id)
        if taken is None:
            return built
        if built.given:
            if self.given[item.id] == built.given:
                return built
            # The file calls another item by what was made for this one; no chance, but it must not be lost.
            return replace(built, item=replace(item, id=item_id(f"{built.given} ")))
        number = 2
        while taken is not None and _differing(taken, item):
            item = replace(item, id=made_id(item.title, f"{item.url or ''}|{number}"))
            taken = self.items.get(item.id)
            number += 1
        return replace(built, item=item)


def _differing(one: Item, other: Item) -> list[str]:
    """What two items do not have in common, categories and addresses apart."""
    found = [name for name in _COMPARED if getattr(one, name) != getattr(other, name)]
    facts = one.attributes, other.attributes
    return found + sorted(
        name for name in facts[0].keys() | facts[1].keys() if facts[0].get(name) != facts[1].get(name)
    )
