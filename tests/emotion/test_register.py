"""The register of use cases: the one that ships, and every way in which one can be wrong."""

from pathlib import Path

import pytest

from emotion import StateOptions
from emotion.errors import RegisterError
from emotion.register import Register, load_register
from vocabulary import Modality, Signal, StateName

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ROOT / "data" / "use_cases.toml"
PAGE = ROOT / "docs" / "reference" / "use-cases.md"

ENTRY = """
[help]
emotions = ["fear"]
question = "Is the customer lost?"
signals = ["text", "voice"]
states = ["unsure"]
action = "Help is offered."
retention = "The turn."
benefit = "Help in time."
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "use_cases.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_register_that_ships_covers_what_the_product_uses() -> None:
    register = load_register(SHIPPED)
    register.check([Modality.TEXT, Modality.VOICE, Modality.FACE, Modality.BEHAVIOUR], StateOptions().names.states)
    assert set(StateOptions().names.states) == set(register.use_case("support").states)


def test_an_entry_is_read(tmp_path: Path) -> None:
    entry = load_register(written(tmp_path, ENTRY)).use_case("help")
    assert (entry.signals, entry.states) == ((Signal.TEXT, Signal.VOICE), (StateName.UNSURE,))
    assert entry.benefit == "Help in time."


@pytest.mark.parametrize(
    ("signals", "states", "words"),
    [
        (["face"], [], "signal face is not registered"),
        (["gesture"], [], "signal gesture is not registered"),
        (["text"], ["stressed"], "state stressed is not registered"),
    ],
)
def test_what_is_not_registered_is_refused(tmp_path: Path, signals: list[str], states: list[str], words: str) -> None:
    register = load_register(written(tmp_path, ENTRY))
    with pytest.raises(RegisterError, match=words):
        register.check(signals, states)
    register.check(["text"], ["unsure", "calm"])


def test_one_use_case_may_not_borrow_from_another() -> None:
    register = load_register(SHIPPED)
    register.check(["behaviour"], [])
    with pytest.raises(RegisterError, match="signal behaviour is not registered; use case support"):
        register.check(["behaviour"], [], use_case="support")
    with pytest.raises(RegisterError, match="use case pricing is not registered"):
        register.check([], [], use_case="pricing")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('signals = ["text", "voice"]', 'signals = ["text", "voice", "face", "behaviour"]'), "expected 1 to 3"),
        (('signals = ["text", "voice"]', "signals = []"), "expected 1 to 3"),
        (('signals = ["text", "voice"]', 'signals = ["text", "text"]'), "different"),
        (('signals = ["text", "voice"]', 'signals = ["smell"]'), "'smell' in signals of use case help"),
        (('signals = ["text", "voice"]', "signals = [[1]]"), "in signals of use case help"),
        (('states = ["unsure"]', 'states = ["unsure", "stressed", "confident", "relieved"]'), "expected 1 to 3"),
        (('states = ["unsure"]', 'states = ["calm"]'), "'calm' in states"),
        (('emotions = ["fear"]', 'emotions = ["greed"]'), "'greed' in emotions"),
        (('benefit = "Help in time."', 'benefit = " "'), "benefit of use case help is ' '"),
        (('benefit = "Help in time."', ""), "lacks benefit"),
        (('benefit = "Help in time."', 'benefit = "b"\nprice = "up"'), "unknown price"),
        (("[help]", ""), "expected a table"),
        (("[help]", "[help"), "no readable TOML"),
        ((ENTRY, ""), "no use case"),
    ],
)
def test_a_wrong_register_is_told_clearly(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = written(tmp_path, ENTRY.replace(*change))
    with pytest.raises(RegisterError, match=words) as caught:
        load_register(path)
    assert str(path) in str(caught.value)


def test_a_missing_register_is_told_clearly(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="is missing"):
        load_register(tmp_path / "none.toml")


def test_the_reference_page_tells_every_entry() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for entry in load_register(SHIPPED).use_cases.values():
        section = page.partition(f"## `{entry.name}`")[2].partition("\n## ")[0]
        for words in (entry.question, entry.action, entry.retention, entry.benefit):
            assert words in section
        for several in (entry.emotions, entry.signals, entry.states):
            assert ", ".join(several) in section


def test_an_empty_register_registers_nothing() -> None:
    with pytest.raises(RegisterError, match="signal text"):
        Register({}).check(["text"], [])
