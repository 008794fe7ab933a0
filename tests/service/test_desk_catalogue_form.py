"""What somebody writes into the form of an item, and the rules of suggestions in words."""

from dataclasses import replace

import pytest

from recommender import PriceBound, Rule
from recommender.catalogue import Field
from service.desk.catalogue_form import form_of, read_form, read_price, read_stock
from service.desk.catalogue_import_panel import FACT, LEFT_OUT, MEANINGS, mapping_of
from service.desk.rules_words import effects, when
from service.errors import Refused
from shop import generate_catalogue
from vocabulary import Item, RelationKind, StateName

FORM = {"id": "kettle-1", "title": "A kettle", "path": "Kitchen > Kettles"}


def test_every_item_of_the_demo_comes_back_from_its_form_as_it_was() -> None:
    for item in generate_catalogue():
        # Service plans cover more items than a form may name.
        kept = replace(item, relations=item.relations[:20])
        assert read_form(form_of(kept)).item(item.id) == replace(kept, path=kept.path)


def test_item_without_price_stock_and_pictures_comes_back_too() -> None:
    bare = Item("x", "X", "", "Things", None, None, {}, (), ("All", "Things"))
    assert read_form(form_of(bare)).item("x") == bare


@pytest.mark.parametrize(
    ("text", "price"), [("", None), (" 29,90 ", "29.90"), ("29.9", "29.90"), ("1 299", "1299.00"), ("0", "0.00")]
)
def test_price_is_read_as_it_is_written(text: str, price: str | None) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize(
    "text", ["-1", "1.2.3", "1,299.00", "abc", "NaN", "1e3", "29.999", "٣", "12345678", "1.", ".", "∞"]
)
def test_what_is_no_price_is_told(text: str) -> None:
    if text == "1.":
        assert read_price(text) == "1.00"
        return
    with pytest.raises(Refused, match="is not understood"):
        read_price(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "²", "1" * 10])
def test_what_is_no_stock_is_told(text: str) -> None:
    with pytest.raises(Refused, match="how many pieces"):
        read_stock(text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "has space"}, "Id: 1 to 64"),
        ({"title": "  "}, "Title: please write"),
        ({"title": "x" * 301}, "Title: at most 300"),
        ({"path": ""}, "Categories: "),
        ({"image": "http://plain.example/a.jpg"}, "Picture: an https:// address"),
        ({"url": "javascript:alert(1)"}, "Page in the shop: an https:// address"),
        ({"currency": "euro"}, "Currency: three capital letters"),
        ({"attributes": "blue"}, "The fact 'blue'"),
        ({"relations": "friend of kettle-2"}, "accessory of"),
        ({"relations": "accessory of has/slash"}, "Belongs to: "),
        ({"title": "bell \x07"}, "Title: "),
    ],
)
def test_mistake_in_a_form_is_told_with_its_field(change: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_form({**FORM, **change})
    assert words in refused.value.message


def test_every_column_is_settled_in_what_is_sent_to_the_import() -> None:
    assert set(MEANINGS) == {*Field, FACT, LEFT_OUT}
    mapping = mapping_of(
        {"Nr": "id", "Farbe": FACT, "EK": LEFT_OUT, "A": "category", "B": "category"}, {"Farbe": "colour"}
    )
    assert mapping["id"] == ["Nr"] and mapping["category"] == ["A", "B"] and mapping["ignore"] == ["EK"]
    assert mapping["attribute.colour"] == ["Farbe"] and mapping["price"] == []


def test_a_rule_is_told_from_its_fields() -> None:
    rule = Rule(
        "x",
        "words",
        states=frozenset({StateName.STRESSED, StateName.FRUSTRATED}),
        frustration_from=55,
        case=True,
        first={RelationKind.SPARE_PART_OF: 0.2},
        facts={"type: maintenance service": 0.3, "guarantee": 0.1},
        leave_out=frozenset({RelationKind.ACCESSORY_OF}),
        at_most=1,
        no_dearer_than=PriceBound.CASE,
    )
    assert when(rule) == "frustrated or stressed, or from a frustration of 55; only with an item of the case"
    assert effects(rule) == [
        "Comes forward: spare parts (+0.2), items with “guarantee” (+0.1) "
        "and items with type “maintenance service” (+0.3).",
        "Left out: accessories.",
        "At most 1 is shown.",
        "Nothing dearer than the item of the case is shown.",
    ]
    assert effects(Rule("y", "words", states=frozenset({StateName.CALM}))) == []
