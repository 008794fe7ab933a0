"""What the values of a column look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from recommender.catalogue.amounts import currency_in, looks_like_amount
from recommender.catalogue.categories import find_separator
from recommender.catalogue.values import as_stock, as_text, as_truth

_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|bmp|svg)$", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_SHOWN: Final = 3
_SHOWN_LENGTH: Final = 80


@dataclass(frozen=True)
class Profile:
    """Shares are of the filled values, 0 to 1; filled is of all rows. length: characters, on average.

    distinct: of the filled values, how many differ. paths: what separates levels, if values are paths of categories.
    counting: whole numbers with one distance, as rows have. samples: the first different values, cut.
    """

    filled: float
    distinct: float
    different: int
    length: float
    words: float
    amounts: float
    money: float
    whole: float
    addresses: float
    pictures: float
    truths: float
    stocks: float
    letters: float
    paths: str | None
    counting: bool
    samples: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[Any]) -> "Profile":
        """Of one column's cells, in the file's order."""
        pairs = [(text, value) for value in values if (text := as_text(value))]
        texts = [text for text, _ in pairs]
        n = max(1, len(texts))
        short = [text[:400] for text in texts]
        firsts = [_first(value, text) for text, value in pairs]
        addresses = [first for first in firsts if first.lower().startswith(("http://", "https://", "//"))]
        different = list(dict.fromkeys(texts))
        numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
        return cls(
            filled=len(texts) / max(1, len(values)),
            distinct=len(different) / n,
            different=len(different),
            length=sum(map(len, texts)) / n,
            words=sum(len(text.split()) for text in short) / n,
            amounts=sum(map(looks_like_amount, short)) / n,
            money=sum(
                looks_like_amount(text) and currency_in(re.sub(r"[\d.,\s]", " ", text)) is not None for text in short
            )
            / n,
            whole=len(numbers) / n,
            addresses=len(addresses) / n,
            pictures=sum(_is_picture(address) for address in addresses) / n,
            truths=sum(as_truth(value) is not None for _, value in pairs) / n,
            stocks=sum(
                as_stock(text)[1] and not text[:1].isdigit() and as_truth(text) is None
                for text in short
                if len(text) < 30
            )
            / n,
            letters=sum(_LETTERS.search(text) is not None for text in short) / n,
            paths=find_separator([value for _, value in pairs[:1000]]),
            counting=len(numbers) == n > 2
            and len({b - a for a, b in pairwise(numbers[:50])}) == 1
            and numbers[1] > numbers[0],
            samples=tuple(_cut(text) for text in different[:_SHOWN]),
        )


def _first(value: Any, text: str) -> str:
    if isinstance(value, list | tuple) and value:
        return as_text(value[0])
    return re.split(r"[,;|\s]", text, maxsplit=1)[0]


def _is_picture(address: str) -> bool:
    try:
        return _PICTURE.search(urlsplit(address).path) is not None
    except ValueError:
        return False


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"
