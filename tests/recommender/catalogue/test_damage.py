"""Damaged and hostile files: what is whole comes in, the rest is named, and nothing takes the process down."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.catalogue import read_catalogue
from recommender.catalogue.markup import plain_text
from recommender.errors import CatalogueFileError, RecommenderError
from tests.recommender.catalogue.test_reading import read

ROWS = [f"{number};Kettle {number};{number},50;Kitchen" for number in range(1, 41)]
HEAD = "sku;name;price;category"


def text(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def with_row(place: int, row: str) -> str:
    return text(*ROWS[:place], row, *ROWS[place:])


def test_a_file_that_is_cut_off_gives_what_it_holds() -> None:
    whole = text(*ROWS)
    for size in range(len(HEAD) + 20, len(whole), 37):
        reading = read(whole[:size])
        assert len(reading.items) >= whole[:size].count("\n") - 1
    quoted = "sku,name\n" + "".join(f'{number},"Kettle {number}"\n' for number in range(20))
    reading = read(quoted[:-8])
    assert len(reading.items) == 19
    assert reading.rejected[-1].line == 21
    assert "cut off" in reading.rejected[-1].reason


def test_an_open_quote_costs_one_row() -> None:
    reading = read(with_row(10, '99;"Kettle 99;1,50;Kitchen'))
    assert len(reading.items) == 40
    assert [row.line for row in reading.rejected] == [12]
    assert "quote" in reading.rejected[0].reason


def test_a_row_has_the_number_of_its_first_line() -> None:
    reading = read(with_row(2, '98;"Kettle\n\n98";1,50;"Kit\nchen"') + "bad;row\n")
    assert len(reading.items) == 41
    assert reading.items[2].category == "Kit chen"
    assert [row.line for row in reading.rejected] == [46]


def test_a_cell_of_ten_megabytes_costs_one_row() -> None:
    for cell in ("x" * 10_000_000, '"' + "x\n" * 5_000_000 + '"'):
        reading = read(with_row(5, f"99;{cell};1,50;Kitchen"))
        assert len(reading.items) == 40
        assert reading.rejected[0].line == 7
    lines = "".join(json.dumps({"id": n, "title": f"Kettle {n}"}) + "\n" for n in range(5))
    reading = read(lines + json.dumps({"id": 9, "title": "x" * 10_000_000}) + "\n", "a.jsonl")
    assert (len(reading.items), reading.rejected[0].line) == (5, 6)


def test_other_separators_missing_cells_and_too_many() -> None:
    reading = read(
        text(*ROWS[:20], "97\tKettle 97\t1,50\tKitchen", "98;Kettle 98", "99;Kettle;1,50;Kit;chen", *ROWS[20:])
    )
    assert len(reading.items) == 41
    assert [row.line for row in reading.rejected] == [23, 24]
    assert any("separated by tab" in note for note in reading.notes)


def test_zero_bytes_and_invisible_letters_are_left_out() -> None:
    reading = read(with_row(3, "99;Ket\0tle\u200b\x07 99;1,50;Kitchen").encode())
    assert reading.items[3].title == "Kettle 99"
    (item,) = read('[{"id": 1, "title": "a\\ud800b \\u0000c"}]', "a.json").items
    assert item.title == "a\ufffdb c"


def test_json_that_is_cut_off_gives_what_it_holds() -> None:
    whole = json.dumps([{"id": number, "title": f"Kettle {number}"} for number in range(20)], indent=1)
    for document in (whole, f'{{"meta": {{"n": 20}}, "products": {whole}}}'):
        reading = read(document[: len(document) // 2], "a.json")
        assert 8 <= len(reading.items) <= 10
        assert "cut off" in reading.rejected[-1].reason


def test_nesting_without_end_is_no_crash() -> None:
    reading = read('{"id": 1, "title": "Kettle"}\n{"id": 2, "title": ' + "[" * 100_000 + "\n", "a.jsonl")
    assert (len(reading.items), len(reading.rejected)) == (1, 1)
    with pytest.raises(CatalogueFileError):
        read("[" * 100_000, "a.json")
    assert plain_text("<b" * 50_000)
    assert plain_text("&lt;" * 50_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04....xl/workbook.xml", "Excel workbook"),
        (b"\x1f\x8b" + b"x" * 100, "gzip"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<?xml version='1.0'?><rss/>", "XML"),
        (bytes(range(256)) * 40, "no text"),
        (b"PAR1" + b"x" * 100, "Parquet"),
    ],
)
def test_other_formats_are_named_with_the_next_step(content: bytes, words: str) -> None:
    with pytest.raises(CatalogueFileError, match=words):
        read_catalogue(content, "shop")


def test_markup_becomes_text_and_scripts_are_gone() -> None:
    assert plain_text("<p>A<br>B &amp; C</p><script>alert(1)</script><li>D") == "A\nB & C\n- D"
    assert plain_text("&lt;p&gt;Twice&lt;/p&gt;") == "Twice"
    assert plain_text("5 < 6 and 7 > 3") == "5 < 6 and 7 > 3"
    (item,) = read('[{"id": 1, "title": "Tea", "image": "https://a.example.com/x.png\\" onerror=1"}]', "a.json").items
    assert item.image is None or '"' not in item.image


@pytest.mark.parametrize(
    "address",
    ["http://a.example.com/x.png", "javascript:alert(1)", "https://u:p@a.example.com/x.png", "https://localhost/x.png",
     "data:image/png;base64,AAAA", "https://a.example.com/<x>.png", "https://[::1/x.png"],
)  # fmt: skip
def test_only_whole_https_addresses_are_shown(address: str) -> None:
    rows = [
        {"id": 1, "title": "Tea", "image": address},
        {"id": 2, "title": "Urn", "image": "https://a.example.com/x.png"},
    ]
    reading = read(json.dumps(rows), "a.json", mapping={"image": "image"})
    assert reading.items[0].image is None
    assert reading.items[1].image == "https://a.example.com/x.png"
    assert any("https" in note for note in reading.notes)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda words: words.encode("utf-8", "replace")))
def test_any_bytes_give_items_or_an_error_in_words(content: bytes) -> None:
    try:
        read(content, "shop.csv")
    except RecommenderError as err:
        assert len(str(err)) > 20


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=12), max_size=40))
def test_no_row_is_lost_whatever_stands_in_it(cells: list[str]) -> None:
    whole = (
        HEAD + "\n" + "\n".join(f"{number};{cell};{cell};x" for number, cell in enumerate(cells)) + "\n1000;Last;5;x\n"
    )
    try:
        reading = read(whole)
    except RecommenderError:
        return
    assert reading.rows >= 1


class TestParquet:
    """Read by a process of its own, whose memory is bounded."""

    def test_rows_types_and_nesting(self, tmp_path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = tmp_path / "shop.parquet"
        rows = {
            "sku": ["a", "b"],
            "name": ["Kettle", "Pot"],
            "price": pa.array([19.99, None]),
            "in_stock": [True, False],
            "categories": [["House", "Kitchen"], ["House"]],
            "spec": [{"colour": "red"}, {"colour": None}],
            "picture": [b"\x00\x01", None],
        }
        pq.write_table(pa.table(rows), path)
        for source in (path, path.read_bytes()):
            kettle, pot = read_catalogue(source, "shop.parquet").items
            assert (str(kettle.price), kettle.stock, kettle.path) == ("19.99", None, ("House", "Kitchen"))
            assert (pot.price, pot.stock, pot.category) == (None, 0, "House")
            assert kettle.attributes["spec colour"] == "red"

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = tmp_path / "shop.parquet"
        pq.write_table(pa.table({"sku": [str(n) for n in range(5000)], "name": ["Kettle"] * 5000}), path)
        whole = path.read_bytes()
        damaged = (whole[: len(whole) // 2], b"x" + whole[1:], whole[:50] + b"\xff" * 300 + whole[350:])
        for content in damaged:
            with pytest.raises(CatalogueFileError, match=r"Write it again|damaged"):
                read_catalogue(content, "shop.parquet")

    def test_what_unpacks_without_end_is_stopped(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from recommender.catalogue import parquet

        limits = (400, 60, *parquet._LIMITS[2:])
        monkeypatch.setattr(parquet, "_LIMITS", limits)
        path = tmp_path / "bomb.parquet"
        words = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), pa.array(["T" * 900_000]))
        pq.write_table(pa.table({"sku": pa.array(range(2000)), "name": words}), path, compression="zstd")
        assert path.stat().st_size < 100_000
        with pytest.raises(CatalogueFileError, match="unpack"):
            read_catalogue(path)
