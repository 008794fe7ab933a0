"""Which line of an order, or which plan, a customer means."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

_ORDINALS: Final = {
    "first": 0, "1": 0, "second": 1, "2": 1, "two": 1, "third": 2, "3": 2, "three": 2,
    "fourth": 3, "4": 3, "four": 3, "fifth": 4, "5": 4, "five": 4, "last": -1,
}  # fmt: skip
_FILLERS: Final = frozenset({
    "a", "an", "the", "it", "is", "it's", "its", "my", "this", "that", "these", "those", "please", "i", "want",
    "to", "would", "like", "return", "send", "back", "one", "of", "and", "for", "number", "item", "thing",
    "with", "from", "order", "product", "plan", "think", "mean", "meant",
})  # fmt: skip


def choose(words: str, titles: Sequence[str]) -> int | None:
    """The index of the title that is meant: by its words, or by its place ("the second one"); None if unclear.

    >>> choose("the blue kettle", ["Toaster Duo", "Kettle Aqua blue", "Kettle Aqua red"])
    1
    """
    if not titles:
        return None
    # "one" alone counts nothing: "this one", "the blue one".
    spoken = re.sub(r"\bnumber one\b", "1", words.lower()).split()
    wanted = {word for word in re.findall(r"[^\W_]+", words[:300].lower()) if word not in _FILLERS}
    scores = [_overlap(wanted, title) for title in titles]
    best = max(scores)
    if best > 0 and scores.count(best) == 1:
        return scores.index(best)
    places = {_ORDINALS[word] for word in (word.strip(".,!#") for word in spoken) if word in _ORDINALS}
    if len(places) != 1:
        return None
    place = places.pop()
    return place % len(titles) if place < len(titles) else None


def _overlap(wanted: Iterable[str], title: str) -> int:
    """How well the words fit a title. The same word counts 3, its other number or its beginning 2."""
    there = set(re.findall(r"[^\W_]+", title.lower()))
    stems = {_stem(word) for word in there}
    score = 0
    for word in wanted:
        if word in there:
            score += 3
        elif len(word) > 1 and (_stem(word) in stems or any(_alike(_stem(word), stem) for stem in stems)):
            score += 2
    return score


def _alike(word: str, other: str) -> bool:
    # "washing" finds "washingmachine"; short words must be the same.
    return len(word) >= 5 and (other.startswith(word) or (len(other) >= 5 and word.startswith(other)))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
