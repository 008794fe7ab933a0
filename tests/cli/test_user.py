"""`attune user`: accounts of staff on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app

runner = CliRunner()
PASSWORD = "violet tram beneath the lemon"


@pytest.fixture
def kim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    made = run("create", "kim@example.org", "--name", "Kim", "--password", PASSWORD)
    assert (made["role"], made["disabled"], made["second_factor"]) == ("agent", False, False)
    return "kim@example.org"


def run(*arguments: str, status: int = 0) -> dict[str, Any]:
    result = runner.invoke(app, ["user", *arguments, "--json"])
    assert result.exit_code == status, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_an_account_is_changed_step_by_step(kim: str) -> None:
    assert run("role", kim, "auditor") == {"email": kim, "role": "auditor"}
    assert run("disable", kim) == {"email": kim, "disabled": True}
    assert run("list")["accounts"][0]["disabled"] is True
    assert run("disable", kim, "--undo") == {"email": kim, "disabled": False}
    assert run("factor", kim) == {"email": kim, "second_factor": False}
    assert run("password", kim, "--password", "seven quiet kettles on ice")["changed"] is True
    accounts = run("list")["accounts"]
    assert [(one["email"], one["role"]) for one in accounts] == [(kim, "auditor")]


def test_every_change_is_in_the_audit_record(kim: str) -> None:
    run("role", kim, "admin")
    run("disable", kim)
    report = json.loads(runner.invoke(app, ["audit", "verify", "--json"]).stdout)
    assert (report["entries"], report["ok"]) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("create", "bo@example.org", "--name", "Bo", "--role", "customer", "--password", PASSWORD), "role_invalid"),
        (("create", "bo@example.org", "--name", "Bo", "--password", "kim123456"), "weak_password"),
        (("create", "no address", "--name", "Bo", "--password", PASSWORD), "email_invalid"),
        (("create", "kim@example.org", "--name", "Kim", "--password", PASSWORD), "already_exists"),
        (("role", "nobody@example.org", "admin"), "not_found"),
        (("role", "kim@example.org", "customer"), "role_change"),
        (("disable", "nobody@example.org"), "not_found"),
        (("password", "nobody@example.org", "--password", PASSWORD), "not_found"),
    ],
)
def test_what_cannot_be_is_refused(kim: str, arguments: tuple[str, ...], code: str) -> None:
    assert run(*arguments, status=1)["error"]["code"] == code
