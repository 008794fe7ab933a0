"""Fields for passwords in every page that has one, read from the pages' own code."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [*(ROOT / "service/static/account").rglob("*.js"), *(ROOT / "service/desk").rglob("*.py")]
PASSWORD = re.compile(r"password", re.IGNORECASE)


def fields() -> list[tuple[str, str]]:
    """Each field whose name or id is a password's: the page, and the line that makes it."""
    found = []
    for path in PAGES:
        for line in path.read_text(encoding="utf-8").splitlines():
            in_script = re.search(r"""field\(\{[^}]*\b(type: "password"|name: "(password|current|new)")""", line)
            in_html = re.search(r"""<input[^>]*name="password\"""", line)
            if in_script or in_html:
                found.append((path.name, line))
    return found


def test_password_fields_hide_what_is_typed() -> None:
    assert len({page for page, _ in fields()}) >= 3
    assert [page for page, line in fields() if not re.search(r"""type(: |=)"password\"""", line)] == []


def test_password_fields_help_password_managers_and_allow_pasting() -> None:
    told = r"""autocomplete(: |=)"(current|new)-password\""""
    assert [page for page, line in fields() if not re.search(told, line)] == []
    for path in PAGES:
        assert not re.search(r"onpaste|\"paste\"", path.read_text(encoding="utf-8")), path
