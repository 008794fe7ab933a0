"""Asks the type checker about lines that must not be written."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_ERROR = re.compile(r"^\S+lines\.py:(\d+): error", re.MULTILINE)


def refused_by_types(head: str, lines: Sequence[str]) -> list[bool]:
    """For each line, put into the function at the head's end, whether mypy (strict) finds it wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.py"
        path.write_text(head + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
        first = len(head.splitlines()) + 1
        known = [ROOT / "shop" / "pricing.py", ROOT / "journey" / "relief.py", *(ROOT / "vocabulary").glob("*.py")]
        # The libraries behind are left out, which takes seconds instead of a minute.
        command = [sys.executable, "-m", "mypy", "--config-file", "", "--strict", "--follow-imports=skip"]
        options = ["--cache-dir", str(Path(folder) / "cache"), "--no-error-summary", "--allow-subclassing-any"]
        done = subprocess.run(
            [*command, *options, *map(str, known), str(path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    wrong = {int(number) for number in _ERROR.findall(done.stdout)}
    outside = wrong - set(range(first, first + len(lines)))
    assert done.returncode in (0, 1) and not outside, (
        f"mypy stumbles over the check itself:\n{done.stdout}{done.stderr}"
    )
    return [first + number in wrong for number in range(len(lines))]
