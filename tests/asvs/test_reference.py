"""The rules that are written down are the rules in force."""

import re
from pathlib import Path

from service import Settings

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "reference" / "security.md"


def test_limits_are_the_settings_own() -> None:
    rows = re.findall(r"^\| `ATTUNE_([A-Z_]+)` \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 10
    for name, told in rows:
        assert told == str(Settings.model_fields[name.lower()].default), name


def test_times_for_updates_are_written_down() -> None:
    updates = PAGE.read_text(encoding="utf-8").partition("## Updates")[2]
    assert [
        int(days) for days in re.findall(r"within (\d+) days|, (\d+) if high|, (\d+) otherwise", updates)[0] if days
    ]
    assert all(word in updates for word in ("critical", "high", "otherwise", "ml.lock", "rasa.lock"))
