"""What a corpus on disk holds: its labelled items, and what in it could not be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from emotion.errors import EvaluationError

SOUND_ENDINGS: Final = frozenset(
    {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".webm", ".aif", ".aiff"}
)
IMAGE_ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif"})
TEXT_ENDINGS: Final = frozenset({".txt"})
VIDEO_ENDINGS: Final = frozenset({".mp4", ".mov", ".avi", ".mkv", ".flv"})

_MOST_NAMED: Final = 20
_MOST_REASONS: Final = 3


class Kind(StrEnum):
    """What an item is, and so which scorer reads it."""

    SOUND = "sound"
    IMAGE = "image"
    TEXT = "text"


@dataclass(frozen=True)
class Item:
    """One labelled file.

    truth: the corpus's class, in the product's word for it where LABELS has one ("anger"), else its own ("calm").
    speaker: who speaks, within this corpus; None where the corpus does not say.
    groups: what else is known of the item, such as {"sex": "female"}; figures are given for each apart.
    """

    path: Path
    truth: str
    speaker: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Skipped:
    """Files that were left out, by reason: each is counted, the first of each reason are named."""

    reasons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, reason: str) -> None:
        self.reasons.setdefault(reason, []).append(name)

    def copy(self) -> "Skipped":
        """A record of its own with the same files."""
        return Skipped({reason: list(names) for reason, names in self.reasons.items()})

    def __len__(self) -> int:
        return sum(len(names) for names in self.reasons.values())

    def summary(self) -> str:
        """For an error's message: how many by reason, in one line."""
        return "; ".join(f"{len(names)} × {reason}" for reason, names in self.reasons.items())

    def to_dict(self) -> dict[str, dict[str, object]]:
        """By reason: how many, and the first names."""
        return {
            reason: {"count": len(names), "files": names[:_MOST_NAMED]}
            for reason, names in sorted(self.reasons.items())
        }


@dataclass(frozen=True)
class Listing:
    """One corpus. items: in a fixed order. kind: of all of them."""

    corpus: str
    kind: Kind
    items: tuple[Item, ...]
    skipped: Skipped


def files_under(folder: Path) -> list[Path]:
    """Every visible file, at any depth, in the order of their names. Raises: EvaluationError."""
    if not folder.is_dir():
        raise EvaluationError(f"{folder} is not a folder; expected the corpus's folder. Name it with --path.")
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def listed(corpus: str, kind: Kind, items: Iterable[Item], skipped: Skipped, *, folder: Path, layout: str) -> Listing:
    """The listing; a corpus without a usable item is an error that shows the layout. Raises: EvaluationError."""
    found = tuple(items)
    if not found:
        kinds = sorted(skipped.reasons.items(), key=lambda one: -len(one[1]))
        why = "; ".join(f"{len(names)} × {reason}, e.g. {names[0]}" for reason, names in kinds[:_MOST_REASONS])
        if len(kinds) > _MOST_REASONS:
            why += f"; and {len(kinds) - _MOST_REASONS} other kinds of files"
        raise EvaluationError(
            f"{folder} holds nothing of {corpus}{f' ({why})' if why else ': the folder is empty'}; expected {layout}."
        )
    return Listing(corpus, kind, found, skipped)
