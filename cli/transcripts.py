"""Recordings with what is said in them: folders and tables as data sets come."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from speech import canonical

SOUND: Final = (
    *(
        ".wav",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
        ".webm",
        ".m4a",
        ".mp4",
        ".aac",
        ".aif",
        ".aiff",
        ".mka",
        ".amr",
    ),
    *(".3gp", ".caf", ".wma"),
)
TABLES: Final = (".csv", ".tsv", ".jsonl")
FILE_COLUMNS: Final = ("file", "path", "wav", "audio")
TEXT_COLUMNS: Final = ("text", "transcript", "transcription", "sentence")
_MOST_NAMED: Final = 5


class TranscriptsError(Exception):
    """A folder or table that cannot be measured with. code: no_transcripts, missing_file, empty_reference."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Recording:
    """A sound file and what is said in it."""

    file: Path
    reference: str


def recordings(source: Path) -> list[Recording]:
    """What a table or folder holds, sorted by folder and file as they stand there.

    A table (csv, tsv, jsonl) names file and text of each row; files are relative to it. A folder holds such tables, or
    LibriSpeech's *.trans.txt, or a text beside each sound (x.wav, x.txt), in itself or below. A file counts once.
    Raises: TranscriptsError; FileNotFoundError.
    """
    if not source.exists():
        raise FileNotFoundError(2, "no such file or folder", str(source))
    if source.is_file():
        found = list(_table(source))
    else:
        by_file: dict[Path, Recording] = {}
        for part in (_tables_in(source), _libri_speech(source), _pairs(source)):
            for recording in part:
                by_file.setdefault(recording.file, recording)
        found = list(by_file.values())
    if not found:
        raise TranscriptsError(
            f"{source} holds no transcripts; expected a table with the columns {'|'.join(FILE_COLUMNS)} and "
            f"{'|'.join(TEXT_COLUMNS)}, LibriSpeech's *.trans.txt, or a text beside each sound (x.wav and x.txt).",
            "no_transcripts",
        )
    missing = [str(recording.file) for recording in found if not recording.file.is_file()]
    if missing:
        raise TranscriptsError(
            f"{len(missing)} of {len(found)} sound files do not exist: {_named(missing)}. Put them there or take "
            "their rows out.",
            "missing_file",
        )
    empty = [str(recording.file) for recording in found if not canonical(recording.reference)]
    if empty:
        raise TranscriptsError(
            f"{len(empty)} of {len(found)} transcripts hold no word: {_named(empty)}. Errors over no words are no "
            "rate: write what is said or take them out.",
            "empty_reference",
        )
    return found


def _named(files: list[str]) -> str:
    more = len(files) - _MOST_NAMED
    return ", ".join(files[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _table(path: Path) -> Iterator[Recording]:
    rows = _json_rows(path) if path.suffix.lower() == ".jsonl" else _rows(path)
    for row in rows:
        file = next((row[name] for name in FILE_COLUMNS if row.get(name)), None)
        text = next((row[name] for name in TEXT_COLUMNS if row.get(name) is not None), None)
        if file is not None and text is not None:
            yield Recording((path.parent / file).resolve(), text)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    # Windows' programs put a mark before the header.
    with path.open(encoding="utf-8-sig", newline="") as lines:
        try:
            header = lines.readline()
            lines.seek(0)
            separator = "\t" if path.suffix.lower() == ".tsv" or "\t" in header else ";" if ";" in header else ","
            for row in csv.DictReader(lines, delimiter=separator):
                yield {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name}
        except (UnicodeDecodeError, csv.Error):
            raise _unreadable(path) from None


def _json_rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            if line.strip():
                row = json.loads(line)
                yield {str(name).lower(): str(value) for name, value in row.items() if value is not None}
    except (ValueError, AttributeError):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> TranscriptsError:
    return TranscriptsError(
        f"{path} cannot be read as a table; expected UTF-8 with a header line, or one JSON object a line.",
        "no_transcripts",
    )


def _tables_in(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in TABLES and path.is_file():
            yield from _table(path)


def _libri_speech(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.rglob("*.trans.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, text = line.strip().partition(" ")
            if name:
                yield Recording(_sound_beside(path.with_name(name)), text)


def _pairs(folder: Path) -> Iterator[Recording]:
    for path in sorted(folder.rglob("*")):
        text = path.with_suffix(".txt")
        if path.suffix.lower() in SOUND and text.is_file():
            yield Recording(path.resolve(), text.read_text(encoding="utf-8-sig").strip())


def _sound_beside(stem: Path) -> Path:
    """The sound of that name, whatever its kind; LibriSpeech's own kind if there is none."""
    for suffix in (".flac", *SOUND):
        candidate = stem.with_name(stem.name + suffix)
        if candidate.is_file():
            return candidate.resolve()
    return stem.with_name(stem.name + ".flac").resolve()
