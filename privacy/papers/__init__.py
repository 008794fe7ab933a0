"""Governance papers, generated from what is in force: nothing in them is written twice."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from privacy.papers.blocks import Heading, Paper, Paragraph, Points, Table
from privacy.papers.facts import InForce, Measure, UseCase
from privacy.papers.impact import impact_assessment, impact_note, use_case_register
from privacy.papers.record import record_of_processing, retention_table

__all__ = ["InForce", "Measure", "Paper", "UseCase", "papers", "red_lines"]

_RED_LINES: Final = Path(__file__).with_name("red_lines.toml")


def papers(now: InForce) -> tuple[Paper, ...]:
    """All papers, in the order in which an auditor reads them."""
    return (
        record_of_processing(now),
        impact_assessment(now),
        use_case_register(now),
        _red_lines_paper(now),
        retention_table(now),
        impact_note(),
    )


@cache
def red_lines() -> tuple[dict[str, Any], ...]:
    """What emotion is never used for: words, how it is kept, and the tests that keep it."""
    return tuple(tomllib.loads(_RED_LINES.read_text(encoding="utf-8"))["line"])


def _red_lines_paper(now: InForce) -> Paper:
    rows: Sequence[Sequence[str]] = [
        (line["words"], line["how"], "; ".join(test.rpartition("::")[2].replace("_", " ") for test in line["kept_by"]))
        for line in red_lines()
    ]
    return Paper(
        "red-lines",
        "Red lines",
        [
            Paragraph(f"As in force on {now.on.isoformat()}. Each line is kept by tests that run with every change."),
            Table(("Line", "How it is kept", "Tests"), rows),
            Heading("Published rules of prices"),
            Points([*now.prices] or ["The list price, for everyone."]),
            Heading("Published rules of relief"),
            Points([*now.relief]),
            Heading("Private statistics"),
            Paragraph(
                f"A month may cost {now.statistics_budget:g} (epsilon); nothing is said about fewer than "
                f"{now.statistics_min_group} customers."
            ),
        ],
    )
