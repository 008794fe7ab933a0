"""The language gate: what may be read by models that know only English."""

import csv
import json
from collections import Counter
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion.text.english import LETTERS_FILE, is_everyday, letter_cost
from emotion.text.language import is_english
from emotion.text.word_lists import FOLDER, word_list


def lines() -> list[tuple[bool, str, str, bool]]:
    """(English, kind, text, looked at while the gate was built), see languages.tsv."""
    found, number = [], Counter[tuple[str, str]]()
    for line in (Path(__file__).resolve().parent / "languages.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        verdict, kind, text = line.split("\t")
        number[verdict, kind] += 1
        found.append((verdict == "english", kind, text, number[verdict, kind] % 2 == 1))
    return found


LINES = lines()


@pytest.mark.parametrize("text", [text for english, _, text, _ in LINES if english])
def test_english_passes_with_typos_slang_and_names(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("built", [True, False], ids=["looked at", "measured"])
def test_other_languages_are_kept_out(built: bool) -> None:
    kept = [not is_english(text) for english, _, text, looked_at in LINES if not english and looked_at is built]
    assert len(kept) == 68
    assert np.mean(kept) >= 0.94


@pytest.mark.parametrize("kind", sorted({kind for english, kind, _, _ in LINES if not english and kind != "short"}))
def test_no_language_passes_as_a_whole(kind: str) -> None:
    kept = [not is_english(text) for english, of, text, _ in LINES if not english and of == kind]
    assert np.mean(kept) >= 0.5


@pytest.mark.parametrize(
    ("word", "everyday"),
    [
        ("order", True),
        ("ordr", True),
        ("teh", True),
        ("wrok", True),
        ("recieved", True),
        ("kahan", False),
        ("paczka", False),
    ],
)
def test_a_slip_of_the_finger_is_still_english(word: str, everyday: bool) -> None:
    assert is_everyday(word) is everyday


def test_english_letters_cost_less_than_others() -> None:
    assert letter_cost(["screen", "flickers", "overnight"]) < 3.3 < 4.0 < letter_cost(["gdzie", "jest", "paczka"])
    assert letter_cost([]) == 0.0


def test_the_lists_agree_with_each_other() -> None:
    assert not word_list("everyday") & word_list("foreign")
    assert len(word_list("everyday")) > 2_000
    table = np.load(FOLDER / LETTERS_FILE)
    assert table.shape == (27, 27, 27) and table.dtype == np.uint8


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_english(text) in (True, False)


@pytest.mark.parametrize(
    "text", ["wort " * 10_000, "😡" * 5_000, "\u202eשלום " * 5_000, "a" * 100_000, '"' * 10_000, "é'" * 5_000]
)
def test_hostile_texts_are_answered_in_time(text: str) -> None:
    is_english("warm up, ordr")
    start = process_time()
    is_english(text)
    # .02 s on an idle core.
    assert process_time() - start < 0.3


@pytest.mark.shared
def test_hardly_any_english_is_refused(shared_data: Path) -> None:
    clinc = json.loads((shared_data / "nlu" / "clinc_oos.json").read_text(encoding="utf-8"))
    with (shared_data / "nlu" / "banking77_test.csv").open(encoding="utf-8") as file:
        banking = [row[0] for row in csv.reader(file)][1:]
    comments = (shared_data / "text_emotion" / "goemotions" / "original" / "dev.tsv").read_text(encoding="utf-8")
    texts = {
        "clinc": [text for part in clinc.values() for text, _ in part],
        "banking77": banking,
        "goemotions dev": [line.split("\t")[0] for line in comments.splitlines()],
    }
    refused = {name: np.mean([not is_english(text) for text in each]) for name, each in texts.items()}
    assert max(refused.values()) <= 0.001, refused


@pytest.mark.shared
def test_the_shipped_table_is_what_the_command_writes(shared_data: Path, tmp_path: Path) -> None:
    from emotion.training.text.english_words import write

    write(shared_data, tmp_path)
    for name in ("everyday.txt", LETTERS_FILE):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
