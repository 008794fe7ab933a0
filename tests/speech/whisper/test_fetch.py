"""Fetching a model: whole, resumed, refused. Nothing here leaves the machine."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from speech import Shelf, TranscriberError, add_model
from speech.whisper_models import fetch as fetching
from speech.whisper_models.fetch import fetch
from tests.speech.whisper.conftest import MICRO
from tests.speech.whisper.serving import FileServer, serving

CONTENT = bytes(range(256)) * 12_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(CONTENT) as running:
        yield running


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_PAUSES_S", (0.0, 0.0))


def test_file_comes_whole_and_progress_is_told(server: FileServer, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(server.url, SHA256, tmp_path / "m.pt", progress=lambda so_far, total: told.append((so_far, total)))
    assert path.read_bytes() == CONTENT
    assert told[0] == (0, len(CONTENT)) and told[-1] == (len(CONTENT), len(CONTENT))
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_cut_line_is_resumed_where_it_broke(server: FileServer, tmp_path: Path) -> None:
    server.cut_at = [1_000_000, 2_000_000]
    fetch(server.url, SHA256, tmp_path / "m.pt")
    assert (tmp_path / "m.pt").read_bytes() == CONTENT
    assert server.requests == [None, "bytes=1000000-", "bytes=2000000-"]


def test_the_next_run_goes_on_from_the_part(server: FileServer, tmp_path: Path) -> None:
    server.cut_at = [500_000, 600_000, 700_000]
    with pytest.raises(TranscriberError, match="goes on from there") as caught:
        fetch(server.url, SHA256, tmp_path / "m.pt")
    assert caught.value.code == "offline"
    assert (tmp_path / "m.pt.part").stat().st_size == 700_000
    assert not (tmp_path / "m.pt").exists()
    fetch(server.url, SHA256, tmp_path / "m.pt")
    assert server.requests[-1] == "bytes=700000-"
    assert (tmp_path / "m.pt").read_bytes() == CONTENT


def test_a_server_without_ranges_begins_again(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "m.pt.part").write_bytes(CONTENT[:1000])
    server.ranges = False
    assert fetch(server.url, SHA256, tmp_path / "m.pt").read_bytes() == CONTENT


def test_a_complete_part_needs_no_bytes(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "m.pt.part").write_bytes(CONTENT)
    assert fetch(server.url, SHA256, tmp_path / "m.pt").read_bytes() == CONTENT


def test_wrong_checksum_is_refused_and_nothing_is_left(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(TranscriberError, match="checksum") as caught:
        fetch(server.url, "0" * 64, tmp_path / "m.pt")
    assert caught.value.code == "checksum"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (410, "not_found"), (503, "server"), (403, "server")])
def test_refusals_are_named(server: FileServer, tmp_path: Path, status: int, code: str) -> None:
    server.status = status
    with pytest.raises(TranscriberError, match=str(status)) as caught:
        fetch(server.url, SHA256, tmp_path / "m.pt")
    assert caught.value.code == code


def test_no_server_is_said_with_the_other_way(tmp_path: Path) -> None:
    with serving(b"") as gone:
        url = gone.url
    with pytest.raises(TranscriberError, match=r"attune speech model add FILE\.pt") as caught:
        fetch(url, SHA256, tmp_path / "m.pt")
    assert caught.value.code == "offline"


def test_a_full_disk_is_seen_before_anything_is_written(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))
    with pytest.raises(TranscriberError, match="needs") as caught:
        fetch(server.url, SHA256, tmp_path / "m.pt")
    assert caught.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


_ADD = """
import sys
from pathlib import Path
import speech.whisper_models.add as add
add.official_models = lambda: {"micro": (sys.argv[2], sys.argv[3])}
add.add_model(add.Shelf(Path(sys.argv[1])), "micro")
"""


def test_a_killed_command_leaves_a_part_to_resume_and_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = MICRO.read_bytes()
    half = len(content) // 2
    sha256 = hashlib.sha256(content).hexdigest()
    part = tmp_path / ".downloads" / "micro.pt.part"
    shelf = Shelf(tmp_path)
    with serving(content) as server:
        server.pause_at = half
        known = {"micro": (server.url, sha256)}
        command = subprocess.Popen([sys.executable, "-c", _ADD, str(tmp_path), server.url, sha256])
        try:
            until = time.monotonic() + 60
            while not (part.is_file() and part.stat().st_size >= half - (1 << 20)) and time.monotonic() < until:
                assert command.poll() is None
                time.sleep(0.05)
            # While it works, a second command is refused.
            monkeypatch.setattr("speech.whisper_models.add.official_models", lambda: known)
            with pytest.raises(TranscriberError) as caught:
                add_model(shelf, "micro")
            assert caught.value.code == "busy"
        finally:
            os.kill(command.pid, signal.SIGKILL)
            command.wait()
        have = part.stat().st_size
        assert 0 < have < len(content)
        assert shelf.models() == []
        server.pause_at = None
        added = add_model(shelf, "micro")
        assert server.requests[-1] == f"bytes={have}-"
    assert added.fetched_bytes == len(content)
    assert [kept.manifest.name for kept in shelf.models()] == ["micro"]
    assert not part.exists() and not part.with_suffix("").exists()
