"""What the product's code never does, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    "vocabulary",
    "bot",
    "actions",
    "emotion",
    "journey",
    "recommender",
    "speech",
    "service",
    "store",
    "privacy",
    "shop",
    "cli",
    "benchmarks",
]
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if not {"build", ".venvs"} & set(path.parts)
)
PAGES = sorted(
    path
    for folder in ("service/static", "shop/storefront", "service/desk/assets")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".js", ".mjs", ".html")
)


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def modules(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(path: Path, *what: object) -> str:
    return f"{path.relative_to(ROOT)}: {' '.join(str(one) for one in what)}"


def test_there_is_something_to_read() -> None:
    assert len(SOURCES) > 200 and len(PAGES) > 20


def test_no_text_is_ever_run_as_code() -> None:
    wrong = [named(path, name) for path in SOURCES for name, _ in calls(path) if name in ("eval", "exec", "compile")]
    assert wrong == []


def test_no_shell_reads_a_command_line() -> None:
    wrong = []
    for path in SOURCES:
        for name, call in calls(path):
            shell = [one for one in call.keywords if one.arg == "shell"]
            if name in ("os.system", "os.popen") or "create_subprocess_shell" in name or shell:
                wrong.append(named(path, name))
    assert wrong == []


def test_objects_are_never_read_from_files_that_can_run_code() -> None:
    """torch.load with weights_only, numpy without pickles, YAML without tags."""
    wrong = []
    for path in SOURCES:
        for name, call in calls(path):
            given = {one.arg: ast.unparse(one.value) for one in call.keywords}
            if (
                name in ("pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "yaml.load", "joblib.load")
                or (name == "torch.load" and given.get("weights_only") != "True")
                or (name in ("np.load", "numpy.load") and given.get("allow_pickle", "False") != "False")
            ):
                wrong.append(named(path, name))
    assert wrong == []


def test_no_xml_is_read() -> None:
    parsers = ("xml", "lxml", "defusedxml", "html5lib")
    wrong = [named(path, one) for path in SOURCES for one in modules(path) if one.split(".")[0] in parsers]
    assert wrong == []


def test_only_gcm_encrypts() -> None:
    """Ciphers of cryptography's lower layer (modes, paddings) are not touched at all, outside the push protocol's."""
    wrong = []
    for path in SOURCES:
        for module in modules(path):
            lower = "hazmat.primitives.ciphers" in module and not module.endswith(("ciphers.aead", "ciphers"))
            if lower or "asymmetric.padding" in module or module.split(".")[0] in ("Crypto", "Cryptodome"):
                wrong.append(named(path, module))
        text = path.read_text(encoding="utf-8")
        if re.search(r"\bmodes\.(ECB|CBC|CFB|OFB|CTR)\b|\b(ARC4|TripleDES|Blowfish)\b", text):
            wrong.append(named(path, "old cipher"))
    assert wrong == []


def test_no_broken_hash_guards_anything() -> None:
    """MD5 and SHA-1 appear only where they say that nothing is protected by them."""
    wrong = []
    for path in SOURCES:
        for name, call in calls(path):
            harmless = any(one.arg == "usedforsecurity" and ast.unparse(one.value) == "False" for one in call.keywords)
            if name in ("hashlib.md5", "hashlib.sha1", "md5", "sha1", "hashes.MD5", "hashes.SHA1") and not harmless:
                wrong.append(named(path, name))
    assert wrong == []


def test_secrets_come_from_the_system_s_generator() -> None:
    """`random` is for demo data, measurements and training; what guards something uses secrets or os.urandom."""
    guarding = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("privacy", "store", "service", "bot")]
    wrong = [named(path, "random") for path in guarding for one in modules(path) if one == "random"]
    assert [place for place in wrong if not place.startswith(("service/drain.py", "bot/channels/"))] == []


def test_statements_of_the_database_are_never_put_together_from_text() -> None:
    """SQL as text is only ever a constant; values travel as parameters."""
    wrong = []
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] == "benchmarks":
            continue
        for name, call in calls(path):
            if name.rsplit(".", 1)[-1] in ("text", "exec_driver_sql", "executescript") and call.args:
                statement = call.args[0]
                looks = isinstance(statement, ast.JoinedStr | ast.BinOp)
                if looks and re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|DROP)\b", ast.unparse(statement)):
                    wrong.append(named(path, ast.unparse(statement)[:80]))
    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_put_text_in_as_text_and_run_nothing_inline(path: Path) -> None:
    text = re.sub(r"^\s*(//|\*|/\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", text)
    if path.suffix == ".html":
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text) and not re.search(r"\son[a-z]+\s*=", text)


def test_nobody_gets_an_answer_for_another_origin() -> None:
    """No CORS header is ever set, so browsers keep every answer from other sites."""
    wrong = [
        named(path)
        for path in SOURCES
        if "service" in path.parts
        and re.search(r"CORSMiddleware|Access-Control-Allow", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
