"""How many items a second the encoder reads, and that a second import reads none."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from recommender import OnnxEncoder
from recommender.embedding.texts import text_of
from recommender.index import ItemIndex
from shop import generate_catalogue
from vocabulary import Item

WORDS: Final = 31
"""Of the demo's texts, which makes 45 tokens of all-MiniLM-L6-v2 on average."""


def bench_embedding(items: int, threads: int, encoder_dir: Path) -> dict[str, Any]:
    """Take items of about 45 tokens into an empty index, and then once more.

    tokens: mean of a text, its two marks included. items_per_s: from items to an index that can be asked, checksums and
    writing included. again: texts that were embedded the second time.
    """
    demo = [item for item in generate_catalogue() if len(_words(item)) >= WORDS]
    several = [_short(demo[number % len(demo)], number) for number in range(items)]
    encoder = OnnxEncoder(encoder_dir, threads=threads, cache_size=0)
    encoder.encode(["a warm start"])
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        index = ItemIndex.open(Path(folder), encoder)
        start = time.perf_counter()
        index.sync(several, whole=True)
        seconds = time.perf_counter() - start
        index.save()
        again = ItemIndex.open(Path(folder), encoder).sync(several, whole=True).embedded
    return {
        "items": items,
        "threads": threads,
        "tokens": round(encoder.tokens([text_of(item) for item in several]), 1),
        "items_per_s": round(items / seconds, 1),
        "seconds": round(seconds, 2),
        "again": again,
    }


def _words(item: Item) -> list[str]:
    return f"{item.title}. {item.category}. {item.description}".split()


def _short(item: Item, number: int) -> Item:
    """The item with a number of its own, so that no two texts are equal, and no more words than WORDS."""
    rest = WORDS - len(f"{item.title} {item.category}".split()) - 1
    words = " ".join(item.description.split()[:rest])
    return replace(item, id=str(number), description=f"{words} {number}", attributes={}, relations=(), path=())
