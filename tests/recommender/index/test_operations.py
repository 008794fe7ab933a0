"""Random changes, saves, restarts and a second process, against comparing every item in a dictionary.

`pytest tests/recommender/index/test_operations.py --operations 1000000` runs the full one.
"""

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.embedding.texts import text_of
from recommender.index import ItemIndex, merging, searching
from recommender.index import item_index as tuned
from tests.recommender.fakes import item
from tests.recommender.index.drawn import DrawnEncoder
from vocabulary import Item

LARGEST = 400
TEXTS = 900


class Truth:
    """What the catalogue holds, item by item, and what a search must give."""

    def __init__(self, encoder: DrawnEncoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self.items: dict[str, Item] = {}

    def vector(self, one: Item) -> NDArray[np.float32]:
        text = text_of(one)
        if text not in self._vectors:
            self._vectors[text] = self._encoder.direction(text)
        return self._vectors[text]

    def check(self, index: ItemIndex, draw: random.Random, *, exact: bool) -> None:
        """Nothing that is gone is found, nothing that lives is lost, cosines and order are right."""
        ids = index.ids
        assert {one for one in ids if one is not None} == self.items.keys()
        assert len(index) == len(self.items)
        share = draw.choice([0.0, 0.02, 0.3, 1.0, 1.0])
        passing = None
        if share < 1 or draw.random() < 0.3:
            passing = np.array([draw.random() < share for _ in range(index.capacity)], dtype=np.bool_)
        query = self._encoder.direction(str(draw.random()))
        k = draw.choice([1, 5, 40, LARGEST * 2])
        slots, cosines = index.search(query, k, passing)
        wanted = {
            one.id: float(self.vector(one) @ query)
            for slot, item_id in enumerate(ids)
            if item_id is not None and (passing is None or passing[slot])
            for one in [self.items[item_id]]
        }
        assert len(slots) == min(k, len(wanted))
        assert len(set(slots.tolist())) == len(slots)
        found = [ids[slot] for slot in slots.tolist()]
        expected = [wanted[item_id] for item_id in found if item_id is not None]
        np.testing.assert_allclose(cosines, expected, atol=1e-5)
        assert np.all(np.diff(cosines) <= 1e-6)
        if exact:
            best = sorted(wanted.values(), reverse=True)[: len(slots)]
            np.testing.assert_allclose(cosines, best, atol=1e-5)


@pytest.mark.parametrize("exact", [True, False], ids=["flat", "compressed"])
def test_random_operations_lose_nothing_and_bring_nothing_back(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    operations = int(request.config.getoption("--operations"))
    # Small limits, so that bases are merged, compressed and left behind all the time.
    monkeypatch.setattr(merging, "OVERLAY_ROWS", 30)
    monkeypatch.setattr(searching, "COMPARED_UP_TO", 40)
    monkeypatch.setattr(tuned, "_LEFT_BEHIND_ROWS", 200)
    draw = random.Random(f"operations {exact}")
    encoder = DrawnEncoder()
    truth = Truth(encoder)
    exact_up_to = LARGEST * 2 if exact else 50
    index = ItemIndex.open(tmp_path, encoder, exact_up_to=exact_up_to)
    other = ItemIndex.open(tmp_path, encoder, exact_up_to=exact_up_to)
    done = version = 0
    while done < operations:
        changed: dict[str, Item] = {}
        gone: set[str] = set()
        for _ in range(draw.randint(1, 60)):
            item_id = f"item-{draw.randrange(LARGEST)}"
            if item_id in truth.items and draw.random() < 0.45:
                gone.add(item_id)
                changed.pop(item_id, None)
                truth.items.pop(item_id)
            else:
                changed[item_id] = truth.items[item_id] = item(item_id, f"Thing {draw.randrange(TEXTS)}", "1.00")
                gone.discard(item_id)
            done += 1
        version += 1
        whole = draw.random() < 0.02
        index.sync(list(truth.items.values()) if whole else changed.values(), gone, whole=whole, version=version)
        if draw.random() < 0.3:
            truth.check(index, draw, exact=exact)
        step = draw.random()
        if step < 0.05:
            index.save(wait=draw.random() < 0.5)
            done += 1
        elif step < 0.07:
            # A process that ends without a word: what was synced since the last save is in the catalogue alone.
            index = ItemIndex.open(tmp_path, encoder, exact_up_to=exact_up_to)
            index.sync(truth.items.values(), whole=True, version=version)
            done += 1
        elif step < 0.1:
            index.save(wait=False)
            other.refresh()
            truth.check(other, draw, exact=exact)
            index, other = other, index
            index.sync(truth.items.values(), whole=True, version=version)
            done += 2
    index.save()
    truth.check(ItemIndex.open(tmp_path, encoder, exact_up_to=exact_up_to), draw, exact=exact)
    assert index.stats()["failure"] is None
