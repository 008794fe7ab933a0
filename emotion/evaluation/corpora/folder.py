"""One folder for each label, as people keep their own recordings, pictures and texts."""

from pathlib import Path
from typing import Final

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.item import (
    IMAGE_ENDINGS,
    SOUND_ENDINGS,
    TEXT_ENDINGS,
    Item,
    Kind,
    Listing,
    Skipped,
    files_under,
    listed,
)
from vocabulary import LABELS

SYNONYMS: Final = {
    "angry": "anger",
    "disgusted": "disgust",
    "fearful": "fear",
    "afraid": "fear",
    "happy": "happiness",
    "joy": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
}
"""Other words for our labels that published class folders use."""

_KINDS: Final = {Kind.SOUND: SOUND_ENDINGS, Kind.IMAGE: IMAGE_ENDINGS, Kind.TEXT: TEXT_ENDINGS}


def label_of(name: str) -> str:
    """The product's word for a class of a corpus; its own word, in small letters, where we have none."""
    plain = name.strip().lower()
    return SYNONYMS.get(plain, plain)


def folder_corpus(folder: Path) -> Listing:
    """`anger/…`, `neutral/…`, …: sound files, images or .txt files, one kind in all folders.

    Sub-folders are allowed. Who speaks is not known, so `--online` needs file names like `speaker-…`: what stands
    before the first "-" or "_" is the speaker, where every file has one.
    Raises: EvaluationError.
    """
    skipped = Skipped()
    by_kind: dict[Kind, list[Item]] = {kind: [] for kind in _KINDS}
    for path in files_under(folder):
        where = path.relative_to(folder)
        if len(where.parts) < 2:
            skipped.add(str(where), "not in a label's folder")
            continue
        kind = next((kind for kind, endings in _KINDS.items() if path.suffix.lower() in endings), None)
        if kind is None:
            skipped.add(str(where), f"{path.suffix.lower() or 'no ending'}: neither sound, image nor .txt")
        else:
            by_kind[kind].append(Item(path, label_of(where.parts[0]), speaker=_speaker(path)))
    kinds = [kind for kind, items in by_kind.items() if items]
    layout = f"a folder for each label ({', '.join(LABELS)}) with sound files, images or .txt files in it"
    if len(kinds) > 1:
        counts = ", ".join(f"{len(by_kind[kind])} × {kind.value}" for kind in kinds)
        raise EvaluationError(f"{folder} mixes {counts}; expected one kind. Measure each in a folder of its own.")
    kind = kinds[0] if kinds else Kind.SOUND
    items = by_kind[kind]
    if any(item.speaker is None for item in items):
        items = [Item(item.path, item.truth) for item in items]
    return listed("folder", kind, items, skipped, folder=folder, layout=layout)


def _speaker(path: Path) -> str | None:
    for mark in "-_":
        before, found, _ = path.stem.partition(mark)
        if found and before:
            return before
    return None
