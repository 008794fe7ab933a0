"""The shelf: one folder for each model, with a manifest; what is half made never stands on it."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from speech.errors import TranscriberError

MANIFEST: Final = "manifest.json"
_IN_USE: Final = "in-use"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Form(StrEnum):
    """The files one engine reads. The value is their name inside the model's folder."""

    CTRANSLATE2 = "ctranslate2"
    OPENAI = "original.pt"
    TRANSFORMERS = "transformers"


@dataclass(frozen=True)
class Manifest:
    """What a model is. source: where it came from. sha256: of the file it was made from, None for a folder.

    official: OpenAI's name if the file is one of theirs, else None. added_at: ISO 8601, UTC.
    mel_bands: 80 or 128. languages: 1 (English only), 99 or 100. parameters: how many numbers it has.
    """

    name: str
    source: str
    kind: str
    sha256: str | None
    official: str | None
    added_at: str
    mel_bands: int
    languages: int
    width: int
    parameters: int


@dataclass(frozen=True)
class KeptModel:
    """A model on the shelf."""

    folder: Path
    manifest: Manifest

    def path(self, form: Form) -> Path | None:
        """The files in this form, None if they were not kept."""
        path = self.folder / form.value
        return path if path.exists() else None

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms that are here."""
        return tuple(form for form in Form if self.path(form) is not None)

    @property
    def megabytes(self) -> float:
        """Size on disk in units of 10⁶ bytes."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) / 1e6


class Shelf:
    """Models by name. Readers need no lock: a model appears whole, by one rename."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def models(self) -> list[KeptModel]:
        """Newest first. What cannot be read is left out."""
        if not self.folder.is_dir():
            return []
        found = [kept for path in self.folder.iterdir() if not path.name.startswith(".") and (kept := _read(path))]
        return sorted(found, key=lambda kept: (kept.manifest.added_at, kept.manifest.name), reverse=True)

    def find(self, name: str) -> KeptModel | None:
        """The model of that name."""
        return _read(self.folder / name) if _NAME.fullmatch(name) else None

    def in_use(self) -> KeptModel | None:
        """The model that was chosen with use(), else the newest; None if the shelf is empty."""
        try:
            kept = self.find((self.folder / _IN_USE).read_text(encoding="utf-8").strip())
        except (FileNotFoundError, UnicodeDecodeError):
            kept = None
        return kept or next(iter(self.models()), None)

    def use(self, name: str) -> KeptModel:
        """Choose a model. Raises: TranscriberError."""
        kept = self._known(name)
        partial = self.folder / f".{_IN_USE}-{os.getpid()}"
        partial.write_text(name + "\n", encoding="utf-8")
        partial.replace(self.folder / _IN_USE)
        return kept

    def remove(self, name: str) -> KeptModel:
        """Take a model off the shelf. Raises: TranscriberError."""
        kept = self._known(name)
        with self.work_on(name) as workplace:
            # Out of sight first, so that nobody meets half a model.
            kept.folder.rename(workplace / "removed")
            shutil.rmtree(workplace)
        return kept

    @contextmanager
    def work_on(self, name: str) -> Iterator[Path]:
        """An empty folder on the shelf's disk for making the model `name`; it is emptied at the end.

        Raises: TranscriberError if the name cannot be used or another process works on it.
        """
        check_name(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f".lock-{name}").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TranscriberError(
                    f"model {name!r} is being made by another command. Wait for it, or stop it.", code="busy"
                ) from None
            workplace = self.folder / f".work-{name}"
            # A command that was killed leaves its work behind.
            shutil.rmtree(workplace, ignore_errors=True)
            workplace.mkdir()
            try:
                yield workplace
            finally:
                shutil.rmtree(workplace, ignore_errors=True)

    def put(self, made: Path, manifest: Manifest) -> KeptModel:
        """Set a finished folder on the shelf in place of what stood there. Call it inside work_on()."""
        (made / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        target = self.folder / manifest.name
        if target.exists():
            target.rename(made.parent / "replaced")
        made.rename(target)
        return KeptModel(target, manifest)

    def _known(self, name: str) -> KeptModel:
        kept = self.find(name)
        if kept is None:
            names = ", ".join(kept.manifest.name for kept in self.models())
            there = f"expected one of {names}." if names else "there is none. Run: attune speech model add small"
            raise TranscriberError(
                f"no model {name!r} on the shelf {self.folder}; {there}",
                code="no_model",
            )
        return kept


def check_name(name: str) -> None:
    """Raises: TranscriberError unless the name can be a folder of the shelf."""
    if not _NAME.fullmatch(name) or name == _IN_USE:
        raise TranscriberError(
            f"model name {name[:80]!r}; expected up to 64 letters, digits, dots, dashes and underscores.", code="name"
        )


def _read(folder: Path) -> KeptModel | None:
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return KeptModel(folder, Manifest(**told))
    except (OSError, ValueError, TypeError):
        return None
