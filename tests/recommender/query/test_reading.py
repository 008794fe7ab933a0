"""Whole questions against the real engine over a small shop: follow-ups, refusals, references, currencies."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from recommender import FactorKind, Filters, Recommender, Request, Slate
from recommender.query.kinds import NO_CATEGORY
from tests.recommender.fakes import WordEncoder, item
from vocabulary import Item


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    items = [
        item("k-black", "Kettle Alto", "40.00", type="kettle", colour="black"),
        item("k-red", "Kettle Brio", "30.00", type="kettle", colour="red", timer="yes"),
        item("k-white", "Kettle Coro", "20.00", type="kettle", colour="white", timer="no"),
        item("b-red", "Blender Duo", "35.00", category="Blenders", type="blender", colour="red", use="smoothies"),
        item("b-black", "Blender Echo", "50.00", category="Blenders", type="blender", colour="black"),
    ]
    return Recommender.open(tmp_path_factory.mktemp("index"), WordEncoder(), items=items)


def ask(shop: Recommender, query: str, *, shown: Sequence[str] = (), earlier: Sequence[str] = ()) -> list[str]:
    return [one.item_id for one in answer(shop, query, shown=shown, earlier=earlier).suggestions]


def answer(shop: Recommender, query: str, *, shown: Sequence[str] = (), earlier: Sequence[str] = ()) -> Slate:
    return shop.recommend(Request(query, limit=5, shown=shown, earlier=earlier))


def kettles(found: Sequence[str]) -> set[str]:
    return {one for one in found if one.startswith("k-")}


def test_a_refused_colour_is_never_shown(shop: Recommender) -> None:
    assert kettles(ask(shop, "a kettle")) == {"k-black", "k-red", "k-white"}
    assert kettles(ask(shop, "a kettle, not black")) == {"k-red", "k-white"}
    assert kettles(ask(shop, "a kettle in anything but red or white")) == {"k-black"}


def test_an_item_that_says_no_to_a_feature_is_without_it(shop: Recommender) -> None:
    assert kettles(ask(shop, "kettle without a timer")) == {"k-black", "k-white"}


def test_a_refused_kind_is_left_out(shop: Recommender) -> None:
    assert not kettles(ask(shop, "something red, not a kettle"))


def test_a_follow_up_is_about_what_was_asked_before(shop: Recommender) -> None:
    assert ask(shop, "in red?", earlier=["a kettle please"])[0] == "k-red"
    assert set(ask(shop, "not black", earlier=["a kettle under 35 euros"])) == {"k-red", "k-white"}
    assert set(ask(shop, "under 25", earlier=["hello", "a kettle, not black"])) == {"k-white"}


def test_another_thing_is_a_new_question(shop: Recommender) -> None:
    assert ask(shop, "something for smoothies", earlier=["a kettle"])[0] == "b-red"
    assert ask(shop, "a blender", earlier=["a kettle, not red"])[0].startswith("b-")


def test_cheaper_is_below_what_was_shown_and_of_the_same_kind(shop: Recommender) -> None:
    assert ask(shop, "cheaper", shown=["k-black", "k-red"]) == ["k-white"]
    none = answer(shop, "anything cheaper?", shown=["k-white"])
    assert (none.suggestions, none.note, none.price) == ((), "nothing_cheaper", Decimal("20.00"))


def test_cheaper_than_the_one_that_is_pointed_at(shop: Recommender) -> None:
    assert set(ask(shop, "like the first one but cheaper", shown=["k-black", "k-white"])) == {"k-red", "k-white"}


def test_like_this_one_is_of_its_kind_and_not_itself(shop: Recommender) -> None:
    slate = answer(shop, "something like the second one", shown=["k-red", "b-red"])
    assert slate.suggestions[0].item_id == "b-black"
    assert "b-red" not in {one.item_id for one in slate.suggestions}
    assert slate.suggestions[0].reason.startswith("Similar to the Blender Duo")
    meaning = [one for one in slate.explanations[0].factors if one.kind is FactorKind.MEANING]
    assert meaning[0].details == {"like": "b-red"}


def test_something_else_is_none_of_what_was_shown(shop: Recommender) -> None:
    assert set(ask(shop, "something else", shown=["k-black"], earlier=["a kettle"])) == {"k-red", "k-white"}


def test_the_cheapest_come_first(shop: Recommender) -> None:
    assert ask(shop, "your cheapest kettle") == ["k-white", "k-red", "k-black"]


def test_a_limit_in_a_currency_that_nothing_is_sold_in_is_not_taken_for_another(shop: Recommender) -> None:
    none = answer(shop, "a kettle under 50 dollars")
    assert (none.suggestions, none.note) == ((), "other_currency")
    assert kettles(ask(shop, "a kettle under 35 euros")) == {"k-red", "k-white"}
    assert kettles(ask(shop, "a kettle under 35 bucks")) == {"k-red", "k-white"}


def test_two_currencies_are_kept_apart(tmp_path: Path) -> None:
    from dataclasses import replace

    base = item("k-eur", "Kettle Alto", "40.00", type="kettle")
    other = replace(item("k-usd", "Kettle Brio", "30.00", type="kettle"), currency="USD")
    shop = Recommender.open(tmp_path, WordEncoder(), items=[base, other])
    assert ask(shop, "a kettle under $60") == ["k-usd"]
    assert ask(shop, "a kettle under 60 euros") == ["k-eur"]
    assert set(ask(shop, "a kettle under 60")) == {"k-eur", "k-usd"}
    assert answer(shop, "cheaper", shown=["k-eur"]).note == "nothing_cheaper"


def test_hostile_words_do_no_harm(shop: Recommender) -> None:
    for query in (
        "not " * 500,
        "like the first one " * 200,
        "under under 5",
        "\x00not\ud800black",
        "no no no",
        "5" * 600,
    ):
        assert isinstance(ask(shop, query, shown=["k-red"], earlier=["\ud800", "not " * 100]), list)


def test_filters_of_the_caller_hold_beside_the_words(shop: Recommender) -> None:
    asked = Request("a kettle", filters=Filters(max_price=25, without=frozenset({"k-white"})))
    assert shop.recommend(asked).suggestions == ()


@pytest.fixture(scope="module")
def outdoors(tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    """A shop whose file has neither categories nor prices nor facts."""
    told = {"Alpine jacket": "A warm jacket of wool", "Basin jacket": "A warm jacket of down", "Coast shirt": "Light"}
    items = [
        Item(
            id=title[0].lower(),
            title=title,
            description=words,
            category=NO_CATEGORY,
            price=None,
            stock=None,
            attributes={},
        )
        for title, words in told.items()
    ]
    return Recommender.open(tmp_path_factory.mktemp("outdoors"), WordEncoder(), items=items)


def test_a_shop_without_categories_is_talked_with_as_well(outdoors: Recommender) -> None:
    talk = {"shown": ["a", "b"], "earlier": ["a warm jacket"]}
    assert ask(outdoors, "not wool", **talk) == ["b"]
    assert ask(outdoors, "not purple", **talk)[:2] == ask(outdoors, "a warm jacket")[:2]


def test_where_no_price_is_known_nothing_is_cheaper_and_no_currency_is_blamed(outdoors: Recommender) -> None:
    assert answer(outdoors, "cheaper", shown=["a"], earlier=["a warm jacket"]).note == "nothing_found"
    assert answer(outdoors, "a warm jacket under 50 euros").note == "nothing_found"


def test_what_is_refused_but_unknown_is_not_what_is_wanted(shop: Recommender) -> None:
    explained = answer(shop, "a kettle, not loud").explanations
    assert {one.item_id for one in explained} >= {"k-black", "k-red", "k-white"}
    words = " ".join(factor.details.get("words", "") for one in explained for factor in one.factors)
    assert "not" not in words.split() and "loud" not in words.split()
    assert kettles(ask(shop, "not loud", shown=["k-red"], earlier=["a kettle"])) == {"k-black", "k-red", "k-white"}


def test_cheaper_stays_with_the_kind_that_is_talked_about(tmp_path: Path) -> None:
    items = [
        item("l-1", "Laptop", "500.00", category="Laptops", type="laptop"),
        item("m-1", "Mouse for a laptop", "20.00", category="Laptops", type="mouse"),
    ]
    shop = Recommender.open(tmp_path, WordEncoder(), items=items)
    assert answer(shop, "too expensive", shown=["l-1"], earlier=["a laptop"]).note == "nothing_cheaper"
    assert ask(shop, "the cheapest laptop") == ["l-1"]


def test_other_colours_are_of_the_same_kind(shop: Recommender) -> None:
    assert kettles(ask(shop, "other colours?", shown=["k-red"], earlier=["a kettle"])) == {"k-black", "k-white"}


def test_a_limit_that_nobody_named_is_not_called_the_customers(shop: Recommender) -> None:
    reasons = [one.reason for one in answer(shop, "cheaper", shown=["k-black"], earlier=["a kettle"]).suggestions]
    assert reasons and all("costs less than the Kettle Alto" in reason for reason in reasons)
    assert not any("limit" in reason for reason in reasons)


def test_one_and_many_of_a_thing_are_named_once(shop: Recommender) -> None:
    reason = answer(shop, "two kettles under 45 euros").suggestions[0].reason
    assert "“kettle”" in reason and "kettles" not in reason
