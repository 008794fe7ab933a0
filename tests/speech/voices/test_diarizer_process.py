"""pyannote.audio's real pipeline code on untrained networks: that it runs, not that it is right."""

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from speech import DiarizationSetup, Diarizer, customer_segments, decode
from speech.voices.diarization_setup import PROGRAM, PYTHON
from vocabulary import Clip

needs_environment = pytest.mark.skipif(
    not PYTHON.is_file(), reason="the optional environment is not installed: make diarization"
)
_MAY_IMPORT = {"torch", "pyannote", *sys.stdlib_module_names}


def test_the_program_imports_nothing_of_ours() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert named and [name for name in named if name.split(".")[0] not in _MAY_IMPORT] == []


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Untrained networks in the layout of community-1."""
    folder = tmp_path_factory.mktemp("pipeline")
    script = Path(__file__).with_name("random_pipeline.py")
    subprocess.run([PYTHON, script, folder], check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def diarizer(pipeline: Path) -> Iterator[Diarizer]:
    made = Diarizer(DiarizationSetup(pipeline=pipeline, budget_s=180.0))
    yield made
    made.close()


@needs_environment
def test_silence_and_short_clips_get_an_answer(diarizer: Diarizer) -> None:
    for samples in (np.zeros(320, np.float32), np.zeros(16_000, np.float32)):
        clip = Clip(samples)
        for span in customer_segments(clip, diarizer.turns(clip)):
            assert 0.0 <= span[0] < span[1] <= clip.seconds


@needs_environment
@pytest.mark.shared
def test_real_recordings_go_through_the_whole_pipeline(diarizer: Diarizer, shared_data: Path) -> None:
    speech = shared_data / "speech"
    for file in (speech / "stereo_diarization.wav", speech / "ami" / "dev00.wav"):
        clip = decode(file)
        turns = diarizer.turns(clip)
        assert turns and len({turn.speaker for turn in turns}) >= 1
        assert all(-0.1 <= turn.start_s < turn.end_s <= clip.seconds + 15 for turn in turns)
        assert turns == diarizer.turns(clip)


@needs_environment
def test_a_damaged_pipeline_is_said(pipeline: Path, tmp_path: Path) -> None:
    for path in pipeline.rglob("*.*"):
        target = tmp_path / path.relative_to(pipeline)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes()[:1000])
    broken = Diarizer(DiarizationSetup(pipeline=tmp_path, budget_s=60.0))
    with pytest.raises(Exception, match="could not be loaded"):
        broken.turns(Clip(np.zeros(16_000, np.float32)))
    broken.close()


@needs_environment
def test_it_ends_when_its_parent_is_killed(pipeline: Path) -> None:
    """A parent that starts the process, says its id and is killed without a chance to tidy up."""
    starts = (
        "import sys, time; from pathlib import Path; from speech import *;"
        "d = Diarizer(DiarizationSetup(pipeline=Path(sys.argv[1]))); d.warm_up();"
        "print(d.process_id, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", starts, str(pipeline)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.kill()
    until = time.monotonic() + 20
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:4]
    except (ProcessLookupError, FileNotFoundError):
        return False
