"""Which items of the catalogue a customer's words mean. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from vocabulary import Item

LEAST_COVERAGE: Final = 0.5
"""Share of the words' weight that an item must explain; below it nothing is found."""

_LONGEST_READ: Final = 300
_SAME: Final = {
    "tv": ("television",), "telly": ("television",), "fridge": ("refrigerator", "fridge"), "hoover": ("vacuum",),
    "phone": ("smartphone", "phone"), "earphone": ("earbud", "headphone"), "notebook": ("laptop",), "stove": ("hob",),
    "color": ("colour",), "grey": ("gray", "grey"), "speaker": ("speaker",), "mixer": ("mixer",),
}  # fmt: skip
_FILLERS: Final = frozenset({
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "our", "it", "its", "is", "are", "was",
    "be", "do", "does", "did", "have", "has", "had", "can", "could", "would", "will", "i", "you", "we", "they",
    "me", "for", "of", "in", "on", "at", "to", "with", "from", "and", "or", "not", "no", "any", "some", "how",
    "what", "which", "when", "where", "why", "who", "much", "many", "there", "about", "please", "want", "need",
    "know", "tell", "more", "than", "like", "get", "stock", "available", "availability", "sell", "buy", "order",
    "one", "ones", "new", "still", "back", "again", "now", "today", "good", "best", "product", "item", "thing",
    "model", "price", "cost", "colour", "colours", "color", "colors", "size", "sizes", "come", "comes",
})  # fmt: skip


class ProductFinder:
    """Weighs words by how rare they are in the catalogue: "bruna" says more than "kettle"."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._words = [_stems(f"{item.title} {item.attributes.get('type', '')}") for item in items]
        counts = Counter(word for words in self._words for word in words)
        self._weight = {word: math.log(1 + len(items) / count) for word, count in counts.items()}

    def named(self, product: str) -> list[Item]:
        """The items that a product's name means, the things themselves before their parts; [] if none does."""
        return self._best(_stems(product), unknown_counts=True)

    def mentioned(self, text: str) -> list[Item]:
        """The items that a whole sentence mentions; words that name nothing in the catalogue are passed over."""
        naming = {word for item in self._items for word in _stems(_name(item))}
        return self._best(
            {word for word in _stems(text) if any(same in naming for same in _same(word))}, unknown_counts=False
        )

    def meant(self, product: str | None, text: str) -> list[Item]:
        """The items of a product's name, narrowed by what else the sentence says of them ("the white Bruna kettle")."""
        mentioned = self.mentioned(text)
        named = self.named(product) if product else []
        narrowed = [item for item in named if item in mentioned]
        return narrowed or named or mentioned

    def unknown_words(self, text: str) -> str:
        """The words of a sentence that nothing in the catalogue explains, as they were written."""
        written = re.findall(r"[^\W\d_]+", text[:_LONGEST_READ])
        return " ".join(
            word
            for word in written
            if word.lower() not in _FILLERS and not any(same in self._weight for same in _same(_stem(word.lower())))
        )

    def _best(self, wanted: Iterable[str], *, unknown_counts: bool) -> list[Item]:
        wanted = sorted(wanted)
        rarest = math.log(1 + len(self._items)) if self._items else 0.0
        weights = {
            word: max((self._weight.get(same, 0.0) for same in _same(word)), default=0.0)
            or (rarest if unknown_counts else 0.0)
            for word in wanted
        }
        total = sum(weights.values())
        if not total:
            return []
        scores = [
            sum(weights[word] for word in wanted if any(same in words for same in _same(word))) / total
            for words in self._words
        ]
        best = max(scores)
        if best < LEAST_COVERAGE:
            return []
        found = [item for item, score in zip(self._items, scores, strict=True) if score > best - 1e-9]
        # A spare part carries the name of its machine; who says "kettle" means the kettle.
        return [item for item in found if not item.relations or _is_thing(item)] or found


def model_of(item: Item) -> str:
    """What the variants of one item share: "Norrvale Bruna" for every colour of it."""
    return item.attributes.get("model", item.title)


def _name(item: Item) -> str:
    return f"{model_of(item)} {item.attributes.get('type', '')} {item.category}"


def _is_thing(item: Item) -> bool:
    return all(kind.value == "replacement_for" for kind in item.relation_kinds())


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text[:_LONGEST_READ].lower())
    return {_stem(word) for word in words if word not in _FILLERS}


def _same(word: str) -> tuple[str, ...]:
    return (word, *_SAME.get(word, ()))


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
