"""The rooms import only what the table in ARCHITECTURE.md allows, and only through each other's door."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "vocabulary": set(),
    "bot": set(),
    "privacy": {"vocabulary"},
    "speech": {"vocabulary"},
    "emotion": {"vocabulary"},
    "journey": {"vocabulary"},
    "recommender": {"vocabulary"},
    "store": {"vocabulary", "privacy"},
    "shop": {"vocabulary", "store", "recommender"},
    "actions": {"vocabulary", "emotion", "journey", "recommender", "speech", "store", "privacy"},
    "service": {"vocabulary", "speech", "journey", "recommender", "store", "privacy", "shop"},
}
EVERYTHING_BUT_BOT = set(MAY_IMPORT) - {"bot"}
MAY_IMPORT |= {"cli": EVERYTHING_BUT_BOT | {"benchmarks"}, "benchmarks": EVERYTHING_BUT_BOT | {"cli"}}
# Set-up and training code; loaded by commands only, never by a running process.
HEAVY = {
    *("torch", "transformers", "sentence_transformers", "sklearn", "onnx", "onnxscript", "whisper"),
    *("pandas", "pyarrow", "implicit", "matplotlib", "numba", "jax"),
}


def python_files(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "build" not in path.parts)


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Absolute imports of a file: (module, line, whether at the top of the module)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in top
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno, id(node) in top


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_room_imports_only_what_the_table_allows(room: str) -> None:
    wrong = []
    for path in python_files(room):
        allowed = MAY_IMPORT[room] | {room}
        if path.is_relative_to(ROOT / "actions" / "shop"):
            allowed |= {"shop"}
        for module, line, _ in imports(path):
            target = module.split(".")[0]
            if target in MAY_IMPORT and target not in allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong


@pytest.mark.parametrize("room", sorted(set(MAY_IMPORT) - {"cli", "benchmarks"}))
def test_room_enters_others_by_their_door(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in python_files(room)
        for module, line, _ in imports(path)
        if "." in module and module.split(".")[0] in set(MAY_IMPORT) - {room}
    ]
    assert not wrong


def test_pipecat_is_imported_in_one_package() -> None:
    package = ROOT / "service" / "voice" / "pipeline"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for room in sorted(MAY_IMPORT)
        for path in python_files(room)
        if not path.is_relative_to(package)
        for module, line, _ in imports(path)
        if module.split(".")[0] in {"pipecat", "aiortc"}
    ]
    assert not wrong


def test_core_actions_do_not_know_the_demo() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files("actions")
        if not path.is_relative_to(ROOT / "actions" / "shop")
        for module, line, _ in imports(path)
        if module.startswith("actions.shop") or module.split(".")[0] == "shop"
    ]
    assert not wrong


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_heavy_libraries_are_imported_only_where_they_are_used(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module} at the top"
        for path in python_files(room)
        if "training" not in path.parts
        for module, line, at_top in imports(path)
        if at_top and module.split(".")[0] in HEAVY
    ]
    assert not wrong


@pytest.mark.parametrize("process", ["actions.server", "service.app", "service.learning"])
def test_a_running_process_starts_without_heavy_libraries(process: str) -> None:
    code = (
        f"import sys, {process}; "
        # Parts of scipy that only training needs.
        f"print(sorted(({HEAVY!r} | {{'scipy.linalg', 'scipy.stats', 'scipy.optimize'}}) & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("room", sorted(set(MAY_IMPORT) - {"bot", "cli"}))
def test_door_exports_what_it_says(room: str) -> None:
    door = importlib.import_module(room)
    assert [name for name in door.__all__ if getattr(door, name, None) is None] == []
    assert len(set(door.__all__)) == len(door.__all__) > 0
