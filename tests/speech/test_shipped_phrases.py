"""The language model that ships is the one that today's phrases and the demo's catalogue give."""

from pathlib import Path

from typer.testing import CliRunner

from cli.speech import app
from cli.speech_prepare import build_model, prepare_language_model, shop_talk
from shop import generate_catalogue
from speech import PHRASES, SpeechSetup, own_phrases, phrases_in_use
from vocabulary import Item


def test_shipped_language_model_is_today_s(tmp_path: Path) -> None:
    made = tmp_path / "phrases.lm"
    result = CliRunner().invoke(app, ["prepare", "--target", str(made)])
    assert result.exit_code == 0, result.output
    for suffix in (".lm", ".dict", ".json"):
        # As one truth: telling how two models of a megabyte differ takes minutes.
        same = made.with_suffix(suffix).read_bytes() == PHRASES.with_suffix(suffix).read_bytes()
        assert same, "run `attune speech prepare --target models/speech/phrases.lm` and commit models/speech"


def test_shop_s_own_model_is_built_once_and_taken_away_when_the_shipped_one_fits(tmp_path: Path) -> None:
    items = generate_catalogue()
    assert prepare_language_model(tmp_path, shop_talk(items)) is None
    assert phrases_in_use(tmp_path) == PHRASES
    other = [*items, _renamed(items[0], "Toaster of another shop")]
    made = prepare_language_model(tmp_path, shop_talk(other))
    assert made is not None
    assert made.path == own_phrases(tmp_path) == phrases_in_use(tmp_path)
    assert prepare_language_model(tmp_path, shop_talk(other)) is None
    assert prepare_language_model(tmp_path, shop_talk(other), force=True) is not None
    assert prepare_language_model(tmp_path, shop_talk(items)) is None
    assert not list(own_phrases(tmp_path).parent.iterdir())


def test_failed_rebuild_leaves_the_start_alone(tmp_path: Path, monkeypatch) -> None:
    from cli import up

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(up, "prepare_language_model", broken)
    up.teach_recogniser(tmp_path, generate_catalogue())
    assert SpeechSetup(language_model=phrases_in_use(tmp_path)).phrases == PHRASES


def test_build_is_whole_or_not_there(tmp_path: Path) -> None:
    build_model(shop_talk(generate_catalogue()), tmp_path / "phrases.lm")
    assert {path.name for path in tmp_path.iterdir()} == {"phrases.lm", "phrases.dict", "phrases.json"}


def _renamed(item: Item, title: str) -> Item:
    from dataclasses import replace

    return replace(item, id="another", title=title)
