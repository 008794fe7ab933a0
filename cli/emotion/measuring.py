"""Puts corpus and scorer together: which reader, which engine, and what has to be refitted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cli.emotion.train import training_encoder
from emotion import EvaluationError, FaceScorer, TextScorer
from emotion.evaluation import corpora
from emotion.evaluation.corpora import Kind, Listing
from emotion.evaluation.result import Evaluation, Progress
from service import Settings
from speech import decode
from vocabulary import Clip

_MAX_SECONDS: Final = 600.0
_WHOLE: Final = "all items; the model was not trained on them"
_SOUND_READERS: Final = {"emodb": corpora.emodb, "ravdess": corpora.ravdess, "crema-d": corpora.crema_d}
_DIALOGUES: Final = re.compile(r"(\d{1,6})-(\d{1,6})")


@dataclass(frozen=True)
class Request:
    """What the command line asks for. path: of the corpus. dialogues: "501-1000", or "" for all of them."""

    corpus: str
    path: Path
    engine: str = ""
    online: int = 0
    dialogues: str = ""
    seed: int = 0


def measure_corpus(request: Request, progress: Progress) -> Evaluation:
    """Read the corpus, score it, give the figures. Raises: EvaluationError, ModelError."""
    settings = Settings()
    if request.online and request.corpus not in (*_SOUND_READERS, "folder"):
        raise EvaluationError(f"--online {request.online} is for recordings; {request.corpus} has none. Leave it out.")
    if request.dialogues and request.corpus != "uss":
        raise EvaluationError(f"--dialogues is for uss; {request.corpus} has none. Leave it out.")
    if request.corpus in _SOUND_READERS:
        return _sounds(_SOUND_READERS[request.corpus](request.path), request, settings, progress)
    measurers: dict[str, Callable[[Request, Settings, Progress], Evaluation]] = {
        "folder": _folder,
        "uss": _uss,
        "fer2013": _fer2013,
    }
    return measurers[request.corpus](request, settings, progress)


def load_clip(path: Path) -> Clip:
    """Decode a file of any audio format. Raises: AudioError."""
    return decode(path, max_seconds=_MAX_SECONDS)


def _sounds(listing: Listing, request: Request, settings: Settings, progress: Progress) -> Evaluation:
    from emotion import VoiceScorer
    from emotion.evaluation.sounds import evaluate_sounds, measure_clips

    scorer: Any = VoiceScorer(settings.models_dir / "voice_emotion")
    measured, skipped = measure_clips(listing, load_clip, scorer, progress=progress)
    return evaluate_sounds(
        listing,
        measured,
        skipped,
        scorer,
        model="voice_emotion",
        split=_WHOLE,
        online=request.online,
        seed=request.seed,
        progress=progress,
    )


def _folder(request: Request, settings: Settings, progress: Progress) -> Evaluation:
    listing = corpora.folder_corpus(request.path)
    if listing.kind is Kind.SOUND:
        return _sounds(listing, request, settings, progress)
    if request.online:
        raise EvaluationError(f"--online is for recordings; {request.path} holds {listing.kind.value}s. Leave it out.")
    if listing.kind is Kind.TEXT:
        from emotion.evaluation.words import evaluate_texts

        return evaluate_texts(listing, _text(settings), model="text_emotion", split=_WHOLE, progress=progress)
    from emotion.evaluation.images import evaluate_photographs

    face = FaceScorer(settings.models_dir / "face_emotion")
    return evaluate_photographs(listing, face, model=face.engine, split=_WHOLE, progress=progress)


def _uss(request: Request, settings: Settings, _progress: Progress) -> Evaluation:
    from emotion.evaluation.corpora.uss import uss
    from emotion.evaluation.words import evaluate_dialogues

    first, last = _range(request.dialogues)
    dialogues = uss(request.path, first=first, last=last)
    which = f"dialogues {request.dialogues}" if request.dialogues else "all dialogues"
    split = f"{which}; the model was not trained on them"
    return evaluate_dialogues(dialogues, _text(settings), model="text_emotion", split=split)


def _fer2013(request: Request, settings: Settings, progress: Progress) -> Evaluation:
    from emotion.evaluation.images import evaluate_faces
    from emotion.face.engines import open_face_engine

    corpus = corpora.fer2013(request.path)
    network = open_face_engine(settings.models_dir / "face_emotion", None)
    return evaluate_faces(corpus, network, model=network.name, progress=progress)


def _range(dialogues: str) -> tuple[int, int | None]:
    if not dialogues:
        return 1, None
    match = _DIALOGUES.fullmatch(dialogues)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise EvaluationError(f"--dialogues {dialogues}; expected first-last, such as 501-1000.")
    return int(match[1]), int(match[2])


def _text(settings: Settings) -> TextScorer:
    return TextScorer(settings.models_dir / "text_emotion", training_encoder(settings))
