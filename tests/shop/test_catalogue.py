"""The demo's catalogue: large enough, true to itself, the same every time."""

import re
from collections import Counter
from decimal import Decimal

import pytest

from shop import generate_catalogue
from shop.families import FAMILIES
from vocabulary import RelationKind

ITEMS = generate_catalogue()
BY_ID = {item.id: item for item in ITEMS}


def test_there_are_enough_items_families_and_categories() -> None:
    assert len(ITEMS) >= 420
    assert len(FAMILIES) >= 45
    assert len({item.category for item in ITEMS}) >= 14


@pytest.mark.parametrize("of", ["id", "title", "description"])
def test_no_two_items_are_told_alike(of: str) -> None:
    counts = Counter(getattr(item, of) for item in ITEMS)
    assert [text for text, count in counts.items() if count > 1] == []


def test_the_same_seed_gives_the_same_catalogue_and_another_other_prices() -> None:
    assert generate_catalogue() == ITEMS
    other = generate_catalogue(seed=7)
    assert [item.id for item in other] == [item.id for item in ITEMS]
    assert [item.price for item in other] != [item.price for item in ITEMS]


def test_every_item_is_complete() -> None:
    for item in ITEMS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item.id)
        assert item.price > 0
        assert item.price == item.price.quantize(Decimal("0.01"))
        assert item.stock >= 0
        assert item.attributes["type"]
        assert item.attributes["model"]
        assert len(item.description) >= 40, item.id
        assert "{" not in item.description + item.title
        assert "  " not in item.description + item.title


def test_prices_stay_within_the_range_of_their_family() -> None:
    for family in FAMILIES:
        for model in family.models:
            for item in ITEMS:
                if item.attributes["model"] == model.name:
                    extra = max(variant.extra for variant in model.variants)
                    low = 0 if model.replaces else model.low - 1
                    assert low <= item.price <= model.high + extra


def test_relations_lead_to_items_and_every_kind_occurs() -> None:
    kinds = Counter()
    for item in ITEMS:
        for relation in item.relations:
            kinds[relation.kind] += 1
            assert relation.target_id in BY_ID
            assert relation.target_id != item.id
    assert set(kinds) == set(RelationKind)


def test_a_replacement_costs_no_more_than_what_it_replaces() -> None:
    for item in ITEMS:
        for relation in item.relations:
            if relation.kind is RelationKind.REPLACEMENT_FOR and item.price > BY_ID[relation.target_id].price:
                # Larger sizes of the replacement may cost more; its basic one never does.
                basic = min(other.price for other in ITEMS if other.attributes["model"] == item.attributes["model"])
                assert basic <= BY_ID[relation.target_id].price + 1


def test_some_items_are_sold_out_but_services_never_are() -> None:
    assert any(item.stock == 0 for item in ITEMS)
    assert all(item.stock > 0 for item in ITEMS if item.category == "Service plans")


def test_every_large_appliance_has_a_spare_part_or_a_service() -> None:
    helped = {relation.target_id for item in ITEMS for relation in item.relations}
    for item in ITEMS:
        if item.category in ("Washing machines and dryers", "Dishwashers", "Fridges and freezers"):
            assert item.id in helped or item.relations
