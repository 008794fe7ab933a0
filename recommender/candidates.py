"""From a question to the items that may answer it: by meaning, by words, by relation, by behaviour; each with what its
relevance is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.columns import Mask
from recommender.fusion import FUSION_K, best, fuse
from recommender.holding import Holding
from recommender.query.kinds import kinds_of
from recommender.query.reading import Asked
from recommender.ranking import HELP
from recommender.slate import Candidate, Factor, FactorKind
from vocabulary import Item, Relation, RelationKind

DEPTH: Final = 200
"""So many items are looked at by each of meaning and words; rank fusion keeps the best of both."""

POOL: Final = 240
LEADERS: Final = 3
MOST_COMPANY: Final = 30
"""What belongs to so many of the best is considered as well, at most so much of it."""

WORDS_WEIGHT: Final = 0.7
FUSION_WEIGHT: Final = 0.05
"""Of standing first in both lists. A place does not say how good the first one is: the floor does not count it."""

FLOOR: Final = 0.3
"""Below this, without fusion, an item is not worth showing: random letters reach .28."""

KIND_WEIGHT: Final = 0.25
TARGET_WEIGHT: Final = 0.2
BOND_WEIGHTS: Final[Mapping[RelationKind, float]] = {
    RelationKind.SPARE_PART_OF: 0.65,
    RelationKind.REPLACEMENT_FOR: 0.6,
    RelationKind.ACCESSORY_OF: 0.6,
    RelationKind.SERVICE_PLAN_FOR: 0.5,
}
"""What belongs to an item of the case comes first, in every state."""
UNASKED_PART_WEIGHT: Final = 0.15
Floats = NDArray[np.float32]
Slots = NDArray[np.int64]


def bond_between(item: Item, about: Sequence[str]) -> Relation | None:
    """The item's relation to one of the items of the case: help first, then complements."""
    bonds = [relation for relation in item.relations if relation.target_id in about]
    return next((bond for bond in bonds if bond.kind in HELP), bonds[0] if bonds else None)


@dataclass(frozen=True)
class Pool:
    """The items that may answer, and the parts of their relevance: float32 each, shape (n,), in the order of `slots`.

    meaning: cosine with the question. words: share of what the words say, times its weight. fusion: what standing high
    in each list adds, by meaning and by words, shape (n, 2). kind: the kind asked for, or a part that nobody asked for
    (negative). target: made for the kind named. bond: relation to an item of the case; bonds: these relations by slot.
    company: whether it is here only because it belongs to one of the best.
    """

    slots: Slots
    meaning: Floats
    words: Floats
    fusion: Floats
    kind: Floats
    target: Floats
    bond: Floats
    company: NDArray[np.bool_]
    bonds: Mapping[int, Relation] = field(default_factory=dict)

    @property
    def relevance(self) -> Floats:
        """The sum of the parts."""
        total: Floats = self.meaning + self.words + self.fusion.sum(axis=1) + self.kind + self.target + self.bond
        return total

    def rows(self, most: int) -> list[int]:
        """Rows of what is worth showing, the most relevant first, at most so many, and then of its company."""
        relevance = self.relevance
        # What belongs to the case is considered whatever the words say.
        worth = ((relevance - self.fusion.sum(axis=1) >= FLOOR) | (self.bond > 0)) & ~self.company
        first = np.flatnonzero(worth)
        order = first[np.argsort(-relevance[first], kind="stable")][:most]
        if first.size:
            order = np.concatenate([order, np.flatnonzero(self.company)])
        return [int(row) for row in order]

    def joined(self, other: "Pool") -> "Pool":
        """Both pools as one."""
        parts = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("slots", "meaning", "words", "fusion", "kind", "target", "bond", "company")
        }
        return Pool(**parts, bonds=self.bonds)


def gather(
    held: Holding,
    asked: Asked,
    vector: Floats | None,
    passing: Mask | None,
    *,
    case: Sequence[str] = (),
    depth: int = DEPTH,
    most: int = POOL,
) -> Pool:
    """The best of both lists, and what belongs to the case; only what passes.

    vector: of the question, length 1; None for one without words. depth: how far down each list is looked. most: so
    many of them both are kept.
    """
    scored = held.lexicon.score(asked.words, held.columns.size) if asked.words else None
    near, cosines = _nearest(held, vector, passing, depth)
    worded = best(scored[0] if scored else None, passing, depth)
    fused = fuse((near, cosines), (worded, scored[0][worded] if scored else worded.astype(np.float32)))
    slots = sorted(fused, key=lambda slot: (-sum(fused[slot]), slot))[:most]
    bound = {slot: bond for slot in held.related_to(case) if (bond := _bond(held, slot, case))}
    slots += [slot for slot in bound if slot not in fused and _passes(held, slot, passing)]
    known = dict(zip(near.tolist(), cosines.tolist(), strict=True))
    return _weighed(held, asked, slots, _Seen(vector, known, fused, None if scored is None else scored[1], bound))


def with_company(held: Holding, asked: Asked, vector: Floats | None, passing: Mask | None, pool: Pool) -> Pool:
    """The pool and what belongs to its best items, such as their guarantee: a rule may put that first."""
    best = [int(pool.slots[row]) for row in pool.rows(LEADERS)]
    ids = [item.id for slot in best if (item := held.columns.items[slot]) is not None]
    there = set(pool.slots.tolist())
    slots = [slot for slot in held.related_to(ids) if slot not in there and _passes(held, slot, passing)]
    if not slots:
        return pool
    share = held.lexicon.score(asked.words, held.columns.size)[1] if asked.words else None
    added = _weighed(held, asked, slots[:MOST_COMPANY], _Seen(vector, {}, {}, share, {}))
    return pool.joined(replace(added, company=np.ones(len(added.slots), dtype=bool)))


@dataclass(frozen=True)
class _Seen:
    """What was found out on the way: cosines by slot, fusion by slot, shares of words of all slots, bonds by slot."""

    vector: Floats | None
    cosines: Mapping[int, float]
    fused: Mapping[int, tuple[float, ...]]
    share: Floats | None
    bonds: Mapping[int, Relation]


def _weighed(held: Holding, asked: Asked, listed: Sequence[int], seen: _Seen) -> Pool:
    slots = np.array(listed, dtype=np.int64)
    meaning = np.zeros(len(slots), dtype=np.float32)
    if seen.vector is not None and len(slots):
        cosines = dict(seen.cosines)
        missing = [slot for slot in listed if slot not in cosines]
        if missing:
            found = held.view.cosines(seen.vector, np.array(missing, dtype=np.int64))
            cosines.update(zip(missing, found.tolist(), strict=True))
        meaning = np.array([cosines[slot] for slot in listed], dtype=np.float32)
    hits = held.columns.kind_hits(asked.wish.head, slots) if asked.wish.head else np.zeros(len(slots), np.float32)
    fits = _made_for(held, asked, slots)
    bond = [BOND_WEIGHTS[seen.bonds[slot].kind] if slot in seen.bonds else 0.0 for slot in listed]
    unasked = held.columns.is_part[slots] & (hits == 0) & ~fits & (np.array(bond) == 0)
    most = 2.0 / (FUSION_K + 1)
    fused = np.array([seen.fused.get(slot, (0.0, 0.0)) for slot in listed], dtype=np.float32).reshape(-1, 2)
    return Pool(
        slots=slots,
        meaning=meaning,
        words=np.zeros(len(slots), np.float32) if seen.share is None else np.float32(WORDS_WEIGHT) * seen.share[slots],
        fusion=np.float32(FUSION_WEIGHT / most) * fused,
        kind=np.float32(KIND_WEIGHT) * hits - np.float32(UNASKED_PART_WEIGHT) * unasked,
        target=np.float32(TARGET_WEIGHT) * fits,
        bond=np.array(bond, dtype=np.float32),
        company=np.zeros(len(slots), dtype=bool),
        bonds=seen.bonds,
    )


def candidate(held: Holding, asked: Asked, pool: Pool, row: int) -> Candidate | None:
    """One item of the pool with the causes of its relevance; None if it has gone meanwhile."""
    slot = int(pool.slots[row])
    item = held.columns.items[slot]
    if item is None:
        return None
    factors = []
    meaning = float(pool.meaning[row] + pool.fusion[row, 0])
    if meaning:
        factors.append(Factor(FactorKind.MEANING, meaning, {"like": asked.like} if asked.like else {}))
    words = float(pool.words[row] + pool.fusion[row, 1])
    if words:
        held_words = [word for word in asked.words if held.lexicon.code(word, slot)]
        factors.append(Factor(FactorKind.WORDS, words, {"words": " ".join(_said(asked, held_words))}))
    if pool.kind[row] > 0:
        factors.append(Factor(FactorKind.KIND, float(pool.kind[row]), {"kind": _kind_words(item, asked)}))
    elif pool.kind[row] < 0:
        factors.append(Factor(FactorKind.KIND, float(pool.kind[row]), {"unasked": "part"}))
    if pool.target[row]:
        factors.append(
            Factor(FactorKind.KIND, float(pool.target[row]), {"made for": ", ".join(sorted(asked.wish.target))})
        )
    bond = pool.bonds.get(slot)
    if bond is not None:
        target = held.item(bond.target_id)
        told = {"relation": bond.kind.value, "target": bond.target_id}
        factors.append(
            Factor(FactorKind.RELATION, float(pool.bond[row]), told | ({"title": target.title} if target else {}))
        )
    relevance = sum(factor.weight for factor in factors)
    return Candidate(item, relevance, bond=bond, factors=tuple(factors), score=relevance)


def _nearest(held: Holding, vector: Floats | None, passing: Mask | None, depth: int) -> tuple[Slots, Floats]:
    if vector is None or not held.view.capacity:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    slots, cosines = held.view.search(vector, depth, passing)
    # What another process has put into a slot meanwhile is not what is held here.
    kept = np.array([_is_known(held, slot) for slot in slots.tolist()], dtype=bool)
    return slots[kept], cosines[kept]


def _is_known(held: Holding, slot: int) -> bool:
    item = held.columns.items[slot] if slot < held.columns.size else None
    return item is not None and held.view.ids[slot] == item.id


def _passes(held: Holding, slot: int, passing: Mask | None) -> bool:
    return (bool(held.columns.live[slot]) if passing is None else bool(passing[slot])) and _is_known(held, slot)


def _bond(held: Holding, slot: int, case: Sequence[str]) -> Relation | None:
    item = held.columns.items[slot]
    return None if item is None else bond_between(item, case)


def _made_for(held: Holding, asked: Asked, slots: Slots) -> NDArray[np.bool_]:
    """Which items belong to a thing of the kind that the words name as the target."""
    fits = np.zeros(len(slots), dtype=bool)
    if asked.wish.target:
        targets = held.columns.of_kinds(asked.wish.target)
        for row, slot in enumerate(slots.tolist()):
            item = held.columns.items[slot]
            ids = (relation.target_id for relation in item.relations) if item else ()
            fits[row] = any(targets[place] for item_id in ids if (place := held.slot(item_id)) is not None)
    return fits


def _said(asked: Asked, words: Sequence[str]) -> list[str]:
    return [asked.surface.get(word, word) for word in words]


def _kind_words(item: Item, asked: Asked) -> str:
    """What the item is: by its own name, else in the customer's words."""
    named = item.attributes.get("type")
    kind = next((kind for kind in kinds_of(item) if kind in asked.wish.head), item.category)
    return named or " ".join(_said(asked, kind.split()))
