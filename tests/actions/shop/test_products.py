"""Answers from the catalogue."""

import pytest

from actions.shop.product_facts import say_difference
from actions.shop.product_finder import ProductFinder
from actions.shop.products import AvailabilityAction, CompareAction, ProductQuestionAction
from tests.actions.shop.conftest import ITEMS, Customer

FINDER = ProductFinder(ITEMS)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("kettle", {"kettle-bruna-white", "kettle-bruna-black", "kettle-pour-steel"}),
        ("kettles", {"kettle-bruna-white", "kettle-bruna-black", "kettle-pour-steel"}),
        ("Norrvale Bruna", {"kettle-bruna-white", "kettle-bruna-black"}),
        ("the white Bruna kettle", {"kettle-bruna-white"}),
        ("kettle base for the Bruna", {"part-base-bruna"}),
        ("tv", {"tv-canvas-43"}),
        ("submarine", set()),
        ("red submarine", set()),
        ("", set()),
        ("the", set()),
    ],
)
def test_a_name_finds_the_thing_itself_before_its_parts(words: str, ids: set[str]) -> None:
    assert {item.id for item in FINDER.named(words)} == ids


def test_a_sentence_is_searched_for_what_the_catalogue_names() -> None:
    found = FINDER.mentioned("tell me please whether my wife would love the Kestrova Pour in our kitchen")
    assert [item.id for item in found] == ["kettle-pour-steel"]
    assert FINDER.mentioned("what a lovely day") == []
    assert ProductFinder(()).named("kettle") == []


async def test_stock_and_price_of_one_item(customer: Customer) -> None:
    said = await customer.call(AvailabilityAction, "…", "product_availability", product="white Bruna kettle")
    assert said.responses == ["utter_shop_available"]
    assert "33.95 euros" in said.text()


async def test_of_several_only_those_in_stock_are_named(customer: Customer) -> None:
    said = await customer.call(AvailabilityAction, "…", "product_availability", product="kettle")
    assert "Bruna kettle (white)" in said.text()
    assert "Kestrova Pour" in said.text()
    assert "black" not in said.text()


async def test_sold_out_is_said_without_a_promise(customer: Customer) -> None:
    said = await customer.call(AvailabilityAction, "…", "product_availability", product="toaster")
    assert said.responses == ["utter_shop_unavailable"]


async def test_what_is_not_found_is_said_without_echoing_markup(customer: Customer) -> None:
    said = await customer.call(AvailabilityAction, "…", "product_availability", product="<b>{x}</b> submarine")
    assert said.responses == ["utter_shop_product_unknown"]
    assert "submarine" in said.text()
    assert "<" not in said.text()


async def test_the_asked_fact_alone_is_told(customer: Customer) -> None:
    said = await customer.call(
        ProductQuestionAction, "how many watts has the Pour?", "product_question", product="Kestrova Pour"
    )
    assert said.text() == "Kestrova Pour kettle (steel): Power: 1200 W."


async def test_the_same_fact_of_several_models_is_told_for_each(customer: Customer) -> None:
    said = await customer.call(ProductQuestionAction, "how many watts?", "product_question", product="kettle")
    assert said.responses == ["utter_shop_fact_several"]
    assert "2200 W" in said.text()
    assert "1200 W" in said.text()


async def test_several_models_are_offered_when_the_question_fits_no_fact(customer: Customer) -> None:
    said = await customer.call(ProductQuestionAction, "does it sing?", "product_question", product="kettle")
    assert said.responses == ["utter_shop_which_of"]
    assert said.payloads[0] == '/product_question{"product": "Norrvale Bruna kettle, white"}'


async def test_the_product_of_before_is_meant_when_none_is_named(customer: Customer) -> None:
    customer.slots["shop_product"] = "Lumbray Canvas"
    said = await customer.call(ProductQuestionAction, "what energy class is it?", "product_question")
    assert said.text() == "Lumbray Canvas television (43 inch): Energy class: F."


async def test_a_thing_that_is_not_sold_is_not_mistaken_for_the_product_of_before(customer: Customer) -> None:
    customer.slots["shop_product"] = "kettle"
    said = await customer.call(AvailabilityAction, "do you have submarines", "product_availability")
    assert said.text() == 'I did not find "submarines" in our range. Could you name it differently?'


async def test_the_model_of_the_sentence_counts_even_if_only_its_kind_was_recognised(customer: Customer) -> None:
    said = await customer.call(
        AvailabilityAction, "is the Kestrova Pour kettle in stock", "product_availability", product="kettle"
    )
    assert said.responses == ["utter_shop_available"]
    assert customer.slots["shop_product"] == "Kestrova Pour"


async def test_without_any_product_it_is_asked_for(customer: Customer) -> None:
    assert (await customer.call(ProductQuestionAction, "is it good?")).responses == ["utter_shop_which_product"]


async def test_two_items_are_compared_in_price_and_facts(customer: Customer) -> None:
    said = await customer.call(CompareAction, "Bruna or Kestrova Pour?", "product_compare")
    assert said.responses == ["utter_shop_compare"]
    assert "Norrvale Bruna kettle (white) costs 28.05 euros less." in said.text()
    assert "Power: 2200 W against 1200 W." in said.text()


async def test_two_of_one_kind_are_compared(customer: Customer) -> None:
    said = await customer.call(CompareAction, "compare your kettles", "product_compare", product="kettles")
    assert said.responses == ["utter_shop_compare"]


@pytest.mark.parametrize("text", ["compare", "Bruna", "", "x" * 5000, "and and and"])
async def test_less_than_two_is_asked_for(customer: Customer, text: str) -> None:
    assert (await customer.call(CompareAction, text, "product_compare")).responses == ["utter_shop_compare_which"]


def test_equal_prices_are_said_to_be_equal() -> None:
    assert say_difference(ITEMS[0], ITEMS[0]) == "Both cost the same."
