"""The keeper: a process that dies runs again; one that cannot live stops the rest."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def keeper(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli.keep", "toy", *command],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_process_that_died_runs_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    script = (
        f"import os, time; open({str(marks)!r}, 'a').write('x'); "
        f"time.sleep(60 if os.stat({str(marks)!r}).st_size > 1 else 0); os._exit(7)"
    )
    running = keeper(sys.executable, "-c", script)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (not marks.exists() or marks.stat().st_size < 2):
        time.sleep(0.1)
    assert marks.stat().st_size == 2
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=10)
    assert running.returncode == 0
    assert "toy stopped unexpectedly (status 7); starting it again" in said


def test_process_that_cannot_start_ends_the_keeper_at_once() -> None:
    running = keeper(sys.executable, "-c", "raise SystemExit(2)")
    _, said = running.communicate(timeout=20)
    assert running.returncode == 2
    assert "could not start" in said


def test_process_that_keeps_dying_ends_the_keeper_with_a_clear_line() -> None:
    running = keeper(sys.executable, "-c", "raise SystemExit(3)")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 3
    assert "toy died 5 times" in said


def test_stopping_the_keeper_stops_the_process(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    running = keeper(sys.executable, "-c", script)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (pid_file.exists() and pid_file.read_text()):
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=10)
    try:
        os.kill(int(pid_file.read_text()), 0)
        alive = True
    except ProcessLookupError:
        alive = False
    assert not alive
