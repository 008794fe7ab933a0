"""The index of items and the recommender at the size of a large shop, beside FAISS alone."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import shop
from benchmarks.recommend_texts import product_texts
from benchmarks.recommend_vectors import drawn_vectors, text_vectors
from recommender import OnnxEncoder, Recommender, Request
from recommender.candidates import DEPTH
from recommender.columns import Columns
from recommender.filters import Filters
from recommender.index import ItemIndex
from vocabulary import Item, TextEncoder

QUERIES: Final = 200
NEIGHBOURS: Final = 10
ROUNDS: Final = 4
FILTERS: Final = (0.001, 0.01, 0.1, 0.5)
SITUATIONS: Final = Path(shop.__file__).parent / "judged" / "situations.json"
SOLD_OUT: Final = 0.05
VECTORS: Final = ("synthetic", "minilm")

Told = Callable[[str, int, int], None]


class KnownVectors:
    """An encoder whose rows are there already: text n of a list has row n."""

    version = "bench"

    def __init__(self, texts: Sequence[str], rows: NDArray[np.float32]) -> None:
        self._numbers = {text: number for number, text in enumerate(texts)}
        self._rows = rows
        self.dimensions = rows.shape[1]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `TextEncoder`. Each text begins with one that is known and a full stop."""
        return np.asarray(self._rows[[self._numbers[text.partition(". ")[0]] for text in texts]])


def bench_recommend(items: int, vectors: str, encoder_dir: Path, cache: Path, told: Told) -> dict[str, Any]:
    """Build an index and search it, in one process, one thread.

    vectors: "synthetic" (drawn around centres) or "minilm" (short product texts by the product's encoder). cache:
    where embedded texts are kept for the next run. told: (what is done, done, total).

    words_recall_at_10: with minilm, of what people ask the demo shop (the situations that may be looked at).
    recall_at_10: share of the ten nearest, by comparing all, that the index finds. p50_ms, p95_ms: what the
    recommender does by meaning: filters that leave out what is sold out, then the DEPTH nearest of the others.
    raw_p50_ms: FAISS's own index, asked for ten without a filter, query by query in turn with it, each first in half of
    them. filtered: recall of
    the ten nearest where so small a share passes. index_mb: FAISS's files; vectors_mb: the exact vectors, mapped.
    """
    texts, rows, queries = _material(items, vectors, encoder_dir, cache, told)
    encoder = KnownVectors(texts, rows)
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        index = ItemIndex.open(Path(folder), encoder)
        start = time.perf_counter()
        index.sync(_items(texts), whole=True, version=1, progress=lambda done, total: told("vectors", done, total))
        synced_s = time.perf_counter() - start
        start = time.perf_counter()
        told("base", 0, 1)
        index.save()
        built_s = time.perf_counter() - start
        start = time.perf_counter()
        index = ItemIndex.open(Path(folder), encoder)
        opened_s = time.perf_counter() - start
        told("questions", 0, 1)
        figures = _measure(index, texts, rows, queries)
        if vectors == "minilm":
            asked = _people_ask(encoder_dir)
            figures["words_recall_at_10"] = _recall(index, rows, asked)
        stats = index.stats()
    return {
        "items": items,
        "vectors": vectors,
        "dimensions": rows.shape[1],
        "queries": len(queries),
        "kind": stats["kind"],
        **figures,
        "index_mb": stats["index_mb"],
        "vectors_mb": stats["vectors_mb"],
        "tuning": stats["tuning"],
        "sync_s": round(synced_s, 1),
        "build_s": round(built_s, 1),
        "open_s": round(opened_s, 2),
    }


def bench_hybrid(items: int, encoder_dir: Path, cache: Path, told: Told) -> dict[str, Any]:
    """`Recommender.recommend` with real words: encoding, meaning, BM25, fusion, filters, ranking, reasons."""
    texts, rows, _ = _material(items, "minilm", encoder_dir, cache, told)
    encoder = OnnxEncoder(encoder_dir, threads=1, cache_size=0)

    class Both(KnownVectors):
        """Catalogue texts have rows already; a customer's words are embedded."""

        def encode(self, asked: Sequence[str]) -> NDArray[np.float32]:
            return super().encode(asked) if ". " in asked[0] else encoder.encode(asked)

    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        start = time.perf_counter()
        recommender = Recommender.open(Path(folder), Both(texts, rows), items=list(_items(texts)))
        built_s = time.perf_counter() - start
        queries = [text.replace(",", "") for text in product_texts(QUERIES, seed=62)]
        spent, encoding, shown = [], [], 0
        for query in queries:
            start = time.perf_counter()
            encoder.encode([query])
            middle = time.perf_counter()
            shown += len(recommender.recommend(Request(query)).suggestions)
            spent.append(time.perf_counter() - middle)
            encoding.append(middle - start)
    return {
        "items": items,
        "vectors": "minilm",
        "queries": len(queries),
        **_times("hybrid", spent),
        "encoding_p50_ms": _times("encoding", encoding)["encoding_p50_ms"],
        "shown": shown,
        "build_s": round(built_s, 1),
    }


def _material(
    items: int, vectors: str, encoder_dir: Path, cache: Path, told: Told
) -> tuple[Sequence[str], NDArray[np.float32], NDArray[np.float32]]:
    """Texts, their rows, and rows to ask with, which are of no item."""
    if vectors == "synthetic":
        drawn = drawn_vectors(items + QUERIES)
        return [f"Item {number}" for number in range(items)], drawn[:items], np.array(drawn[items:])
    encoder: TextEncoder = OnnxEncoder(encoder_dir, cache_size=0, batch_size=32)
    rows = text_vectors(items, encoder, cache, lambda done, total: told("texts", done, total))
    texts = list(product_texts(items))
    known = set(texts)
    others = [text for text in product_texts(3 * QUERIES, seed=62) if text not in known][:QUERIES]
    return texts, rows, encoder.encode(others)


def _items(texts: Sequence[str]) -> Iterator[Item]:
    return (Item(str(number), text, "", "Things", None, None, {}) for number, text in enumerate(texts))


def _measure(
    index: ItemIndex, texts: Sequence[str], rows: NDArray[np.float32], queries: NDArray[np.float32]
) -> dict[str, Any]:
    draw = np.random.default_rng(1)
    slots = np.array([index.slot(str(number)) for number in range(len(texts))], dtype=np.int64)
    columns = _columns(index, texts, draw.random(len(texts)) < SOLD_OUT)
    view, base = index.view, index.view.base
    if base is None:
        raise ValueError("there are too few items for a base; measure with more than 2000.")
    nearest = _truth(rows, queries, np.arange(len(rows)))
    recall: list[float] = []
    spent: dict[str, list[float]] = {"dense": [], "raw": []}
    parameters = None if base.tuning is None else base.tuning.parameters(NEIGHBOURS)
    ways: dict[str, Callable[[NDArray[np.float32]], object]] = {
        "dense": lambda query: view.search(query, DEPTH, columns.passing(Filters())),
        "raw": lambda query: base.index.search(query[None], NEIGHBOURS, params=parameters),
    }
    for turn in range(ROUNDS):
        for number, query in enumerate(queries):
            # Who comes second finds the lists in the processor's cache: they take turns at that, too.
            for name in sorted(ways, reverse=bool((turn + number) % 2)):
                start = time.perf_counter()
                ways[name](query)
                spent[name].append(time.perf_counter() - start)
            if not turn:
                found = view.search(query, NEIGHBOURS)[0]
                recall.append(len(np.intersect1d(found, slots[nearest[number]])) / NEIGHBOURS)
    return {
        "recall_at_10": round(float(np.mean(recall)), 4),
        **_times("", spent["dense"]),
        "raw_p50_ms": _times("", spent["raw"])["p50_ms"],
        "filtered": {str(share): _filtered(index, rows, queries, slots, share) for share in FILTERS},
    }


def _recall(index: ItemIndex, rows: NDArray[np.float32], queries: NDArray[np.float32]) -> float:
    slots = np.array([index.slot(str(number)) for number in range(len(rows))], dtype=np.int64)
    nearest = _truth(rows, queries, np.arange(len(rows)))
    found = [index.search(query, NEIGHBOURS)[0] for query in queries]
    shares = [len(np.intersect1d(one, slots[near])) / NEIGHBOURS for one, near in zip(found, nearest, strict=True)]
    return round(float(np.mean(shares)), 4)


def _people_ask(encoder_dir: Path) -> NDArray[np.float32]:
    situations = json.loads(SITUATIONS.read_text(encoding="utf-8"))
    asked = sorted({one["query"] for one in situations if one["split"] == "tune" and one["query"]})
    return OnnxEncoder(encoder_dir, cache_size=0).encode(asked)


def _filtered(
    index: ItemIndex, rows: NDArray[np.float32], queries: NDArray[np.float32], slots: NDArray[np.int64], share: float
) -> dict[str, float]:
    chosen = np.sort(np.random.default_rng(2).choice(len(rows), max(1, int(share * len(rows))), replace=False))
    passing = np.zeros(index.capacity, dtype=np.bool_)
    passing[slots[chosen]] = True
    nearest = _truth(rows, queries, chosen)
    recall, spent = [], []
    for number, query in enumerate(queries):
        start = time.perf_counter()
        found = index.search(query, NEIGHBOURS, passing)[0]
        spent.append(time.perf_counter() - start)
        recall.append(len(np.intersect1d(found, slots[nearest[number]])) / min(NEIGHBOURS, len(chosen)))
    return {"recall_at_10": round(float(np.mean(recall)), 4), **_times("", spent)}


def _truth(
    rows: NDArray[np.float32], queries: NDArray[np.float32], among: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """The nearest rows of each query, by comparing all of `among`."""
    cosines = np.empty((len(queries), len(among)), dtype=np.float32)
    for start in range(0, len(among), 50_000):
        cosines[:, start : start + 50_000] = queries @ rows[among[start : start + 50_000]].T
    return [among[np.argpartition(-one, min(NEIGHBOURS, len(one) - 1))[:NEIGHBOURS]] for one in cosines]


def _columns(index: ItemIndex, texts: Sequence[str], sold_out: NDArray[np.bool_]) -> Columns:
    columns = Columns()
    for number, text in enumerate(texts):
        slot = index.slot(str(number))
        if slot is not None:
            columns.put(slot, Item(str(number), text, "", "Things", None, 0 if sold_out[number] else 1, {}), ())
    return columns


def _times(name: str, seconds: Sequence[float]) -> dict[str, float]:
    before = f"{name}_" if name else ""
    return {
        f"{before}p50_ms": round(float(np.percentile(seconds, 50)) * 1e3, 3),
        f"{before}p95_ms": round(float(np.percentile(seconds, 95)) * 1e3, 3),
    }
