"""The notice that a customer reads before anything is scored: numbered texts, kept as data in `privacy/notices/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from privacy.errors import PrivacyError
from vocabulary import PLUGIN_MODALITIES, Purpose, Signal

NOTICE_VERSION: Final = "5"
"""Each answer in the ledger names the version that was shown. Changes with every change of the text."""

SPOKEN_NOTICE_VERSION: Final = "telephone-1"
"""The same for the short notice that callers hear on the telephone. It covers words and voice in that conversation."""
SPOKEN_SIGNALS: Final = (Signal.TEXT, Signal.VOICE)
"""What a caller's yes by a key allows."""

_SPOKEN: Final = "telephone-"
_FOLDER: Final = Path(__file__).resolve().parent / "notices"


@dataclass(frozen=True)
class Explained:
    """One signal or use in plain words."""

    title: str
    text: str


@dataclass(frozen=True)
class Notice:
    """One version of the notice. text: the whole of it. minor: what somebody under 18 reads instead."""

    version: str
    text: str
    minor: str
    signals: Mapping[Signal, Explained]
    uses: Mapping[Purpose, Explained]


@dataclass(frozen=True)
class SpokenNotice:
    """What callers hear, sentence by sentence. ask: before they answer; details: when they want to hear more."""

    version: str
    ask: tuple[str, ...]
    details: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole of it."""
        return "\n\n".join((" ".join(self.ask), " ".join(self.details)))


@cache
def spoken_notice() -> SpokenNotice:
    """The telephone's notice of now. Raises: PrivacyError if its file is missing or lacks a text."""
    return _spoken(SPOKEN_NOTICE_VERSION)


@cache
def notice() -> Notice:
    """The notice of now. Raises: PrivacyError if its file is missing or lacks a text."""
    raw = _read(NOTICE_VERSION)
    try:
        signals = {signal: Explained(**raw["signals"][signal.value]) for signal in Signal}
        uses = {use: Explained(**raw["uses"][use.value]) for use in Purpose}
        # What an installed plug-in scores is told where it is switched on.
        own = [signals[signal] for signal in Signal if signal.value not in set(PLUGIN_MODALITIES)]
        further = [uses[Purpose.PERSONALISE], uses[Purpose.IMPROVE]]
        paragraphs = [
            raw["lead"],
            "\n".join([raw["choose"], *(f"• {one.title}: {one.text}" for one in own)]),
            "\n".join([raw["uses_lead"], *(f"• {one.title}: {one.text}" for one in further)]),
            raw["never"],
            raw["kept"],
            raw["leave"],
        ]
        return Notice(NOTICE_VERSION, "\n\n".join(paragraphs), raw["minor"], signals, uses)
    except (KeyError, TypeError) as error:
        raise PrivacyError(
            f"{_FOLDER / NOTICE_VERSION}.toml lacks {error}; expected lead, choose, uses_lead, never, kept, leave, "
            "minor, and a title and a text for each signal and use. Restore the file.",
            code="notice_damaged",
        ) from None


def notice_text(version: str) -> str | None:
    """What an answer in the ledger was given to, by its version; None for a version that never was."""
    if version == NOTICE_VERSION:
        return notice().text
    number = version.removeprefix(_SPOKEN)
    if not number.isascii() or not number.isdigit() or not (_FOLDER / f"{version}.toml").is_file():
        return None
    return _spoken(version).text if version != number else str(_read(version)["text"])


def _spoken(version: str) -> SpokenNotice:
    raw = _read(version)
    ask, details = raw.get("ask"), raw.get("details")
    if not ask or not details:
        raise PrivacyError(
            f"{_FOLDER / version}.toml lacks ask or details; expected sentences in both. Restore the file.",
            code="notice_damaged",
        )
    return SpokenNotice(version, tuple(map(str, ask)), tuple(map(str, details)))


def _read(version: str) -> dict[str, Any]:
    path = _FOLDER / f"{version}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PrivacyError(
            f"{path} cannot be read ({type(error).__name__}). Restore the file.", code="notice_damaged"
        ) from None
