"""The asking side: never longer than its budget, whatever the process does."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from speech import DiarizationSetup, Diarizer, SpeakerTurn, WhoSpeaksError, describe_diarization, pipeline_missing
from speech.voices.diarization_setup import PARTS
from tests.speech.voices.builders import tone
from vocabulary import Clip

Start = Callable[..., Diarizer]
SOUND = Clip(tone(1.0, level=0.5))
PATIENT = 20.0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A diarizer whose process behaves as told."""
    started: list[Diarizer] = []

    def begin(manner: str = "well", **changes: float) -> Diarizer:
        for part in PARTS:
            (tmp_path / part).parent.mkdir(exist_ok=True)
            (tmp_path / part).touch()
        (tmp_path / "manner").write_text(manner)
        program = Path(__file__).with_name("fake_diarizer.py")
        settings = {"budget_s": PATIENT, "memory_mb": 1000} | changes
        made = Diarizer(DiarizationSetup(pipeline=tmp_path, python=Path(sys.executable), program=program, **settings))
        started.append(made)
        return made

    yield begin
    for one in started:
        one.close()


def warm(diarizer: Diarizer) -> None:
    """Start its process and wait until it is ready."""
    diarizer.warm_up()
    assert diarizer._process is not None
    diarizer._process.wait_ready(time.monotonic() + PATIENT)


def failure(diarizer: Diarizer, *, budget_s: float = PATIENT, clip: Clip = SOUND) -> WhoSpeaksError:
    with pytest.raises(WhoSpeaksError) as caught:
        diarizer.turns(clip, budget_s=budget_s)
    return caught.value


def test_the_samples_arrive_and_the_right_answer_is_taken(start: Start) -> None:
    diarizer = start()
    assert diarizer.process_id is None
    assert diarizer.turns(SOUND) == (SpeakerTurn(0.0, 1.0, "loudest 0.50"),)
    first = diarizer.process_id
    assert diarizer.turns(Clip(tone(0.02, level=0.25))) == (SpeakerTurn(0.0, 0.02, "loudest 0.25"),)
    assert diarizer.turns(Clip(np.zeros(0, np.float32))) == (SpeakerTurn(0.0, 0.0, "loudest 0.00"),)
    assert diarizer.process_id == first


def test_a_clip_larger_than_a_pipe_arrives(start: Start) -> None:
    assert start().turns(Clip(tone(100.0, level=0.5))) == (SpeakerTurn(0.0, 100.0, "loudest 0.50"),)


def test_ten_minutes_are_refused_before_anything_is_started(start: Start) -> None:
    diarizer = start()
    assert failure(diarizer, clip=Clip(np.zeros(600 * 16_000, np.float32))).code == "too_long"
    assert diarizer.process_id is None


@pytest.mark.parametrize(
    ("manner", "code"),
    [
        ("will not load", "not_loaded"),
        ("dies at once", "not_loaded"),
        ("garbage", "not_loaded"),
        ("dies", "died"),
        ("huge", "died"),
        ("nonsense turns", "failed"),
        ("fails", "failed"),
    ],
)
def test_what_breaks_has_a_code_and_no_content(start: Start, manner: str, code: str) -> None:
    assert failure(start(manner)).code == code


@pytest.mark.parametrize(("manner", "code"), [("never ready", "loading"), ("hangs", "too_slow")])
def test_nobody_waits_longer_than_the_budget(start: Start, manner: str, code: str) -> None:
    diarizer = start(manner)
    if manner == "hangs":
        warm(diarizer)
    began = time.monotonic()
    error = failure(diarizer, budget_s=0.3)
    assert (error.code, error.retryable) == (code, True)
    assert time.monotonic() - began < 10.0


def test_while_an_earlier_clip_is_looked_at_the_next_goes_without(start: Start, tmp_path: Path) -> None:
    diarizer = start("slow")
    warm(diarizer)
    assert failure(diarizer, budget_s=0.3).code == "too_slow"
    assert failure(diarizer, budget_s=0.1).code == "busy"
    (tmp_path / "go").touch()
    # The late answer is thrown away, not taken for the next clip's.
    assert diarizer.turns(Clip(tone(2.0, level=0.25))) == (SpeakerTurn(0.0, 2.0, "loudest 0.25"),)


def test_a_process_that_hangs_is_replaced(start: Start, tmp_path: Path) -> None:
    diarizer = start("hangs", hang_s=0.2)
    warm(diarizer)
    assert failure(diarizer, budget_s=0.5).code == "too_slow"
    hung = diarizer.process_id
    (tmp_path / "manner").write_text("well")
    assert diarizer.turns(SOUND) == (SpeakerTurn(0.0, 1.0, "loudest 0.50"),)
    assert diarizer.process_id != hung


def test_a_killed_process_is_replaced_at_the_next_clip(start: Start) -> None:
    diarizer = start()
    diarizer.turns(SOUND)
    first = diarizer.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + PATIENT
    while diarizer.process_id is not None and time.monotonic() < until:
        time.sleep(0.01)
    assert diarizer.turns(SOUND) and diarizer.process_id not in (None, first)


def test_killed_half_way_it_says_so_at_once(start: Start) -> None:
    diarizer = start("hangs")
    warm(diarizer)
    threading.Timer(0.5, lambda: os.kill(diarizer.process_id or 0, signal.SIGKILL)).start()
    began = time.monotonic()
    assert failure(diarizer).code == "died"
    assert time.monotonic() - began < PATIENT / 2


def test_what_did_not_load_is_not_tried_again_at_once(start: Start, tmp_path: Path) -> None:
    diarizer = start("will not load")
    assert failure(diarizer).code == "not_loaded"
    (tmp_path / "manner").write_text("well")
    assert "a moment ago" in str(failure(diarizer))


def test_two_at_once_get_their_own_answers(start: Start) -> None:
    diarizer = start()
    found: dict[float, str] = {}

    def ask(level: float) -> None:
        found[level] = diarizer.turns(Clip(tone(1.0, level=level)))[0].speaker

    threads = [threading.Thread(target=ask, args=(level,)) for level in (0.1, 0.2, 0.3, 0.4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {level: f"loudest {level:.2f}" for level in (0.1, 0.2, 0.3, 0.4)}


def test_after_close_there_is_no_process_and_no_answer(start: Start) -> None:
    diarizer = start()
    diarizer.turns(SOUND)
    process = diarizer.process_id
    diarizer.close()
    assert failure(diarizer).code == "not_installed"
    assert not Path(f"/proc/{process}").exists()


def test_the_environment_of_the_service_is_not_handed_on(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_SECRET_OF_THIS_TEST", "zebra")
    diarizer = start()
    diarizer.turns(SOUND)
    assert "zebra" not in Path(f"/proc/{diarizer.process_id}/environ").read_text("latin-1")


def test_what_is_missing_is_said_with_the_steps(tmp_path: Path) -> None:
    setup = DiarizationSetup(pipeline=tmp_path / "pipeline", python=tmp_path / "no-python")
    engine, better, note = describe_diarization(setup)
    assert "suspicion" in engine and better == "pyannote.audio 4"
    for words in ("make diarization", "accept the terms at https://hf.co/pyannote/", "diarization add", str(tmp_path)):
        assert words in note
    here = DiarizationSetup(pipeline=tmp_path, python=Path(sys.executable))
    assert pipeline_missing(here) == f"no pipeline in {tmp_path}"
    (tmp_path / "config.yaml").touch()
    assert "lacks segmentation/pytorch_model.bin" in str(pipeline_missing(here))
    assert failure(Diarizer(here)).code == "not_installed"
