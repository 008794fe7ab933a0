"""`attune privacy redaction`: how much personal data is found in texts, and what is taken for some."""

from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from benchmarks.redaction import SETS, measure, sentences
from cli.output import AsJson, fail, print_json, print_report, reports_errors
from privacy import Redactor

_SPLITS: Final = {"test": "written beforehand; no pattern was chosen with it", "development": "patterns chosen with it"}


@reports_errors
def redaction(
    name: Annotated[str, typer.Option("--set", help=f"One of {', '.join(SETS)}.")] = "test",
    show: Annotated[bool, typer.Option(help="Every piece that was missed, and every one taken for personal.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the redaction of personal data on written sentences.

    recall: share of the personal pieces that are hidden whole. precision: share of the placeholders that hide something
    personal. named: share of these that say what it is.
    """
    if name not in SETS:
        fail(f"{name!r} is no set; expected {' or '.join(SETS)}.", code="unknown_set", as_json=as_json)
    figures, misses = measure(sentences(name), Redactor())
    report: dict[str, Any] = {"set": name, "split": _SPLITS[name], **figures}
    if show:
        report["misses"] = [asdict(miss) for miss in misses]
    if as_json:
        print_json(report)
    else:
        print_report(report, as_json=False)
