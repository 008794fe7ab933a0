"""An index of items: exact filters, files that are never trusted blindly, several processes, another encoder."""

import json
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from recommender.embedding.texts import text_of
from recommender.errors import EncoderError
from recommender.index import EncoderChangedError, ItemIndex, merging
from tests.recommender.fakes import item
from tests.recommender.index.drawn import DrawnEncoder
from vocabulary import Item

ENCODER = DrawnEncoder()


def things(count: int, first: int = 0) -> list[Item]:
    return [item(f"thing-{n}", f"Thing number {n}", "1.00") for n in range(first, first + count)]


def opened(folder: Path, count: int = 50, **options: int) -> ItemIndex:
    index = ItemIndex.open(folder, DrawnEncoder(), **options)
    index.sync(things(count), whole=True, version=1)
    index.save()
    return index


def nearest_ids(index: ItemIndex, one: Item, k: int = 1) -> list[str | None]:
    slots, _ = index.search(ENCODER.direction(text_of(one)), k)
    return [index.ids[slot] for slot in slots.tolist()]


def test_each_item_is_nearest_to_its_own_text(tmp_path: Path) -> None:
    index = opened(tmp_path)
    assert [nearest_ids(index, one) for one in things(50)] == [[one.id] for one in things(50)]


def test_an_empty_index_answers_nothing(tmp_path: Path) -> None:
    index = ItemIndex.open(tmp_path, DrawnEncoder())
    index.save()
    assert nearest_ids(index, things(1)[0]) == []
    assert (len(index), index.capacity, index.slot("thing-0"), index.vector("thing-0")) == (0, 0, None, None)
    assert len(ItemIndex.open(tmp_path, DrawnEncoder())) == 0


def test_deleted_items_stay_away_whatever_the_filter_says(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.sync([], ["thing-3", "thing-4", "never there"])
    everything = np.ones(index.capacity, dtype=np.bool_)
    for passing in (None, everything, everything[:10], np.ones(500, dtype=np.bool_)):
        slots, _ = index.search(ENCODER.direction("x"), 50, passing)
        assert {index.ids[slot] for slot in slots.tolist()}.isdisjoint({None, "thing-3", "thing-4"})
    assert len(slots) == 48
    assert nearest_ids(index, things(50)[3]) != ["thing-3"]


def test_a_deleted_item_can_return(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.sync([], ["thing-3"])
    done = index.sync(things(50)[3:4])
    assert (done.embedded, done.changed) == (0, 1)
    assert nearest_ids(index, things(50)[3]) == ["thing-3"]


def test_prices_and_stock_change_nothing_here(tmp_path: Path) -> None:
    index = opened(tmp_path)
    view = index.view
    done = index.sync([replace(one, price=Decimal("9.99"), stock=0) for one in things(50)], whole=True)
    assert (done.embedded, done.changed) == (0, 0)
    assert index.view is view


def test_items_with_one_text_share_a_vector_and_are_all_found(tmp_path: Path) -> None:
    index = opened(tmp_path)
    twins = [replace(things(1)[0], id=f"twin-{n}") for n in range(3)]
    assert index.sync(twins).embedded == 0
    assert nearest_ids(index, things(1)[0], 4) == ["thing-0", "twin-0", "twin-1", "twin-2"]
    index.sync([], ["thing-0", "twin-1"])
    assert nearest_ids(index, things(1)[0], 2) == ["twin-0", "twin-2"]


def test_a_slot_stays_while_the_item_lives(tmp_path: Path) -> None:
    index = opened(tmp_path)
    before = index.slot("thing-7")
    index.sync([item("thing-7", "Something else", "1.00"), *things(5, first=100)], ["thing-6", "thing-8"])
    assert index.slot("thing-7") == before
    assert nearest_ids(index, item("thing-7", "Something else", "1.00")) == ["thing-7"]


def test_a_view_answers_the_same_for_ever(tmp_path: Path) -> None:
    index = opened(tmp_path)
    view, query = index.view, ENCODER.direction("x")
    before = view.search(query, 5)
    index.sync(things(20, first=200), [f"thing-{n}" for n in range(40)])
    for old, now in zip(before, view.search(query, 5), strict=True):
        np.testing.assert_array_equal(old, now)


def test_cosines_and_vectors_are_those_of_the_texts(tmp_path: Path) -> None:
    index = opened(tmp_path)
    query = ENCODER.direction("x")
    slots = np.array([index.slot("thing-9"), index.slot("thing-2")])
    rows = [ENCODER.direction(text_of(things(50)[n])) for n in (9, 2)]
    np.testing.assert_allclose(index.cosines(query, slots), [row @ query for row in rows], atol=1e-6)
    vector = index.vector("thing-9")
    assert vector is not None
    np.testing.assert_array_equal(vector, rows[0])
    index.sync([], ["thing-9"])
    with pytest.raises(ValueError, match="free"):
        index.cosines(query, slots)


@pytest.mark.parametrize(
    "vector",
    [np.zeros(23), np.zeros((1, 24)), np.full(24, np.nan), np.full(24, np.inf)],
    ids=["short", "two-dimensional", "nan", "infinite"],
)
def test_what_is_no_vector_is_refused(tmp_path: Path, vector: np.ndarray) -> None:
    with pytest.raises(ValueError, match="24 finite numbers"):
        opened(tmp_path).search(vector.astype(np.float32), 1)


@pytest.mark.parametrize("exact_up_to", [100_000, 2_000], ids=["flat", "compressed"])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5])
def test_a_filtered_search_equals_comparing_every_passing_item(
    tmp_path_factory: pytest.TempPathFactory, exact_up_to: int, share: float
) -> None:
    index = _large(tmp_path_factory, exact_up_to)
    draw = np.random.default_rng(4)
    passing = draw.random(index.capacity) < share
    for n in range(20):
        query = ENCODER.direction(f"query {n}")
        slots, cosines = index.search(query, 10, passing)
        truth = np.sort(index.cosines(query, np.flatnonzero(passing)))[::-1][:10]
        np.testing.assert_allclose(cosines, truth, atol=1e-6)
        assert passing[slots].all()


_LARGE: dict[int, ItemIndex] = {}


def _large(tmp_path_factory: pytest.TempPathFactory, exact_up_to: int) -> ItemIndex:
    if exact_up_to not in _LARGE:
        _LARGE[exact_up_to] = opened(tmp_path_factory.mktemp("large"), 3_000, exact_up_to=exact_up_to)
    return _LARGE[exact_up_to]


def test_the_size_chooses_the_kind_of_base(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert _large(tmp_path_factory, 100_000).stats()["kind"] == "flat"
    assert _large(tmp_path_factory, 2_000).stats()["kind"] == "ivf-pq"
    assert _large(tmp_path_factory, 2_000).stats()["tuning"]["recall"] > 0.9


def test_a_restart_embeds_nothing_and_maps_the_base(tmp_path: Path) -> None:
    opened(tmp_path, 2_100)
    encoder = DrawnEncoder()
    index = ItemIndex.open(tmp_path, encoder)
    assert index.sync(things(2_100), whole=True, version=1).changed == 0
    assert encoder.embedded == 0
    assert index.stats()["kind"] == "flat"
    assert nearest_ids(index, things(2_100)[1_987]) == ["thing-1987"]


def test_only_a_changed_text_is_embedded(tmp_path: Path) -> None:
    index = opened(tmp_path)
    done = index.sync([*things(49), item("thing-49", "Another text", "1.00")], whole=True)
    assert (done.embedded, done.changed) == (1, 1)


def test_progress_tells_what_is_embedded(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    index = ItemIndex.open(tmp_path, DrawnEncoder())
    index.sync(things(600), progress=lambda done, total: told.append((done, total)))
    assert told == [(256, 600), (512, 600), (600, 600)]
    index.sync(things(600), progress=lambda done, total: told.append((done, total)))
    assert len(told) == 3


@pytest.mark.parametrize("damaged", ["items-*", "base-*", "rows-*", "index.json", "texts-*.f32", "texts-*.keys"])
@pytest.mark.parametrize("way", ["cut", "garbled", "gone", "empty"])
def test_damaged_files_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: str, way: str) -> None:
    monkeypatch.setattr(merging, "OVERLAY_ROWS", 20)
    opened(tmp_path, 90)
    (path,) = tmp_path.glob(damaged)
    data = path.read_bytes()
    half = len(data) // 2
    if way == "gone":
        path.unlink()
    elif way == "garbled":
        path.write_bytes(data[:half] + bytes(255 - byte for byte in data[half:]))
    else:
        path.write_bytes(data[:half] if way == "cut" else b"")
    index = ItemIndex.open(tmp_path, DrawnEncoder())
    index.sync(things(90), whole=True, version=2)
    index.save()
    for n in (0, 44, 89):
        assert nearest_ids(index, things(90)[n]) == [f"thing-{n}"]
    again = DrawnEncoder()
    assert ItemIndex.open(tmp_path, again).sync(things(90), whole=True).changed == 0
    assert again.embedded == 0


def test_a_meta_file_that_points_elsewhere_reads_nothing_there(tmp_path: Path) -> None:
    opened(tmp_path / "index")
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    meta = tmp_path / "index" / "index.json"
    held = json.loads(meta.read_text())
    held["items"]["name"] = "../secret"
    meta.write_text(json.dumps(held))
    assert len(ItemIndex.open(tmp_path / "index", DrawnEncoder())) == 0


def test_another_encoder_is_refused_with_the_next_step(tmp_path: Path) -> None:
    opened(tmp_path)
    other = DrawnEncoder("drawn-2", dimensions=12)
    with pytest.raises(EncoderChangedError, match=r"made by drawn-1.*is drawn-2.*catalogue index --rebuild"):
        ItemIndex.open(tmp_path, other)
    index = ItemIndex.open(tmp_path, other, rebuild=True)
    assert index.sync(things(50), whole=True).embedded == 50
    index.save()
    assert len(ItemIndex.open(tmp_path, DrawnEncoder("drawn-2", dimensions=12))) == 50
    assert len(list(tmp_path.glob("texts-*.f32"))) == 1


def test_a_process_with_the_old_encoder_does_not_overwrite_the_new_index(tmp_path: Path) -> None:
    old = opened(tmp_path)
    new = ItemIndex.open(tmp_path, DrawnEncoder("drawn-2"), rebuild=True)
    new.sync(things(50), whole=True, version=1)
    new.save()
    with pytest.raises(EncoderChangedError):
        old.sync(things(3, first=900), version=2)
    assert nearest_ids(old, things(50)[5]) == ["thing-5"]
    assert len(ItemIndex.open(tmp_path, DrawnEncoder("drawn-2"))) == 50


def test_rows_that_are_no_unit_vectors_are_refused(tmp_path: Path) -> None:
    class Broken(DrawnEncoder):
        def encode(self, texts: object) -> np.ndarray:
            return np.full((len(list(texts)), self.dimensions), np.nan, dtype=np.float32)  # type: ignore[call-overload]

    index = ItemIndex.open(tmp_path, Broken())
    with pytest.raises(EncoderError, match="length 1"):
        index.sync(things(3))
    assert len(index) == 0


def test_texts_of_any_kind_have_a_vector(tmp_path: Path) -> None:
    odd = [
        item("a", "", "1.00"),
        item("b", "\ud800", "1.00"),
        item("c", "word " * 100_000, "1.00"),
        item("d", "\0", "1.00"),
    ]
    index = ItemIndex.open(tmp_path, DrawnEncoder())
    assert index.sync(odd).changed == 4
    assert len(text_of(odd[2])) <= 2_048


def test_another_process_sees_what_is_saved(tmp_path: Path) -> None:
    one, two = opened(tmp_path), ItemIndex.open(tmp_path, DrawnEncoder())
    assert not two.refresh()
    one.sync(things(10, first=70), ["thing-1"], version=2)
    assert not two.refresh()
    one.save()
    slot = two.slot("thing-20")
    assert two.refresh()
    assert (two.slot("thing-1"), two.slot("thing-20"), two.version, len(two)) == (None, slot, 2, 59)
    assert nearest_ids(two, things(1, first=75)[0]) == ["thing-75"]
    assert not two.refresh()


def test_who_knows_an_older_catalogue_does_not_overwrite_a_newer_one(tmp_path: Path) -> None:
    one, two = opened(tmp_path), ItemIndex.open(tmp_path, DrawnEncoder())
    two.sync(things(5, first=300), version=2)
    one.sync(things(5, first=400), version=3)
    one.save()
    two.save()
    assert two.version == 3
    assert ItemIndex.open(tmp_path, DrawnEncoder()).slot("thing-401") is not None


def test_texts_that_no_item_has_are_left_behind_also_by_the_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.index.item_index._LEFT_BEHIND_ROWS", 10)
    one, two = opened(tmp_path), ItemIndex.open(tmp_path, DrawnEncoder())
    two.sync(things(3, first=900), version=8)
    for turn in range(4):
        one.sync([item(f"thing-{n}", f"Turn {turn} of {n}", "1.00") for n in range(50)], version=turn + 2)
    one.save()
    assert one.stats()["texts"] == 50
    assert two.sync(things(1, first=950), version=9).embedded == 1
    assert {two.slot("thing-900"), two.slot("thing-950")}.isdisjoint({None})
    assert nearest_ids(two, things(1, first=901)[0]) == ["thing-901"]
    two.save()
    assert nearest_ids(ItemIndex.open(tmp_path, DrawnEncoder()), things(1, first=902)[0]) == ["thing-902"]


def test_a_base_is_built_in_the_background_while_searches_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "OVERLAY_ROWS", 100)
    index = ItemIndex.open(tmp_path, DrawnEncoder(), exact_up_to=500)
    index.sync(things(700))
    assert index.stats()["merging"]
    looked = 0
    while index.stats()["merging"]:
        assert nearest_ids(index, things(1, first=looked % 700)[0]) == [f"thing-{looked % 700}"]
        looked += 1
        time.sleep(0.001)
    assert looked > 3
    assert (index.stats()["kind"], index.stats()["overlay"], index.stats()["failure"]) == ("ivf-pq", 0, None)
    assert ItemIndex.open(tmp_path, DrawnEncoder()).stats()["kind"] == "ivf-pq"


class Slow(DrawnEncoder):
    """Takes its time, so that it can be killed in the middle."""

    def encode(self, texts: object) -> np.ndarray:
        time.sleep(0.05)
        return super().encode(texts)  # type: ignore[arg-type]


def _embed(folder: Path, count: int) -> None:
    ItemIndex.open(folder, Slow()).sync(things(count))


def test_a_killed_process_loses_a_chunk_at_most(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_embed, args=(tmp_path, 6_000))
    process.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and sum(path.stat().st_size for path in tmp_path.glob("*.keys")) < 20 * 512:
        time.sleep(0.02)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    kept = sum(path.stat().st_size for path in tmp_path.glob("*.keys")) // 20
    assert 0 < kept < 6_000
    index = ItemIndex.open(tmp_path, DrawnEncoder())
    assert len(index) == 0
    assert index.sync(things(6_000)).embedded <= 6_000 - kept
    assert nearest_ids(index, things(1, first=5)[0]) == ["thing-5"]


def _sync_all(folder: Path, first: int) -> None:
    encoder = Slow()
    index = ItemIndex.open(folder, encoder)
    index.sync(things(2_000, first=first), version=1)
    index.save()


def test_two_processes_at_once_embed_each_text_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_sync_all, args=(tmp_path, first)) for first in (0, 1_000)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    encoder = DrawnEncoder()
    index = ItemIndex.open(tmp_path, encoder)
    index.sync(things(3_000), whole=True, version=2)
    assert encoder.embedded == 0
    assert index.stats()["texts"] == 3_000
    assert nearest_ids(index, things(1, first=2_999)[0]) == ["thing-2999"]
