"""Scorers of other packages: found through their installed metadata, checked before the first turn."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emotion import EngineOptions, Panel, PluginError, load_plugins, open_panel, opening
from vocabulary import SCORER_ENTRY_POINTS, Modality, ModalityScore

ROOT = Path(__file__).resolve().parents[2]
HOWTO = ROOT / "docs" / "howto" / "scorer-plugin.md"
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Lays a package out as an installer would: its module and its .dist-info, in a folder of sys.path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def lay_out(module: str, code: str, *points: str, package: str = "attune-sample", version: str = "1.0") -> None:
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{package.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[{SCORER_ENTRY_POINTS}]\n" + "\n".join(points) + "\n")
        made.append(module)

    yield lay_out
    for module in made:
        sys.modules.pop(module, None)


def example() -> str:
    """The module of the how-to, word for word."""
    return re.findall(r"```python\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL)[0]


def variant(**changed: str) -> str:
    """The how-to's scorer with some of its class attributes replaced."""
    code = example()
    for name, value in changed.items():
        code, count = re.subn(rf"(?m)^    {name} = .*$", f"    {name} = {value}", code)
        assert count == 1
    return code


def test_nothing_is_installed_here() -> None:
    assert load_plugins() == ()


def test_the_how_to_s_package_is_found_and_scores(install: Install) -> None:
    install("pulse", example(), "physiological = pulse:PulseScorer", package="attune-pulse")
    (loaded,) = load_plugins()
    assert loaded.source == "attune-pulse 1.0: pulse:PulseScorer"
    beats = loaded.scorer.input_type
    loaded.scorer.bridge["c_1"] = beats(bpm=96, usual_bpm=64)  # type: ignore[attr-defined]
    now = datetime.now(UTC)
    answer = Panel(plugins=[loaded]).plugin_task(Modality.PHYSIOLOGICAL, "c_1", now, now)().answer
    assert isinstance(answer, ModalityScore)
    assert answer.arousal == 1.0
    assert answer.features[0].words == "a faster pulse than usual"


def test_the_how_to_s_toml_names_the_entry_point_of_the_code() -> None:
    page = HOWTO.read_text(encoding="utf-8")
    assert f'[project.entry-points."{SCORER_ENTRY_POINTS}"]\nphysiological = "pulse:PulseScorer"' in page


def test_an_opened_panel_has_the_installed_scorer(install: Install, tmp_path: Path) -> None:
    install("pulse", example(), "physiological = pulse:PulseScorer")
    panel = open_panel(tmp_path / "no-models")
    assert [status.engine for status in panel.status() if status.engine] == ["pulse 1.0"]


@pytest.mark.parametrize(
    ("code", "point", "words"),
    [
        (example(), "face = pulse:PulseScorer", "scorer of 'face'; expected one of physiological, gesture"),
        (example(), "gesture = pulse:PulseScorer", "scores physiological; expected gesture"),
        (example(), "physiological = pulse:Nothing", "cannot be loaded (AttributeError)"),
        ("import no_such_module", "physiological = pulse:PulseScorer", "cannot be loaded (ModuleNotFoundError)"),
        (variant(signal="Signal.TEXT"), "physiological = pulse:PulseScorer", "the signal text; expected Signal.PHYSI"),
        (variant(signal="None"), "physiological = pulse:PulseScorer", "has no signal"),
        (variant(input_type="'Beats'"), "physiological = pulse:PulseScorer", "input type 'Beats'; expected a class"),
        (variant(version="1.0"), "physiological = pulse:PulseScorer", "name and version are 'pulse' and 1.0"),
        (example() + "\nPulseScorer.score = 3\n", "physiological = pulse:PulseScorer", "score or collect is no func"),
        (example().replace("def collect", "def gather"), "physiological = pulse:PulseScorer", "has no collect"),
    ],
)
def test_a_plug_in_that_is_wrong_is_named_at_start(install: Install, code: str, point: str, words: str) -> None:
    install("pulse", code, point)
    with pytest.raises(PluginError, match=re.escape(words)) as caught:
        load_plugins()
    assert "attune-sample 1.0" in str(caught.value)


def test_two_scorers_of_one_modality_are_refused_with_both_names(install: Install) -> None:
    install("pulse", example(), "physiological = pulse:PulseScorer")
    install("pulse_two", example(), "physiological = pulse_two:PulseScorer", package="attune-other", version="2")
    with pytest.raises(PluginError, match=r"attune-(sample|other) .* and attune-(sample|other) .* both score"):
        load_plugins()


def test_a_scorer_that_crashes_while_it_is_loaded_is_off_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a library is missing")

    monkeypatch.setattr(opening, "FaceScorer", crash)
    panel = open_panel(ROOT / "models", options=EngineOptions(plugins=False))
    assert panel.has(Modality.VOICE) and panel.has(Modality.BEHAVIOUR) and not panel.has(Modality.FACE)
    reasons = {status.modality: status.reason for status in panel.status()}
    assert "cannot be loaded (RuntimeError)" in reasons[Modality.FACE]
