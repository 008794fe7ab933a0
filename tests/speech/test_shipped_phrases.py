"""The language model that ships is the one that today's phrases of the assistant give."""

from pathlib import Path

from typer.testing import CliRunner

from cli.speech import app
from speech import PHRASES

ROOT = Path(__file__).resolve().parents[2]


def test_shipped_language_model_is_today_s(tmp_path: Path) -> None:
    made = tmp_path / "phrases.lm"
    result = CliRunner().invoke(app, ["prepare", "--folder", str(ROOT / "data" / "nlu"), "--target", str(made)])
    assert result.exit_code == 0, result.output
    assert made.read_bytes() == PHRASES.read_bytes(), "run `attune speech prepare` and commit models/speech"
