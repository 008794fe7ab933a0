"""Pointing at what was shown: by place, by price, and the follow-ups that come after suggestions."""

from typing import Any

import pytest

from actions.shop.products import AvailabilityAction, CompareAction, ProductQuestionAction
from actions.shop.shown import places_in
from actions.shop.told import InformAction
from tests.actions.shop.conftest import ITEMS, Customer

KETTLES = [item for item in ITEMS if item.id in ("kettle-bruna-white", "kettle-pour-steel")]
SHOWN = " ".join(item.id for item in KETTLES)
WHITE, STEEL = KETTLES


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("the second one", [STEEL]),
        ("tell me more about the first one", [WHITE]),
        ("number 2 please", [STEEL]),
        ("the last one", [STEEL]),
        ("compare the first two", [WHITE, STEEL]),
        ("the difference between the first and the second", [WHITE, STEEL]),
        ("the cheapest", [WHITE]),
        ("the more expensive one", [STEEL]),
        ("the third one", []),
        ("a toaster", []),
    ],
)
def test_words_point_at_places(words: str, meant: list[Any]) -> None:
    assert places_in(words, KETTLES) == meant
    assert places_in(words, []) == []


@pytest.mark.parametrize(
    ("action", "text", "intent", "told"),
    [
        (ProductQuestionAction, "tell me more about the second one", "product_question", "Kestrova Pour"),
        (AvailabilityAction, "is the second one in stock?", "product_availability", "Kestrova Pour"),
        (InformAction, "the second one", "inform", "Kestrova Pour"),
        (CompareAction, "compare them", "product_compare", "side by side"),
    ],
)
async def test_follow_ups_are_about_what_was_shown(
    customer: Customer, action: Any, text: str, intent: str, told: str
) -> None:
    customer.slots["attune_shown_items"] = SHOWN
    said = await customer.call(action, text, intent)
    assert told.lower() in said.text().lower()


async def test_an_answer_is_pointed_at_afterwards(customer: Customer) -> None:
    await customer.call(ProductQuestionAction, "kettles", "product_question", product="kettle")
    assert len(customer.slots["attune_shown_items"].split()) > 1
    said = await customer.call(ProductQuestionAction, "how much is the first one", "product_question")
    assert "euros" in said.text()
    assert "About" not in said.text()
