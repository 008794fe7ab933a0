"""What a recogniser is opened with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

PHRASES: Final = Path(__file__).resolve().parents[2] / "models" / "speech" / "phrases.lm"
"""The shop's language model that ships; `attune speech prepare` makes it from the bot's training phrases."""
AUTO: Final = "auto"


def own_phrases(home: Path) -> Path:
    """Where a shop's own language model is, once its bot or catalogue differ from what ships."""
    return home / "speech" / PHRASES.name


def phrases_in_use(home: Path) -> Path:
    """The shop's own language model if there is one, else the one that ships."""
    own = own_phrases(home)
    return own if own.is_file() else PHRASES


@dataclass(frozen=True)
class SpeechSetup:
    """Which engine to open, with what. Small and picklable: worker processes get it.

    engine: a name of ENGINES, or "auto" for the best one that is present.
    model: name or folder of a Whisper model; empty for the best one on the shelf.
    shelf: folder of the models that `attune speech model add` keeps.
    language_model: of the shop's phrases; None, or missing, leaves general English only.
    language: ISO 639-1 code of what customers speak, or None to detect it.
    threads: processor threads for one clip. clips: how many clips at once.
    """

    engine: str = AUTO
    model: str = ""
    shelf: Path | None = None
    language_model: Path | None = PHRASES
    language: str | None = "en"
    threads: int = 1
    clips: int = 1

    @property
    def phrases(self) -> Path | None:
        """The language model, if it is there."""
        return self.language_model if self.language_model is not None and self.language_model.is_file() else None


@dataclass(frozen=True)
class Presence:
    """Whether an engine can be used here. name: engine and model. missing: what is missing, None if it is ready.

    how_to_get: one line for the person who installs; None if there is nothing to do.
    """

    name: str
    missing: str | None
    how_to_get: str | None = None

    @property
    def ready(self) -> bool:
        """True if it can be opened."""
        return self.missing is None
