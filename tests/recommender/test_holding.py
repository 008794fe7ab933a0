"""The catalogue held in three ways: changes are seen at once, by every way, in any order."""

import random
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from recommender import EncoderError, Filters, Recommender, Request
from tests.recommender.fakes import WordEncoder, item, small_shop
from vocabulary import CatalogueChanges, Item, RelationKind


def shown(recommender: Recommender, query: str, **asked: object) -> set[str]:
    return {one.item_id for one in recommender.recommend(Request(query, limit=20, **asked)).suggestions}  # type: ignore[arg-type]


def test_changes_are_seen_at_once(tmp_path: Path) -> None:
    recommender = Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    cheap = replace(small_shop()[2], price=Decimal("1.00"))
    new = item("samovar", "Brass samovar", "90.00", category="Samovars", type="samovar")
    recommender.update(CatalogueChanges(7, (cheap, new), removed=("toaster-wide",)))
    assert recommender.version == 7
    assert recommender.item("kettle-plain") == cheap
    assert shown(recommender, "brass samovar") >= {"samovar"}
    assert "Samovars" in recommender.categories
    assert "toaster-wide" not in shown(recommender, "wide toaster")
    assert recommender.item("toaster-wide") is None


def test_prices_and_stock_do_not_wait_for_the_encoder(tmp_path: Path) -> None:
    class Broken(WordEncoder):
        fails = False

        def encode(self, texts):  # type: ignore[no-untyped-def]
            if self.fails:
                raise EncoderError("the encoder is down. Make it again with `recommender.export_encoder(folder)`.")
            return super().encode(texts)

    encoder = Broken()
    recommender = Recommender.open(tmp_path, encoder, items=small_shop())
    encoder.fails = True
    changed = replace(small_shop()[2], price=Decimal("2.00"), title="Renamed kettle")
    with pytest.raises(EncoderError):
        recommender.update(CatalogueChanges(3, (changed,), removed=("filter",)))
    now = recommender.item("kettle-plain")
    assert now is not None and (now.price, now.title) == (Decimal("2.00"), "Plain kettle")
    assert recommender.item("filter") is None
    assert recommender.version == 0
    encoder.fails = False
    recommender.update(CatalogueChanges(3, (changed,), removed=("filter",)))
    assert (recommender.item("kettle-plain"), recommender.version) == (changed, 3)


def test_what_belongs_to_an_item_follows_its_relations(tmp_path: Path) -> None:
    recommender = Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    assert "tea-set" in shown(recommender, "", about=["kettle-quiet"])
    tea_set = next(one for one in small_shop() if one.id == "tea-set")
    recommender.update(CatalogueChanges(1, (replace(tea_set, relations=()),)))
    assert "tea-set" not in shown(recommender, "", about=["kettle-quiet"])


def test_any_run_of_changes_answers_like_a_catalogue_opened_anew(tmp_path: Path) -> None:
    rng = random.Random(4)
    names = ["kettle", "toaster", "lamp", "fan"]
    held: dict[str, Item] = {}
    changing = Recommender.open(tmp_path / "one", WordEncoder())
    for version in range(1, 120):
        gone = tuple(rng.sample(sorted(held), min(len(held), rng.randint(0, 2))))
        for item_id in gone:
            del held[item_id]
        new: list[Item] = []
        for _ in range(rng.randint(1, 3)):
            kind = rng.choice(names)
            one = item(
                f"i{rng.randrange(25)}",
                f"{rng.choice(['Red', 'Blue', 'Oak'])} {kind} {rng.randrange(40)}",
                f"{rng.randint(1, 99)}.00",
                category=kind.title(),
                stock=rng.choice([0, 2, 2]),
                type=kind,
                relations=[(RelationKind.ACCESSORY_OF, f"i{rng.randrange(25)}")] if rng.random() < 0.3 else [],
            )
            held[one.id] = one
            new = [known for known in new if known.id != one.id] + [one]
        changing.update(CatalogueChanges(version, tuple(new), tuple(set(gone) - {one.id for one in new})))
    fresh = Recommender.open(tmp_path / "two", WordEncoder(), items=list(held.values()))
    assert {one.id: one for one in changing.items} == held
    for query in ("a red kettle", "lamp under 40", "oak fan, not red", "toaster", "something blue"):
        for filters in (Filters(), Filters(in_stock=False, max_price=50), Filters(category="Lamp")):
            asked = Request(query, limit=5, filters=filters, about=("i1", "i2"))
            answers = [
                [(found.item_id, round(found.score, 3)) for found in shop.recommend(asked).suggestions]
                for shop in (changing, fresh)
            ]
            assert answers[0] == answers[1]


def test_questions_beside_changes_see_whole_states(tmp_path: Path) -> None:
    shop = [item(f"k{n}", f"Kettle number {n}", "10.00", type="kettle") for n in range(30)]
    recommender = Recommender.open(tmp_path, WordEncoder(), items=shop)
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(60):
                for one in recommender.recommend(Request("a kettle", limit=20)).suggestions:
                    assert one.price in (Decimal("10.00"), Decimal("20.00"))
        except BaseException as err:  # noqa: BLE001 - told to the test
            failures.append(err)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in range(1, 40):
        price = Decimal("20.00") if version % 2 else Decimal("10.00")
        removed = (f"k{version % 30}",) if version % 3 == 0 else ()
        items = tuple(replace(one, price=price) for one in shop if one.id not in removed)
        recommender.update(CatalogueChanges(version, items, removed))
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_shop_of_any_shape_is_searched(tmp_path: Path) -> None:
    """No attributes, no description, no price, categories with several names."""
    bare = [
        Item("a", "BILLY", "", "Bookcases & shelving units", None, None, {}),
        Item("b", "EKTORP", "Two-seat sofa, black", "Sofas & armchairs", None, None, {}),
        Item("c", "Running shoe, light", "", "Other", None, None, {}),
    ]
    recommender = Recommender.open(tmp_path, WordEncoder(), items=bare)
    assert shown(recommender, "bookcases") == {"a"}
    assert "b" in shown(recommender, "a sofa") and "b" not in shown(recommender, "a sofa, not black")
    assert shown(recommender, "running shoe under 50") == set()
    assert shown(recommender, "billy", filters=Filters(category="shelving units")) == {"a"}


def test_a_search_pages_completes_and_counts(tmp_path: Path) -> None:
    shop = [item(f"k{n:02}", f"Kettle number {n}", f"{n}.00", type="kettle") for n in range(1, 31)]
    recommender = Recommender.open(tmp_path, WordEncoder(), items=[*shop, item("t", "Toaster", "5.00", type="toaster")])
    first, total = recommender.search("kettle", limit=10)
    rest, _ = recommender.search("kettle", limit=50, offset=10)
    assert total == 30 and len(first) == 10 and len(rest) == 20
    assert {one.item.id for one in (*first, *rest)} == {one.id for one in shop}
    assert recommender.search("kett")[1] == 30
    assert recommender.search("kettle under 10")[1] == 10
    everything, total = recommender.search("", limit=5, offset=29)
    assert total == 31 and [one.item.id for one in everything] == ["k30", "t"]


def test_what_goes_with_an_item_has_a_reason(tmp_path: Path) -> None:
    recommender = Recommender.open(tmp_path, WordEncoder(), items=small_shop())
    found = recommender.related("kettle-quiet")
    assert {"filter", "tea-set", "plan"} <= {one.item_id for one in found}
    assert "kettle-quiet" not in {one.item_id for one in found}
    assert all(one.reason.endswith(".") for one in found)
    assert recommender.related("no-such-item") == []


def test_what_another_process_has_already_let_go_of_does_not_break_an_answer(tmp_path: Path) -> None:
    ahead, behind = Recommender.open(tmp_path, WordEncoder()), Recommender.open(tmp_path, WordEncoder())
    for one in (ahead, behind):
        one.update(CatalogueChanges(1, tuple(small_shop()), whole=True))
    ahead.update(CatalogueChanges(3, (), removed=("kettle-plain",)))
    renamed = replace(small_shop()[0], title="Renamed kettle")
    behind.update(CatalogueChanges(2, (renamed,)))
    assert behind.search("plain kettle")[0], "its own state of the catalogue still holds the item"
    behind.update(CatalogueChanges(3, (), removed=("kettle-plain",)))
    behind.update(CatalogueChanges(4, (small_shop()[2],)))
    assert "kettle-plain" in shown(behind, "plain kettle")
    assert "kettle-plain" not in shown(ahead, "plain kettle")


def test_an_older_change_that_is_embedded_late_brings_nothing_back(tmp_path: Path) -> None:
    class Slow(WordEncoder):
        during = None

        def encode(self, texts):  # type: ignore[no-untyped-def]
            during, self.during = self.during, None
            if during is not None:
                recommender.see(during)
            return super().encode(texts)

    encoder = Slow()
    recommender = Recommender.open(tmp_path, encoder)
    recommender.update(CatalogueChanges(1, tuple(small_shop()), whole=True))
    gone, dear = small_shop()[2], small_shop()[0]
    older = CatalogueChanges(2, (replace(gone, title="Late kettle"), replace(dear, title="Later kettle")))
    newer = CatalogueChanges(3, (replace(dear, price=Decimal("9.00")),), removed=(gone.id,))
    encoder.during = newer
    recommender.update(older)
    assert recommender.item(gone.id) is None
    now = recommender.item(dear.id)
    assert now is not None and now.price == Decimal("9.00")
    recommender.update(newer)
    assert recommender.item(gone.id) is None
    assert recommender.item(dear.id) == newer.items[0]
