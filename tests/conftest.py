"""Fixtures that every room's tests share."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.flite import Speak, needs_flite, say

ROOT = Path(__file__).resolve().parent.parent
# Rasa's own extensions are tested in its environment: `make test` runs that folder there.
collect_ignore = ["bot"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of measuring data beside the checkout; skips where there is none."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("measuring data is not here: no folder ../shared/data beside the checkout")
    return folder


@pytest.fixture(scope="session")
def encoder_dir() -> Path:
    """The exported sentence encoder, made once."""
    from recommender import export_encoder

    folder = ROOT / "var" / "encoder"
    export_encoder(folder)
    return folder


@pytest.fixture(scope="session")
def schema_statements(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[str]]:
    """Gives the statements of a new database; the migrations run once."""
    from privacy import KeyRing
    from tests.new_databases import written_down

    @cache
    def statements() -> list[str]:
        folder = tmp_path_factory.mktemp("schema")
        return written_down(folder, KeyRing.load_or_create(folder / "keys.json"))

    return statements


@pytest.fixture(autouse=True)
def new_databases(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, schema_statements: Callable[[], list[str]]
) -> None:
    """New databases are made at once; tests of the migrations make theirs step by step."""
    from tests.new_databases import at_once, by_migrations

    if not by_migrations(request.node.nodeid):
        monkeypatch.setattr("store.database._upgrade", at_once(schema_statements))


@pytest.fixture(scope="session")
def stack_mail() -> Iterator["Mailbox"]:  # noqa: F821
    """The mail server that the real processes hand their mail to."""
    from tests.service.mailbox import mail_server

    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, stack_mail: "Mailbox") -> Iterator["Stack"]:  # noqa: F821
    """The three real processes, started once for all tests that only talk to them."""
    from benchmarks import Stack

    settings = {
        "ATTUNE_SMTP_URL": f"smtp+clear://127.0.0.1:{stack_mail.port}",
        "ATTUNE_MAIL_FROM": "Shop <service@shop.example>",
        # Of admins alone; the stack's own agent signs in by password.
        "ATTUNE_ADMIN_SECOND_FACTOR": "true",
    }
    running = Stack(tmp_path_factory.mktemp("stack"), extra_environment=settings)
    running.set_up()
    running.start()
    try:
        running.wait_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> Speak:
    """Makes a WAV file of a sentence; each sentence is spoken once."""
    needs_flite()
    folder = tmp_path_factory.mktemp("spoken")
    made: dict[tuple[str, str], Path] = {}

    def once(sentence: str, voice: str = "rms") -> Path:
        if (sentence, voice) not in made:
            made[sentence, voice] = say(sentence, voice, folder / f"{len(made)}.wav")
        return made[sentence, voice]

    return once


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=12, help="how many processes the kill test kills (default 12)")
    parser.addoption(
        "--operations", type=int, default=4_000, help="random operations on the index of items (default 4000)"
    )
    parser.addoption("--order-ways", type=int, default=24, help="how many ways to say order numbers (default 24)")
    parser.addoption("--noises", type=int, default=54, help="how many noises must give no text (default 54; all: 300)")
    parser.addoption("--tamperings", type=int, default=90, help="changes of the audit chain to find (default 90)")
    parser.addoption("--load", choices=("small", "full"), default="small", help="size of the test of many recordings")


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    """How often the kill test kills."""
    return int(pytestconfig.getoption("--kills"))


@pytest.fixture(scope="session")
def noise_count(pytestconfig: pytest.Config) -> int:
    """How many noises are played to the recognisers."""
    return int(pytestconfig.getoption("--noises"))


@pytest.fixture(scope="session")
def full_load(pytestconfig: pytest.Config) -> bool:
    """Whether the test of many recordings runs in its full size."""
    return bool(pytestconfig.getoption("--load") == "full")


@pytest.fixture(scope="session")
def order_ways(pytestconfig: pytest.Config) -> int:
    """In how many ways order numbers are spoken."""
    return int(pytestconfig.getoption("--order-ways"))
