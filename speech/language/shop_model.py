"""The shop's language model on disk: phrases.lm, with the pronunciations of new words and a fingerprint beside it."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from speech.language.phrases import spoken_form, write_language_model
from speech.language.pronounce import Phones, Pronouncer, read_dictionary
from speech.language.talk import Talk

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz'"
_SHORTEST_SLIP: Final = 4


@dataclass(frozen=True)
class ShopModel:
    """What was built. words: in the model, with the end of the sentence. pronounced: new words that got a sound."""

    path: Path
    sentences: int
    words: int
    pronounced: int


def pronunciations(model: Path) -> Path:
    """The file of pronunciations that belongs to a model (CMU's format)."""
    return model.with_suffix(".dict")


def is_built_from(model: Path, talk: Talk) -> bool:
    """True if the model is there and was built from the very same talk."""
    try:
        kept = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
        return model.is_file() and pronunciations(model).is_file() and kept["fingerprint"] == talk.fingerprint
    except (OSError, ValueError, KeyError, TypeError):
        return False


def build_shop_model(
    talk: Talk, path: Path, *, dictionary: Path | None, already: Callable[[str], Phones | None] = lambda _: None
) -> ShopModel:
    """Write the model, the pronunciations and, last, the fingerprint; the same talk gives the same files.

    dictionary: of the recogniser, in CMU's format; None where there is no recogniser that needs one.
    already: pronunciations that are known from before, so that they need not be learnt again.
    """
    known = {} if dictionary is None else read_dictionary(dictionary)
    sentences = [sentence for sentence in talk.sentences() if sentence]
    if known:
        slips = misspelt(sentences, known.keys(), named={word for title in talk.titles for word in spoken_form(title)})
        sentences = [[slips.get(word, word) for word in sentence] for sentence in sentences]
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = path.with_suffix(".json")
    mark.unlink(missing_ok=True)
    words = write_language_model(sentences, path)
    unknown = {word for sentence in sentences for word in sentence} - known.keys() if known else set()
    sounds = _sounds(unknown, known, already)
    lines = "".join(f"{word} {' '.join(phones)}\n" for word, phones in sorted(sounds.items()) if phones)
    _write(pronunciations(path), lines)
    _write(mark, json.dumps({"fingerprint": talk.fingerprint, "sentences": len(sentences), "words": words}) + "\n")
    return ShopModel(path, len(sentences), words, lines.count("\n"))


def misspelt(sentences: Iterable[Sequence[str]], known: Set[str], *, named: Set[str]) -> dict[str, str]:
    """Unknown words that are one slip away from a known word of the same talk, and that word.

    Bots are trained on misspellings on purpose ("acount"); nobody says them. Names of the catalogue are no slips.
    """
    counts = Counter(word for sentence in sentences for word in sentence)
    found = {}
    for word in counts.keys() - known - named:
        near = [other for other in _one_slip(word) if other in known and other in counts]
        if len(word) >= _SHORTEST_SLIP and near:
            found[word] = min(near, key=lambda other: (-counts[other], other))
    return found


def _one_slip(word: str) -> set[str]:
    """Everything that a missing, doubled, wrong or exchanged letter makes of it."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return (
        {left + right[1:] for left, right in cuts if right}
        | {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
        | {left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS}
        | {left + letter + right for left, right in cuts for letter in _LETTERS}
    )


def _sounds(
    unknown: set[str], known: Mapping[str, Phones], already: Callable[[str], Phones | None]
) -> dict[str, Phones]:
    found = {word: phones for word in unknown if (phones := already(word))}
    missing = sorted(unknown - found.keys())
    if missing:
        pronouncer = Pronouncer(known)
        found |= {word: pronouncer.phones(word) for word in missing}
    return found


def _write(path: Path, content: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(content, encoding="ascii")
    temporary.replace(path)
