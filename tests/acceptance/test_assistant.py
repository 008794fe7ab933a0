"""The trained assistant by Rasa's own tests: data, dialogue, and the actions that it calls."""

import subprocess
from pathlib import Path

import httpx
import pytest
import yaml

from benchmarks import Stack
from cli.assistant import RASA_PYTHON, model_path, training_environment
from cli.processes import ROOT
from service import Settings

pytestmark = pytest.mark.processes


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RASA_PYTHON), "-m", "rasa", *arguments],
        cwd=ROOT,
        env=training_environment(Settings().encoder_dir),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_no_test_story_fails(tmp_path: Path) -> None:
    settings = Settings()
    finished = rasa(
        "test", "core",
        "--stories", "tests/stories",
        "--model", str(model_path(settings.home, settings.encoder_dir)),
        "--out", str(tmp_path),
        "--fail-on-prediction-errors",
        "--no-plot",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-4000:]
    stories = [
        story
        for path in sorted((ROOT / "tests" / "stories").glob("*.yml"))
        for story in yaml.safe_load(path.read_text())["stories"]
    ]
    assert len(stories) >= 40


def test_data_is_valid() -> None:
    finished = rasa("data", "validate", "--domain", "domain.yml", "--data", "data", "--config", "config.yml")
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-4000:]


def test_action_server_serves_exactly_the_domain_s_actions(stack: Stack) -> None:
    answer = httpx.get(
        f"{stack.settings.actions_url}/actions", headers={"Authorization": f"Bearer {stack.secrets.rasa_token}"}
    )
    served = {action["name"] for action in answer.json()}
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    wanted = {name for name in domain["actions"] if not name.startswith("utter_")}
    assert served == wanted


def test_inner_processes_are_closed_to_strangers(stack: Stack) -> None:
    assert httpx.get(f"{stack.settings.rasa_url}/conversations/x/tracker").status_code == 401
    assert httpx.get(f"{stack.settings.actions_url}/actions").status_code == 401
    answer = httpx.post(
        f"{stack.settings.rasa_url}/webhooks/attune/webhook",
        json={"sender": "c_0000000000000000000000", "message_id": "message-1", "text": "hello"},
    )
    assert answer.status_code == 401
