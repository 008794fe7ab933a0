"""Reads utterances from Rasa's training format without Rasa."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

_ENTITY = re.compile(r"\[([^\]]+)\]\((\w+)\)")


@dataclass(frozen=True)
class Example:
    """One utterance. entities: (kind, words) in order."""

    intent: str
    text: str
    entities: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The words alone, in lower case: two examples with the same key are the same utterance."""
        return plain(self.text)

    @property
    def words(self) -> frozenset[str]:
        """The set of words."""
        return frozenset(self.key.split())


def plain(text: str) -> str:
    """Lower case, without punctuation, single spaces."""
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """All intent examples of some files."""
    examples = []
    for path in sorted(paths):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" not in block:
                continue
            for line in block["examples"].splitlines():
                annotated = line.strip().removeprefix("- ")
                entities = tuple((kind, words) for words, kind in _ENTITY.findall(annotated))
                examples.append(Example(block["intent"], _ENTITY.sub(r"\1", annotated), entities))
    return examples
