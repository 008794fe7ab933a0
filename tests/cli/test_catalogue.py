"""`attune catalogue` and `attune recommend interactions` against a real database, without embedding."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).resolve().parents[2]
FILE = "sku;name;price;stock\nk1;Kettle;19,90;5\nk2;Pot;abc;5\nk3;Pan;9,00;0\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    return tmp_path


def attune(*words: str, status: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == status, result.output
    return dict(json.loads(result.stdout))


def written(folder: Path, content: str, name: str = "shop.csv") -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def test_an_import_reports_exactly_what_came_in(home: Path) -> None:
    report = attune("catalogue", "import", written(home, FILE), "--no-index")
    assert (report["rows"], report["imported"], report["embedded"]) == (3, 2, 0)
    assert [row["line"] for row in report["rejected"]] == [3]
    assert report["mapping"] == {
        "id": "sku",
        "title": "name",
        "price": "price",
        "stock": "stock",
        "attributes": {},
        "ignored": {},
    }
    listed = attune("catalogue", "list")
    assert [(item["id"], item["price"], item["stock"]) for item in listed["items"]] == [("k1", 19.9, 5), ("k3", 9.0, 0)]


def test_a_dry_run_changes_nothing(home: Path) -> None:
    report = attune("catalogue", "import", written(home, FILE), "--dry-run")
    assert (report["imported"], report["added"], report["dry_run"]) == (2, 2, True)
    assert attune("catalogue", "list")["total"] == 0


def test_a_file_replaces_the_catalogue_or_adds_to_it(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    more = written(home, "sku;name;price\nk3;Pan;8,00\nk4;Lid;1,00\n", "more.csv")
    report = attune("catalogue", "import", more, "--update", "--no-index")
    assert (report["added"], report["changed"], report["removed"]) == (1, 1, 0)
    assert attune("catalogue", "list")["total"] == 3
    report = attune("catalogue", "import", more, "--no-index")
    assert (report["added"], report["changed"], report["removed"]) == (0, 0, 1)
    assert attune("catalogue", "list")["total"] == 2


def test_a_file_without_one_good_row_leaves_the_catalogue_whole(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    error = attune("catalogue", "import", written(home, "sku,name,price\n1,Kettle,abc\n", "bad.csv"), status=1)["error"]
    assert error["code"] == "nothing_to_import"
    assert "Line 2" in error["message"]
    assert attune("catalogue", "list")["total"] == 2


def test_nothing_is_changed_where_no_encoder_is(home: Path) -> None:
    error = attune("catalogue", "import", written(home, FILE), status=1)["error"]
    assert error["code"] == "encoder_unavailable"
    assert attune("catalogue", "list")["total"] == 0


def test_the_proposal_is_shown_and_asked_about(home: Path) -> None:
    file = written(home, FILE)
    refused = CliRunner().invoke(app, ["catalogue", "import", file, "--no-index"], input="n\n")
    assert refused.exit_code == 1
    assert "line 3" in refused.output
    assert attune("catalogue", "list")["total"] == 0
    assert CliRunner().invoke(app, ["catalogue", "import", file, "--no-index"], input="y\n").exit_code == 0
    assert attune("catalogue", "list")["total"] == 2


def test_columns_can_be_given(home: Path) -> None:
    file = written(home, "a;b;c\nx1;Kettle;red\nx2;Pot;blue\n")
    given = ("--map", "id=a", "--map", "title=b", "--map", "attribute.colour=c")
    attune("catalogue", "import", file, *given, "--no-index")
    assert attune("catalogue", "show", "x1")["attributes"] == {"colour": "red"}
    error = attune("catalogue", "import", file, "--map", "title=B", "--no-index", status=1)["error"]
    assert error["code"] == "mapping_invalid"


def test_prices_stock_and_relations_change_by_command(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    item = attune("catalogue", "set", "k1", "--price", "17.50", "--stock", "none")
    assert (item["price"], item["stock"]) == (17.5, None)
    assert attune("catalogue", "set", "k1", "--price", "none")["price"] is None
    for wrong in (("--price", "-1"), ("--price", "NaN"), ("--stock", "1.5")):
        assert attune("catalogue", "set", "k1", *wrong, status=1)["error"]["code"] == "item_invalid"
    assert attune("catalogue", "set", "k9", "--stock", "1", status=1)["error"]["code"] == "not_found"
    attune("catalogue", "relations", "--item", "k3", "--accessory-of", "k1")
    assert attune("catalogue", "show", "k3")["relations"] == [{"kind": "accessory_of", "target": "k1"}]


def test_deleting_takes_all_or_nothing(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    assert attune("catalogue", "delete", "k1", "k9", "--no-index", status=1)["error"]["code"] == "not_found"
    assert attune("catalogue", "delete", "k1", "k1", "--no-index") == {"deleted": 1}
    assert [item["id"] for item in attune("catalogue", "list")["items"]] == ["k3"]


def test_an_import_that_is_killed_leaves_the_old_catalogue_whole(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    before = attune("catalogue", "list")
    rows = "".join(f"n{number};Item {number};1,00;1\n" for number in range(20_000))
    file = written(home, "sku;name;price;stock\n" + rows, "large.csv")
    command = [sys.executable, "-m", "cli.main", "catalogue", "import", file, "--no-index", "--json"]
    database = home / "home" / "attune.db"
    for wait in (0.05, 0.6, 1.5):
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=subprocess.DEVNULL)
        # The log grows as soon as the new rows are being written.
        log, deadline = database.with_name("attune.db-wal"), time.monotonic() + 60
        while (
            process.poll() is None
            and time.monotonic() < deadline
            and not (log.exists() and log.stat().st_size > 200_000)
        ):
            time.sleep(0.01)
        time.sleep(wait)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        with sqlite3.connect(database) as connection:
            count = connection.execute("SELECT count(*) FROM items").fetchone()[0]
        assert count in (2, 20_000), "all or nothing"
        if count == 20_000:
            return
        assert attune("catalogue", "list") == before
    attune("catalogue", "import", file, "--no-index")
    assert attune("catalogue", "list")["total"] == 20_000


def test_a_log_comes_in_once_and_without_names(home: Path) -> None:
    attune("catalogue", "import", written(home, FILE), "--no-index")
    rows = (
        "user,product,event,time",
        "anna@example.com,k1,view,1700000000",
        "bob,k3,purchase,14.11.2023 22:13",
        "bob,k9,view,1700000000",
        "bob,k1,fly,1700000000",
        "bob,k1,view,soon",
        ",k1,view,1700000000",
    )
    log = written(home, "\n".join(rows), "log.csv")
    report = attune("recommend", "interactions", log)
    assert (report["rows"], report["imported"], report["new"]) == (6, 2, 2)
    assert [row["line"] for row in report["rejected"]] == [4, 5, 6, 7]
    assert attune("recommend", "interactions", log)["new"] == 0
    with sqlite3.connect(home / "home" / "attune.db") as connection:
        rows = connection.execute("SELECT subject, item_id, kind FROM interactions ORDER BY number").fetchall()
    assert [row[1:] for row in rows] == [("k1", "view"), ("k3", "purchase")]
    assert "anna" not in str(rows) and "bob" not in str(rows)
