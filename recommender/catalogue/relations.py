"""How items belong together: as the file says, and as titles and descriptions suggest."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recommender.catalogue.building import Tie
from recommender.catalogue.facts import fact_name
from recommender.catalogue.fields import Field
from recommender.catalogue.ids import item_id
from vocabulary import Item, Relation, RelationKind

MOST_TARGETS: Final = 200
"""Relations of one item; what fits more than these fits nearly everything, which says nothing."""

_FORWARD: Final = {
    Field.ACCESSORY_OF: RelationKind.ACCESSORY_OF,
    Field.SPARE_PART_OF: RelationKind.SPARE_PART_OF,
    Field.REPLACEMENT_FOR: RelationKind.REPLACEMENT_FOR,
    Field.SERVICE_PLAN_FOR: RelationKind.SERVICE_PLAN_FOR,
}
_BACKWARD: Final = {
    Field.ACCESSORIES: RelationKind.ACCESSORY_OF,
    Field.SPARE_PARTS: RelationKind.SPARE_PART_OF,
    Field.REPLACED_BY: RelationKind.REPLACEMENT_FOR,
    Field.SERVICE_PLANS: RelationKind.SERVICE_PLAN_FOR,
}
_PLAN: Final = re.compile(
    r"\b(extended warranty|warranty|guarantee|protection plan|care plan|service plan|insurance|garantieverlängerung|"
    r"schutzbrief|versicherung|extension de garantie|assurance)\b", re.IGNORECASE,
)  # fmt: skip
_PART: Final = re.compile(
    r"\b(spare|spare part|replacement|refill|ersatz\w*|pièce détachée|repuesto|ricambio|seal|gasket|fuse|drive belt|"
    r"filter|brush head|blade)\b", re.IGNORECASE,
)  # fmt: skip
_ACCESSORY: Final = re.compile(
    r"\b(accessor(?:y|ies)|case|cover|cushion|strap|bag|pouch|sleeve|adapter|adaptor|charger|cable|mount|bracket|stand|"
    r"holder|lid|pad|legs?|shade|tray|insert|screen protector|battery|remote|hülle|tasche|halterung|ladegerät|kabel|"
    r"zubehör|bezug|auflage|housse|étui|support|chargeur|funda|soporte)\b", re.IGNORECASE,
)  # fmt: skip
_FOR: Final = re.compile(
    r"\b(?:compatible with|suitable for|designed for|made for|fits|for|für|passend zu|pour|para|per|voor)\s+"
    r"(?:the |your |der |die |das |le |la )?"
    r"([^.;:()\n]{3,120})", re.IGNORECASE,
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")


@dataclass(frozen=True)
class Proposal:
    """A relation that the data suggests. why: the words that it was read from."""

    item_id: str
    relation: Relation
    why: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "item": self.item_id,
            "kind": self.relation.kind.value,
            "target": self.relation.target_id,
            "why": self.why,
        }


def tie_items(
    items: Sequence[Item], given: Mapping[str, str], ties: Sequence[Tie], known: frozenset[str]
) -> tuple[list[Item], list[str]]:
    """The items with the relations that columns name, and remarks on names that nothing answers to.

    given: what the file calls each item. known: ids of the shop's other items. Text that names no item stays a fact
    ("compatible with: iPhone 12").
    """
    if not ties:
        return list(items), []
    ids = {item.id for item in items}
    names = {called: key for key, called in given.items() if called}
    titles = Counter(item.title.casefold() for item in items)
    by_title = {item.title.casefold(): item.id for item in items if titles[item.title.casefold()] == 1}
    relations: dict[str, dict[Relation, None]] = defaultdict(dict)
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    lost: Counter[str] = Counter()
    for tie in ties:
        other = names.get(tie.target) or by_title.get(tie.target.casefold())
        if other is None and (tie.target in known or item_id(tie.target) in known | ids):
            other = tie.target if tie.target in known else item_id(tie.target)
        if other is None:
            lost[tie.column] += 1
            name = fact_name(tie.column)
            before = facts[tie.item_id].get(name)
            facts[tie.item_id][name] = (f"{before}, {tie.target}" if before else tie.target)[:1_000]
        elif other != tie.item_id:
            if tie.field in _FORWARD:
                relations[tie.item_id][Relation(_FORWARD[tie.field], other)] = None
            elif other in ids:
                relations[other][Relation(_BACKWARD[tie.field], tie.item_id)] = None
    result = [
        replace(
            item,
            relations=tuple(dict.fromkeys((*item.relations, *relations.get(item.id, ()))))[:MOST_TARGETS],
            attributes={**item.attributes, **facts.get(item.id, {})},
        )
        if item.id in relations or item.id in facts
        else item
        for item in items
    ]
    return result, [
        f"What {column!r} says names no item of the catalogue and is kept as a fact: {count} times."
        for column, count in lost.items()
    ]


def propose_relations(items: Sequence[Item]) -> list[Proposal]:
    """Relations that titles and descriptions suggest.

    "Seal for the Brewmaster 300" is a spare part of each item whose title begins with "Brewmaster 300"; a warranty is
    a plan for what it names; a cushion of a series ("EKEDALEN") is an accessory of the series' other items.
    """
    index = _Names(items)
    found: dict[tuple[str, str], Proposal] = {}
    for item in items:
        kind = _kind(item.title)
        if kind is None or item.relations:
            continue
        texts = (item.title, item.description[:600])
        for text in texts:
            for phrase in _FOR.finditer(text):
                targets = [target for target in index.named_in(phrase.group(1)) if target != item.id]
                if 0 < len(targets) <= MOST_TARGETS:
                    for target in targets:
                        why = " ".join(phrase.group(0).split())[:80]
                        found.setdefault((item.id, target), Proposal(item.id, Relation(kind, target), why))
    for proposal in _series(items):
        found.setdefault((proposal.item_id, proposal.relation.target_id), proposal)
    # What is said to belong to something is no place for other things to belong to.
    parts = {item_key for item_key, _ in found}
    return [proposal for (_, target), proposal in found.items() if target not in parts]


def _kind(title: str) -> RelationKind | None:
    if _PLAN.search(title):
        return RelationKind.SERVICE_PLAN_FOR
    if _PART.search(title):
        return RelationKind.SPARE_PART_OF
    return RelationKind.ACCESSORY_OF if _ACCESSORY.search(title) else None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


class _Names:
    """Finds items by the first words of their titles, which must be telling: a number in them, or rare words."""

    _LONGEST = 6

    def __init__(self, items: Iterable[Item]) -> None:
        self._by_start: dict[tuple[str, ...], list[str]] = defaultdict(list)
        everyday: Counter[str] = Counter()
        listed = list(items)
        for item in listed:
            everyday.update(set(_words(item.title)) | set(_words(item.category)))
        self._rare_up_to = max(3, len(listed) // 200)
        self._everyday = everyday
        for item in listed:
            words = _words(item.title)
            for size in range(1, min(len(words), self._LONGEST) + 1):
                start = tuple(words[:size])
                if self._telling(start):
                    self._by_start[start].append(item.id)

    def named_in(self, phrase: str) -> list[str]:
        """The items that the longest title's beginning in these words names."""
        words = _words(phrase)[:24]
        for size in range(self._LONGEST, 0, -1):
            found: dict[str, None] = {}
            for at in range(len(words) - size + 1):
                found |= dict.fromkeys(self._by_start.get(tuple(words[at : at + size]), ()))
            if found:
                return list(found)
        return []

    def _telling(self, start: tuple[str, ...]) -> bool:
        has_number = any(any(letter.isdigit() for letter in word) and len(word) > 1 for word in start)
        rare = sum(self._everyday[word] <= self._rare_up_to and len(word) > 3 for word in start)
        return (len(start) >= 2 and (has_number or rare >= 2)) or (len(start) == 1 and has_number and len(start[0]) > 3)


def _series(items: Sequence[Item]) -> list[Proposal]:
    """Accessories of a series: titles that begin with one word in capitals, as a name that a maker gives."""
    by_series: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        first = item.title.split(":")[0].split(" ")[0].strip(",")
        if len(first) > 2 and first.isalpha() and first.isupper():
            by_series[first].append(item)
    proposals = []
    for series, members in by_series.items():
        extras = [item for item in members if _ACCESSORY.search(_first_noun(item.title)) and not item.relations]
        extra_ids = {item.id for item in extras}
        mains = [item for item in members if item.id not in extra_ids]
        if extras and 0 < len(mains) <= 12:
            proposals += [
                Proposal(extra.id, Relation(RelationKind.ACCESSORY_OF, main.id), f"same series, {series}")
                for extra in extras
                for main in mains
            ]
    return proposals


def _first_noun(title: str) -> str:
    """The words that say what a thing is: behind the series' name, before "with", "for" and commas."""
    said = title.partition(":")[2] or title.partition(" ")[2]
    return re.split(r",|\b(?:with|for|and|w|in|mit|für)\b", said, maxsplit=1)[0]
