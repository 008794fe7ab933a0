"""`attune emotion train voice-doubt`, the model that ships with its card; `attune emotion doubt`, figures of clips."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion.errors import EvaluationError
from emotion.model_files import META_FILE, MODEL_FILE
from emotion.training.doubt.card import write_card
from emotion.training.doubt.corpus import load_rows
from emotion.training.doubt.report import DoubtReport, area, fit_with_limit, measure
from emotion.training.voice.corpus import read_clip
from emotion.voice.doubt import REVISION, VoiceDoubter
from vocabulary import DOUBTED_FROM, Absent

_SOUNDS: Final = frozenset({".wav", ".flac", ".ogg", ".opus", ".mp3"})


def train_doubt(data: Path, model_dir: Path, cache: Path, *, tell: Callable[[str], None]) -> DoubtReport:
    """Train on Emo-DB, EmoGator, flite, espeak-ng and vocoders; write model, constants and card.

    data: holds speech_emotion/ and, for the report, speech/. cache: a folder for what the synthesisers say. The same
    data and synthesisers give the same files. Raises: TrainingError.
    """
    rows = load_rows(data, cache / "doubt" / "made", tell)
    tell("fitting …")
    fitted, folds = fit_with_limit(rows)
    fitted.write(model_dir / MODEL_FILE)
    meta = {"kind": "voice-doubt", "revision": REVISION, **fitted.constants}
    (model_dir / META_FILE).write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    report = measure(rows, fitted, folds, VoiceDoubter(model_dir))
    write_card(model_dir, report)
    return report


@dataclass(frozen=True)
class Heard:
    """Clips of one side. files: all of them. judged: with voice enough. doubted: share of these; None without any."""

    files: int
    judged: int
    doubted: float | None

    def to_dict(self) -> dict[str, Any]:
        return {"files": self.files, "judged": self.judged, "doubted": self.doubted}


@dataclass(frozen=True)
class Judged:
    """What the model that ships says about natural and made clips. auc: None without both."""

    natural: Heard
    made: Heard
    auc: float | None

    def to_dict(self) -> dict[str, Any]:
        return {"natural": self.natural.to_dict(), "made": self.made.to_dict(), "auc": self.auc}


def judge_clips(doubter: VoiceDoubter, natural: Sequence[Path], made: Sequence[Path]) -> Judged:
    """Doubt every clip of some files and folders, nothing of them kept. Raises: EvaluationError."""
    sides = []
    for given in (natural, made):
        files = sorted(file for path in given for file in _files(path))
        answers = [doubter.doubt(read_clip(file)) for file in files]
        sides.append((len(files), [answer for answer in answers if not isinstance(answer, Absent)]))
    (count, people), (other_count, machines) = sides
    if not count + other_count:
        raise EvaluationError("no clips; expected --natural or --made with sound files or folders of them.")
    return Judged(
        _heard(count, people), _heard(other_count, machines), area(machines, people) if people and machines else None
    )


def _heard(files: int, doubts: Sequence[float]) -> Heard:
    share = sum(doubt >= DOUBTED_FROM for doubt in doubts) / len(doubts) if doubts else None
    return Heard(files, len(doubts), share)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [file for file in path.rglob("*") if file.suffix.lower() in _SOUNDS]
    if not path.is_file():
        raise EvaluationError(f"{path} is no file and no folder; expected sound files ({', '.join(sorted(_SOUNDS))}).")
    return [path]
