"""The plug-in wheel: built, put into an empty folder, imported under its own name."""

import shutil
import subprocess
import sys
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"
IMPORT = """
import warnings; warnings.simplefilter("ignore")
import attune_rasa
from attune_rasa.channels.attune import AttuneInput
from attune_rasa.policies.gate import AttuneGatePolicy
from attune_rasa.stores.encrypted import AttuneTrackerStore
from attune_rasa.nlu.featurizer import AttuneSentenceFeaturizer
import sys
assert "bot" not in sys.modules
assert not [name for name in ("onnxruntime", "tokenizers") if name in sys.modules]
print(attune_rasa.__file__)
"""


def test_the_wheel_holds_everything_and_needs_only_rasa(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(BOT, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([*pip, "wheel", *options, "-w", str(tmp_path), str(source)], check=True, timeout=120)
    (wheel,) = tmp_path.glob("attune_rasa-*.whl")
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "-q", "--target", str(tmp_path / "site"), str(wheel)],
        check=True,
        timeout=120,
    )

    found = subprocess.run(
        [sys.executable, "-c", IMPORT],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert found.stdout.strip() == str(tmp_path / "site" / "attune_rasa" / "__init__.py")
    metadata = next((tmp_path / "site").glob("attune_rasa-*/METADATA")).read_text()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra" not in line]
    assert [line.split()[1].split("<")[0].split(">")[0].strip(",") for line in required] == ["rasa"]
