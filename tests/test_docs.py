"""The documents name only what exists: files, commands, settings."""

import re
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from actions import Settings as ActionSettings
from cli.main import app
from cli.recommend.group import AskFirst
from service import Settings as WebSettings
from tests.test_layers import MAY_IMPORT

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").rglob("*.md"), ROOT / "bot" / "README.md"]
)
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var", "build"}

LINK = re.compile(r"\]\(([^)#\s]+)\)")
FILE = re.compile(r"`([\w.-]+/[\w./-]*)`")
COMMAND = re.compile(r"(?:^|`)attune ((?:[a-z]+ ?)+)", re.MULTILINE)
SETTING = re.compile(r"`ATTUNE_([A-Z_]+)`")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_named_files_exist(page: Path) -> None:
    named = [name for name in FILE.findall(page.read_text(encoding="utf-8")) if name.split("/")[0] in FOLDERS]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_named_commands_exist(page: Path) -> None:
    commands = COMMAND.findall(page.read_text(encoding="utf-8"))
    assert [words for words in commands if not exists(words.split())] == []


def exists(words: list[str]) -> bool:
    """Whether the words begin with a whole command; what follows it may be arguments."""
    command = typer.main.get_command(app)
    for word in words:
        if not isinstance(command, TyperGroup):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    # `attune recommend "words"` is a command as well.
    return not isinstance(command, TyperGroup) or isinstance(command, AskFirst)


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert exists(["emotion", "evaluate", "text"])
    assert not exists(["emotion", "paint"])
    assert not exists(["fly"])


def test_settings_of_the_readme_exist() -> None:
    named = SETTING.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    known = {name.upper() for settings in (WebSettings, ActionSettings) for name in settings.model_fields}
    assert named
    assert set(named) - known == set()


def test_architecture_s_table_of_rooms_is_the_one_that_is_kept() -> None:
    """What is in brackets is `actions/shop/`'s own right, which test_layers.py grants by itself."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page.partition("## Rooms")[2].partition("\n## ")[0]
    told = {}
    for row in re.findall(r"^\| (`.+)\|$", table, re.MULTILINE):
        rooms, _, may = (cell.strip() for cell in row.split("|"))
        allowed = re.sub(r"\(.*?\)", "", may)
        for room in re.findall(r"`(\w+)`", rooms):
            told[room] = set() if allowed == "nothing" else set(re.findall(r"\w+", allowed))
    everything = {room for room, allowed in told.items() if "everything" in allowed}
    assert everything == {"cli", "benchmarks"}
    assert {room: told[room] for room in told.keys() - everything} == {
        room: MAY_IMPORT[room] for room in MAY_IMPORT.keys() - everything
    }
