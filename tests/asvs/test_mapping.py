"""docs/reference/asvs.md answers every requirement of level 1, and names only tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "reference" / "asvs.md"
IDS = [line for line in (Path(__file__).with_name("level_1.txt")).read_text().splitlines() if line[:1].isdigit()]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows() -> dict[str, tuple[str, str]]:
    return {number: (words, answer) for number, words, answer in ROW.findall(PAGE.read_text(encoding="utf-8"))}


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_requirement_is_answered_once_and_in_order() -> None:
    assert len(IDS) == 70
    told = [number for number, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    assert told == IDS


@pytest.mark.parametrize("number", IDS)
def test_an_answer_is_a_test_a_reason_or_an_open_gap(number: str) -> None:
    words, answer = rows()[number]
    assert 10 <= len(words) <= 160
    tests = TEST.findall(answer)
    assert tests or answer.startswith(("Reason: ", "Open gap: "))
    assert "::" not in TEST.sub("", answer), "a test is named in a form that is not checked"
    for path, name in tests:
        assert (ROOT / path).is_file(), path
        assert name.startswith("test_") and name in functions_of(path), f"{path}::{name}"


def test_the_summary_counts_what_is_there() -> None:
    answers = [answer for _, answer in rows().values()]
    gaps = sum(answer.startswith("Open gap: ") for answer in answers)
    reasons = sum(answer.startswith("Reason: ") for answer in answers)
    told = re.search(r"(\d+) by tests, (\d+) with a reason, (\d+) open", PAGE.read_text(encoding="utf-8"))
    assert told is not None
    assert [int(one) for one in told.groups()] == [len(answers) - gaps - reasons, reasons, gaps]
