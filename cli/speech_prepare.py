"""The shop's language model: gathering what its customers may say, and building the model anew when that changed."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cli.processes import ROOT
from speech import PHRASES, ShopModel, Talk, build_shop_model, is_built_from, own_phrases
from vocabulary import Item

TRAINING_PHRASES: Final = ROOT / "data" / "nlu"
_INTENT = re.compile(r"\s*- (?:intent|lookup|synonym|regex):\s*(\S+)")
_EXAMPLE = re.compile(r"\s+- (.+)")
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
# What a catalogue may tell about an item beside its title and category.
_NAMES: Final = ("brand", "model", "type")


class NoPhrasesError(Exception):
    """The folder holds no training phrases."""

    code = "no_phrases"


def shop_talk(items: Iterable[Item], folder: Path = TRAINING_PHRASES) -> Talk:
    """The bot's phrases and the catalogue's names. Raises: NoPhrasesError."""
    phrases = tuple(phrase for path in sorted(folder.glob("*.yml")) for phrase in _phrases(path))
    if not phrases:
        raise NoPhrasesError(f"{folder} holds no training phrases; expected Rasa's nlu files. Name it with --folder.")
    titles: dict[str, None] = {}
    for item in items:
        named = (str(item.attributes[name]) for name in _NAMES if name in item.attributes)
        titles |= dict.fromkeys((item.title, item.category, *named))
    return Talk(phrases, tuple(titles))


def prepare_language_model(home: Path, talk: Talk, *, force: bool = False) -> ShopModel | None:
    """Build the shop's own model in the home folder, unless today's is there already or the shipped one fits.

    None if nothing was to do. A model of its own that is no longer needed is taken away. Raises: OSError.
    """
    own = own_phrases(home)
    if not force:
        if is_built_from(PHRASES, talk):
            for suffix in (".lm", ".dict", ".json"):
                own.with_suffix(suffix).unlink(missing_ok=True)
            return None
        if is_built_from(own, talk):
            return None
    return build_model(talk, own)


def build_model(talk: Talk, target: Path) -> ShopModel:
    """Write the model there. Sounds of words that either model knows already are taken over."""
    known: dict[str, tuple[str, ...]] = {}
    for path in (PHRASES.with_suffix(".dict"), target.with_suffix(".dict")):
        if path.is_file():
            known |= {word: tuple(phones) for word, *phones in map(str.split, path.read_text().splitlines())}
    return build_shop_model(talk, target, dictionary=_dictionary(), already=known.get)


def _dictionary() -> Path | None:
    try:
        from pocketsphinx import get_model_path
    except ImportError:
        # Without this recogniser nobody needs sounds; the others read the model's words only.
        return None
    return Path(get_model_path("en-us/cmudict-en-us.dict"))


def _phrases(path: Path) -> Sequence[str]:
    """The example lines of a training file without their entity marks; foreign topics teach nothing."""
    found = []
    foreign = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if intent := _INTENT.match(line):
            foreign = intent[1] == "out_of_scope"
        elif (example := _EXAMPLE.match(line)) and not foreign:
            found.append(_ENTITY.sub(r"\1", example[1]))
    return found
