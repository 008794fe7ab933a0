"""Runs the acceptance cases and prints one JSON line for each: `python -m tests.acceptance.report [ARGUMENTS]`.

ARGUMENTS go to pytest. Line: {"case": number, "name": words, "ok": bool, "seconds": float}. pytest's own report goes to
standard error. Exit status 0 only if every case is ok; a case whose tests were skipped is not.
"""

import json
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).resolve().parent


@dataclass
class Case:
    """One case: its tests' outcomes, and the seconds that they took once the processes ran."""

    number: int
    name: str
    outcomes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return bool(self.outcomes) and set(self.outcomes) == {"passed"}

    def line(self) -> str:
        said = {"case": self.number, "name": self.name, "ok": self.ok, "seconds": round(self.seconds, 1)}
        return json.dumps(said)


class Cases:
    """Listens to pytest. A test belongs to the case that its module is marked with."""

    def __init__(self) -> None:
        self.cases: dict[int, Case] = {}
        self._of: dict[str, Case] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            mark = item.get_closest_marker("case")
            if mark is not None:
                number, name = mark.args
                self._of[item.nodeid] = self.cases.setdefault(number, Case(number, name))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        case = self._of.get(report.nodeid)
        if case is None:
            return
        if report.when == "call":
            case.seconds += report.duration
        if report.when == "call" or report.outcome != "passed":
            case.outcomes.append(report.outcome)


def main(arguments: list[str]) -> int:
    """Run the cases; answers the exit status."""
    cases = Cases()
    chosen = [str(path) for path in sorted(HERE.glob("test_case_*.py"))]
    # pytest's own report goes beside the lines, which are for machines.
    with redirect_stdout(sys.stderr):
        status = pytest.main(["-q", *arguments, *chosen], plugins=[cases])
    for number in sorted(cases.cases):
        print(cases.cases[number].line())
    return 0 if status == pytest.ExitCode.OK and cases.cases and all(case.ok for case in cases.cases.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
