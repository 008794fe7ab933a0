"""Files as shops export them: the right columns, the right values, and a reason for every row that stays out."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from recommender.catalogue import Reading, ReadOptions, read_catalogue
from recommender.errors import CatalogueFileError, MappingError
from vocabulary import Relation, RelationKind

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalogue"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason=f"the catalogues are not at {SHARED}")

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Product Category,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Qty,Variant Price,Image Src,Cost per item,Status
blue-shirt,Blue Shirt,<p>Cotton &amp; linen</p>,Acme,Apparel > Clothing,TRUE,Size,S,SKU-1,5,50.00,https://c.example.com/1.jpg,20.00,active
blue-shirt,,,,,,,M,SKU-2,-3,50.00,,20.00,
blue-shirt,,,,,,,,,,,https://c.example.com/2.jpg,,
hat,Hat,"Straw
hat",Acme,Apparel > Hats,FALSE,Title,Default Title,SKU-3,9,19.99,,,draft
mug,Mug,A mug,Acme,Home > Kitchen,TRUE,Title,Default Title,,9,9.99,http://c.example.com/3.jpg,,active
"""
WOO = """ID,SKU,Name,Published,"Short description",Description,"In stock?",Stock,"Sale price","Regular price",\
Categories,Images,"Attribute 1 name","Attribute 1 value(s)"
10,W1,Album,1,"This is a simple product.","<b>Long</b> text about it<ul><li>one</li><li>two</li></ul>",1,12,12.00,\
15.00,"Music > Albums, Music","https://a.example.com/a.jpg, https://a.example.com/b.jpg",Format,CD
11,W2,Single,1,"A single.",Short,0,,,2.00,Music > Singles,,Format,MP3
12,W3,Hidden,0,"A single.",Short,0,,,2.00,Music > Singles,,Format,MP3
13,W4,Unclear,1,"A single.",Short,0,,,abc,Music > Singles,,Format,MP3
"""
GERMAN = """Artikelnummer;Bezeichnung;Beschreibung;Warengruppe;Preis in €;Lagerbestand;Farbe;Zubehör für;Einkaufspreis
10/22 A;Wasserkocher;Ein leiser Kocher;Küche;1.299,00;5;weiß;;3
10-23;Ersatzfilter;Ein Filter;Küche;12,-;auf Lager;;10/22 A;3
11;Leer;;Küche;;ausverkauft;;Mars;3
"""


def read(text: str | bytes, name: str = "shop.csv", **options: object) -> Reading:
    """Read content; nothing may ever be lost without a word."""
    mapping = options.pop("mapping", None)
    content = text.encode() if isinstance(text, str) else text
    reading = read_catalogue(content, name, mapping=mapping, options=ReadOptions(**options))  # type: ignore[arg-type]
    assert reading.rows == len(reading.items) + len(reading.rejected) + reading.merged
    assert len({item.id for item in reading.items}) == len(reading.items)
    return reading


def test_variants_of_one_product_are_items_of_their_own() -> None:
    reading = read(SHOPIFY)
    small, medium, mug = reading.items
    assert (small.id, small.stock, small.attributes["size"]) == ("SKU-1", 5, "S")
    assert (medium.id, medium.title, medium.attributes["size"]) == ("SKU-2", "Blue Shirt", "M")
    assert medium.stock == 0, "sold beyond the stock"
    assert small.description == medium.description == "Cotton & linen"
    assert small.path == ("Apparel", "Clothing")
    assert mug.id == "mug", "without a number of its own the product's handle serves"
    assert mug.image is None, "http is not shown"
    assert [row.line for row in reading.rejected] == [5], "the hidden one, by its first line"
    assert "Published" in reading.rejected[0].reason


def test_what_a_shop_keeps_to_itself_is_no_fact() -> None:
    for reading, column in ((read(SHOPIFY), "Cost per item"), (read(GERMAN), "Einkaufspreis")):
        assert column in reading.mapping.ignored
        assert not any("20.00" in item.attributes.values() for item in reading.items)


def test_lists_of_paths_sale_prices_and_named_attributes() -> None:
    reading = read(WOO)
    album, single = reading.items
    assert album.path == ("Music", "Albums")
    assert (album.price, album.attributes["regular price"]) == (Decimal("12.00"), "15.00 EUR")
    assert album.attributes["format"] == "CD"
    assert album.description == "Long text about it\n- one\n- two\nThis is a simple product."
    assert album.image == "https://a.example.com/a.jpg"
    assert (album.stock, single.stock) == (12, 0)
    assert [(row.line, "abc" in row.reason) for row in reading.rejected] == [(4, False), (5, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found(encoding: str) -> None:
    reading = read(GERMAN.encode(encoding))
    kettle, filter_, empty = reading.items
    assert (kettle.attributes["farbe"], kettle.category, kettle.price) == ("weiß", "Küche", Decimal("1299.00"))
    assert (filter_.price, filter_.stock) == (Decimal("12.00"), None)
    assert (empty.price, empty.stock) == (None, 0)
    assert {item.currency for item in reading.items} == {"EUR"}


@pytest.mark.parametrize("encoding", ["cp1250", "cp1251"])
def test_other_alphabets_are_found_too(encoding: str) -> None:
    words = {"cp1250": "Rychlovarná konvice s příkonem, žlutá, přenosná", "cp1251": "Электрический чайник с подсветкой"}
    rows = "".join(f"{number};{words[encoding]} {number};{number},50\n" for number in range(40))
    reading = read(f"id;name;price\n{rows}".encode(encoding))
    assert reading.items[3].title == f"{words[encoding]} 3"


def test_a_file_of_two_encodings_loses_no_letter() -> None:
    first = "".join(f"{number};Küche {number}\n" for number in range(20))
    second = "".join(f"{number};Töpfe {number}\n" for number in range(20, 30))
    reading = read(f"id;name\n{first}".encode() + second.encode("cp1252"))
    assert reading.items[0].title == "Küche 0"
    assert reading.items[25].title == "Töpfe 25"
    assert "Windows-1252" in reading.kind


def test_relations_that_columns_name_and_words_that_name_nothing() -> None:
    kettle, filter_, empty = read(GERMAN).items
    assert filter_.relations == (Relation(RelationKind.ACCESSORY_OF, kettle.id),)
    assert empty.attributes["zubehör für"] == "Mars"
    assert read(GERMAN, relations="none").items[1].relations == ()
    backward = read("sku,name,accessories,replaced by\nA1,Kettle,B1|B2,A2\nA2,New kettle,,\nB1,Lid,,\nB2,Bag,,\n")
    by_id = {item.id: item.relations for item in backward.items}
    assert by_id["B1"] == by_id["B2"] == (Relation(RelationKind.ACCESSORY_OF, "A1"),)
    assert by_id["A2"] == (Relation(RelationKind.REPLACEMENT_FOR, "A1"),)


def test_ids_are_made_fit_and_what_the_shop_calls_the_item_is_kept() -> None:
    named = ["A/1", "A-1", "A 1", "Ä1", "Ö1", "x" * 80, "x" * 81]
    text = "sku,name\n" + "".join(f"{sku},Kettle {number}\n" for number, sku in enumerate(named))
    reading = read(text)
    assert len(reading.items) == 7
    assert all(len(item.id) <= 64 and item.id.isascii() for item in reading.items)
    assert reading.items[0].attributes["sku"] == "A/1"
    assert reading.items[1].id == "A-1"
    assert [item.id for item in read(text).items] == [item.id for item in reading.items]


def test_repeated_rows_are_merged_or_turned_down_with_the_reason() -> None:
    reading = read(
        "id,name,category,price\n1,Kettle,Kitchen,5\n1,Kettle,Tea,5\n1,Kettle,Tea,6\n1,Kettle,Kitchen,5\n2,Pot,Kitchen,7\n"
    )
    kettle, _ = reading.items
    assert kettle.attributes["also in"] == "Tea"
    assert reading.merged == 2
    (row,) = reading.rejected
    assert row.line == 4
    assert "line 2" in row.reason and "price" in row.reason


def test_items_without_ids_get_lasting_ones() -> None:
    text = "name,price,colour\nKettle,5,red\nKettle,5,blue\nKettle,5,red\n"
    first, second = read(text), read(text.replace("5", "6"))
    assert [item.id for item in first.items] == [item.id for item in second.items], "a new price makes no new item"
    assert (len(first.items), first.merged) == (2, 1)


@pytest.mark.parametrize(
    ("written", "price", "currency"),
    [
        ("1.299,00 €", "1299.00", "EUR"),
        ("SR 2,375", "2375.00", "SAR"),
        ("19,99 EUR inkl. MwSt.", "19.99", "EUR"),
        ("12,-", "12.00", "EUR"),
        ("$1,299.50", "1299.50", "USD"),
        ("1 299,00 kr", "1299.00", "SEK"),
        ("1'299.00 CHF", "1299.00", "CHF"),
        ("£12.99", "12.99", "GBP"),
        ("1,23,456.00", "123456.00", "EUR"),
        ("₹ 500", "500.00", "INR"),
        ("0.999", "1.00", "EUR"),
        ("free", None, "EUR"),
        ("N/A", None, "EUR"),
        ("on request", None, "EUR"),
        ("from 12.99", None, "EUR"),
        ("12.99 - 19.99 USD", None, "USD"),
    ],
)
def test_prices_as_people_write_them(written: str, price: str | None, currency: str) -> None:
    (item,) = read(json.dumps([{"id": 1, "title": "Kettle", "price": written}]), "a.json").items
    assert (item.price, item.currency) == (None if price is None else Decimal(price), currency)


@pytest.mark.parametrize("written", ["abc", "69.x", "-5", "1.2E+5", "12.5k", "inf", "9" * 40, "5 10 15"])
def test_what_is_no_price_is_turned_down(written: str) -> None:
    reading = read(f"id,title,price\n1,Kettle,5\n2,Pot,{written}\n")
    assert [item.id for item in reading.items] == ["1"]
    assert reading.rejected[0].line == 3
    assert "price" in reading.rejected[0].reason


def test_an_undecided_sign_is_settled_by_the_column_and_can_be_given() -> None:
    ambiguous = "id;title;price\n1;Kettle;1.299\n2;Pot;2.450\n"
    assert [item.price for item in read(ambiguous).items] == [1299, 2450]
    assert [item.price for item in read(ambiguous, decimal=".").items] == [Decimal("1.30"), Decimal("2.45")]
    assert [item.price for item in read(ambiguous + "3;Pan;12.50\n").items] == [
        Decimal("1.30"),
        Decimal("2.45"),
        Decimal("12.50"),
    ]
    assert [item.price for item in read(ambiguous + "3;Pan;12,50\n").items] == [1299, 2450, Decimal("12.50")]


def test_a_given_currency_holds_for_bare_signs_and_not_for_named_ones() -> None:
    text = "id,title,price\n1,Kettle,$5\n2,Pot,5 GBP\n3,Pan,5\n"
    assert [item.currency for item in read(text, currency="CAD").items] == ["CAD", "GBP", "CAD"]
    with pytest.raises(MappingError, match="currency 'XYZ'"):
        read(text, currency="XYZ")


@pytest.mark.parametrize(
    ("words", "stock"),
    [("in stock", None), ("Auf Lager", None), ("yes", None), ("sold out", 0), ("no", 0), ("5 left", 5), (">10", 10),
     ("1,250", 1250), ("3.0", 3), ("-2", 0), ("backorder", 0), ("https://schema.org/OutOfStock", 0), ("", None)],
)  # fmt: skip
def test_stock_in_words_and_numbers(words: str, stock: int | None) -> None:
    reading = read(
        json.dumps([{"id": 1, "title": "Kettle", "stock": words}, {"id": 2, "title": "Pot", "stock": 7}]), "a.json"
    )
    assert reading.items[0].stock == stock


def test_a_stock_that_nobody_understands_is_no_promise() -> None:
    reading = read("id,title,stock\n1,Kettle,5\n2,Pot,perhaps\n3,Pan,6\n4,Lid,7\n")
    assert [row.line for row in reading.rejected] == [3]


def test_a_given_mapping_outweighs_the_proposal() -> None:
    text = "a,b,c\nx1,Kettle,red\nx2,Pot,blue\n"
    reading = read(text, mapping={"id": "a", "title": "b", "attribute.colour": "c"})
    assert reading.items[0].attributes == {"colour": "red"}
    again = read(text, mapping=reading.mapping.given())
    assert again.items == reading.items
    assert (
        read(text, mapping=reading.mapping.to_dict() | {"ignored": ["c"], "attributes": {}}).items[0].attributes == {}
    )
    with pytest.raises(MappingError, match="Perhaps 'title' is meant"):
        read(text, mapping={"titel": "b"})
    with pytest.raises(MappingError, match="it has a, b, c"):
        read(text, mapping={"title": "bb"})


@needs_shared
@pytest.mark.shared
def test_the_furniture_catalogue_comes_in_whole() -> None:
    reading = read_catalogue(SHARED / "ikea.csv")
    assert (reading.rows, len(reading.items), len(reading.rejected), reading.merged) == (3694, 2962, 0, 732)
    said = reading.mapping.to_dict()
    expected = {"id": "item_id", "title": "name", "description": "short_description", "category": "category",
                "price": "price", "availability": "sellable_online", "url": "link"}  # fmt: skip
    assert {name: said[name] for name in expected} == expected
    first = reading.items[0]
    assert (first.price, first.currency, first.stock) == (Decimal("265.00"), "SAR", None)
    assert first.title == "FREKVENS: Bar table, in/outdoor, 51x51 cm"
    assert "X1" in reading.mapping.ignored
    # Names of series tell nobody what a thing is.
    assert sum(":" not in item.title for item in reading.items) <= 0.05 * len(reading.items)


@needs_shared
@pytest.mark.shared
def test_the_outdoor_catalogue_comes_in_with_titles_of_its_descriptions() -> None:
    reading = read_catalogue(SHARED / "outdoor500.csv")
    assert (len(reading.items), len(reading.rejected)) == (500, 0)
    assert reading.items[0].title == "Active classic boxers"
    assert all(item.price is None and "<" not in item.description for item in reading.items)


def test_nothing_at_all_is_an_error_with_the_next_step() -> None:
    for content in (b"", b" \n\n", b"id,title\n", b"\0" * 100):
        with pytest.raises(CatalogueFileError):
            read_catalogue(content, "shop.csv")
    with pytest.raises(MappingError, match="title=COLUMN"):
        read_catalogue(b"price,stock\n5,1\n6,2\n", "shop.csv")


def test_a_text_with_separators_in_it_is_no_catalogue() -> None:
    lines = [f"A long line number {n} of prose that has no columns and says a lot of things." for n in range(9)]
    table = [f"| thing {n} | why thing {n} is here | some more words {n * 7} about it |" for n in range(14)]
    text = "\n".join(["# Notes", "", "| what | why | more |", *table[:7], *lines, *table[7:]])
    with pytest.raises(CatalogueFileError, match=r"does not look like a catalogue.*title=COLUMN"):
        read(text, "README.md")


def test_names_of_series_are_all_completed_and_telling_titles_are_left() -> None:
    rows = [f"{n},{'BILLA' if n < 15 else f'SOLO{n}'},Shelf of {n} cm,10" for n in range(25)]
    series = read("id,title,description,price\n" + "\n".join(rows))
    assert {item.title for item in series.items} >= {"BILLA: Shelf of 3 cm", "SOLO20: Shelf of 20 cm"}
    telling = read("id,title,description,price\n" + "\n".join(f"{n},Shelf {n},Of {n} cm,10" for n in range(25)))
    assert telling.items[3].title == "Shelf 3"
