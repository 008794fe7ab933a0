"""The papers say what is in force, and nothing in them can break out of its cell."""

import ast
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from emotion.register import UseCase as RegisteredUse
from privacy import Paper, UseCase, papers, red_lines
from privacy.papers.blocks import Heading, Paragraph, Points, Table
from privacy.papers.record import length_in_words
from service import Settings, papers_in_force
from service.papers import in_force

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = date(2026, 3, 2)
NASTY = '<script>alert("1")</script> | \n# not a heading & more'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def by_name(settings: Settings) -> dict[str, Paper]:
    return {paper.name: paper for paper in papers_in_force(settings, on=DAY)}


def test_all_papers_are_made_and_named_once(settings: Settings) -> None:
    made = papers_in_force(settings, on=DAY)
    assert [paper.name for paper in made] == [
        "record-of-processing",
        "impact-assessment",
        "use-cases",
        "red-lines",
        "retention",
        "impact-note",
    ]
    assert all("2026-03-02" in paper.markdown for paper in made[:-1])


def test_settings_in_force_are_in_the_papers(tmp_path: Path) -> None:
    changed = Settings(
        home=tmp_path,
        retention="conversations=17d",
        request_days=13,
        controller="Kitchen Shop, Lindenweg 4",
        statistics_budget=3.5,
        statistics_min_group=42,
        behind_proxy=True,
    )
    found = by_name(changed)
    assert "17 days" in found["retention"].markdown and "within 13 days" in found["retention"].markdown
    record = found["record-of-processing"].markdown
    assert "Kitchen Shop, Lindenweg 4" in record and "by the proxy on this machine" in record
    assert "cost 3.5" in found["red-lines"].markdown and "42 customers" in found["red-lines"].markdown
    plain = by_name(Settings(home=tmp_path))
    assert "17 days" not in plain["retention"].markdown
    assert "not set: ATTUNE_CONTROLLER" in plain["record-of-processing"].markdown


def test_no_secret_of_the_settings_is_told(tmp_path: Path) -> None:
    secret = Settings(
        home=tmp_path,
        smtp_url="smtps://shop:canary-password@mail.shop.de:465",  # type: ignore[arg-type]
        mail_from="shop@shop.de",
        database_url=f"sqlite+aiosqlite:///{tmp_path}/canary-database.db",
        key_command="cat /canary-command",
    )
    text = "".join(paper.markdown + paper.html for paper in papers_in_force(secret))
    assert "canary" not in text and "SMTP" in text and "ATTUNE_KEY_COMMAND" in text


def test_every_place_that_an_erasure_knows_is_in_record_and_retention(settings: Settings) -> None:
    now, found = in_force(settings, on=DAY), by_name(settings)
    assert len(now.places) > 15
    for place in now.places:
        assert place.title in found["retention"].markdown
        assert place.title in found["record-of-processing"].markdown


def test_register_s_fields_are_the_ones_that_the_product_checks() -> None:
    assert list(UseCase.__dataclass_fields__) == list(RegisteredUse.__dataclass_fields__)


def test_red_lines_name_tests_that_exist() -> None:
    assert len(red_lines()) >= 8
    for line in red_lines():
        assert line["words"] and line["how"] and line["kept_by"]
        for test in line["kept_by"]:
            path, _, name = test.partition("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            functions = {
                node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert name in functions, f"{test} does not exist"


class Tags(HTMLParser):
    """Counts elements, and notes what is never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "block",
    [Heading(NASTY), Paragraph(NASTY), Points([NASTY]), Table((NASTY, "b"), [(NASTY, "c")])],
)
def test_text_stays_text(block: Heading | Paragraph | Points | Table) -> None:
    paper = Paper("x", NASTY, [block])
    tags = Tags()
    tags.feed(paper.html)
    assert "script" not in tags.seen and tags.open == []
    lines = paper.markdown.splitlines()
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    if isinstance(block, Table):
        rows = [line for line in lines if line.startswith("|")]
        assert len(rows) == 3 and all(row.replace("\\|", "").count("|") == 3 for row in rows)


def test_pages_need_nothing_from_elsewhere(settings: Settings) -> None:
    for paper in papers_in_force(settings):
        tags = Tags()
        tags.feed(paper.html)
        assert tags.open == [] and not tags.seen & {"script", "img", "link", "iframe", "form"}
        assert not re.search(r"""(src|href|url|@import)\s*[=(]""", paper.html)


def test_odd_values_of_the_shop_s_do_not_break_a_paper(settings: Settings) -> None:
    now = replace(in_force(settings, on=DAY), shop=NASTY, use_cases=[], prices=[], settings=[("A", NASTY, "")])
    for paper in papers(now):
        assert "<script>" not in paper.html


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(days=365), "365 days"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_lengths_in_words(length: timedelta, words: str) -> None:
    assert length_in_words(length) == words
