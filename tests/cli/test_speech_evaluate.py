"""`attune speech evaluate`: folders and tables with transcripts."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.speech import app
from cli.speech_measure import Evaluation, Row, summed
from cli.speech_sets import GIVEN, compare
from cli.transcripts import TranscriptsError, recordings
from speech import SpeechSetup
from tests.flite import Speak

SENTENCE = "where is my order four one seven two zero three"
KEYS = {"engine", "wer", "cer", "n", "real_time_factor", "per_file"}
FILE_KEYS = {"file", "reference", "heard", "wer", "cer", "seconds", "audio_seconds"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.wav", "b.FLAC", "deep/c.mp3"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sound")
    return tmp_path


def names(source: Path) -> dict[str, str]:
    return {recording.file.name: recording.reference for recording in recordings(source)}


def test_text_beside_each_sound(folder: Path) -> None:
    (folder / "a.txt").write_text("Hello there.\n")
    (folder / "b.txt").write_text("good bye")
    (folder / "deep" / "c.txt").write_text("and so on")
    assert names(folder) == {"a.wav": "Hello there.", "b.FLAC": "good bye", "c.mp3": "and so on"}


def test_libri_speech(folder: Path) -> None:
    (folder / "deep" / "1-2.trans.txt").write_text("c AND SO ON\n")
    assert names(folder) == {"c.mp3": "AND SO ON"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", 'file,text\na.wav,hello\ndeep/c.mp3,"on, and on"\n'),
        ("t.csv", "﻿Path;Sentence\na.wav;hello\ndeep/c.mp3;on, and on\n"),
        ("t.tsv", "speaker\tpath\ttranscription\n1\ta.wav\thello\n2\tdeep/c.mp3\ton, and on\n"),
        ("t.jsonl", '{"audio": "a.wav", "transcript": "hello"}\n\n{"wav": "deep/c.mp3", "text": "on, and on"}\n'),
    ],
)
def test_tables(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    assert names(folder / name) == names(folder) == {"a.wav": "hello", "c.mp3": "on, and on"}


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        ("a,b\n1,2\n", "no_transcripts", r"t\.csv"),
        ("file,text\n", "no_transcripts", r"t\.csv"),
        ("file,text\na.wav,hello\ngone.wav,hello\n", "missing_file", r"1 of 2 .*gone\.wav"),
        ("file,text\na.wav,hello\ndeep/c.mp3,?!\n", "empty_reference", r"1 of 2 .*c\.mp3"),
    ],
)
def test_what_cannot_be_measured_is_named(folder: Path, content: str, code: str, named: str) -> None:
    (folder / "t.csv").write_text(content)
    with pytest.raises(TranscriptsError, match=named) as caught:
        recordings(folder / "t.csv")
    assert caught.value.code == code


def test_folder_without_transcripts_says_what_is_expected(folder: Path) -> None:
    with pytest.raises(TranscriptsError, match=r"trans\.txt"):
        recordings(folder)
    result = CliRunner().invoke(app, ["evaluate", str(folder / "nowhere"), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "os_error"


def test_figures_of_a_folder(tmp_path: Path, speak: Speak) -> None:
    shutil.copy(speak(SENTENCE), tmp_path / "a.wav")
    (tmp_path / "a.txt").write_text("Where is my order 417203?")
    (tmp_path / "b.wav").write_bytes(b"this is no sound")
    (tmp_path / "b.txt").write_text("many words that nobody hears since there is no sound")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--engine", "pocketsphinx", "--json"])
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert set(printed) == KEYS
    assert all(set(row) == FILE_KEYS for row in printed["per_file"])
    good, bad = printed["per_file"]
    assert (printed["n"], good["wer"], bad["wer"], bad["heard"]) == (2, 0.0, 1.0, None)
    assert printed["wer"] == 0.5
    assert "b.wav" in result.stderr
    assert 0 < printed["real_time_factor"] == pytest.approx(good["seconds"] / good["audio_seconds"], abs=1e-3)


def test_folder_of_which_nothing_can_be_decoded_fails(tmp_path: Path) -> None:
    (tmp_path / "b.wav").write_bytes(b"this is no sound")
    (tmp_path / "b.txt").write_text("no sound")
    result = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--engine", "pocketsphinx", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "not_audio"


def test_rows_are_pooled_by_their_words() -> None:
    rows = [Row("a", "one two three", "one two three", 0, 0, 1, 4), Row("b", "no", "yes", 1, 1, 1, 4)]
    result = summed("engine", rows)
    assert isinstance(result, Evaluation)
    assert (result.wer, result.n, result.real_time_factor) == (0.25, 2, 0.25)


@pytest.mark.shared
def test_texts_of_other_recordings_are_named_and_still_counted(shared_data: Path, monkeypatch) -> None:
    monkeypatch.setattr("cli.speech_sets.has_voices", lambda: False)
    comparison = compare(SpeechSetup(), shared_data / "speech", ("auto", "pocketsphinx-plain"))
    given = next(one for one in comparison.sets if one.name == GIVEN)
    assert {result.n for result in given.by_engine.values()} == {len(recordings(shared_data / "speech/timit_like"))}
    assert all(result.per_file for result in given.by_engine.values())
    assert {misfit.file for misfit in comparison.misfits} <= {row.file for row in given.by_engine["auto"].per_file}
    assert all(len(misfit.heard) == 2 for misfit in comparison.misfits) and comparison.misfits
