"""Puts corpus and scorer together: which reader, which engine, and what has to be refitted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from emotion import EvaluationError, FaceScorer, TextScorer
from emotion.evaluation import corpora
from emotion.evaluation.corpora import Kind, Listing
from emotion.evaluation.result import Evaluation, Progress
from emotion.face.engines import deepface_file
from recommender import OnnxEncoder, export_encoder
from service import Settings
from speech import decode
from vocabulary import Clip

_MAX_SECONDS: Final = 600.0
GRAPH: Final = "graph"
"""Engine name of the conversation graph, which uss compares with the reading that ships."""
OWN: Final = "own"
"""Engine name of the model that ships, whatever is configured."""
_WHOLE: Final = "all items; the model was not trained on them"
_UNKNOWN: Final = "all items; what this engine was trained on is not known here"
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


class Report(Protocol):
    """What every measurement gives: an Evaluation, or a report of a training's own kind."""

    def to_dict(self) -> dict[str, Any]: ...


def measure_corpus(request: Request, progress: Progress) -> Report:
    """Read the corpus, score it, give the figures. Raises: EvaluationError, ModelError."""
    settings = Settings()
    if request.online and request.corpus not in (*_SOUND_READERS, "folder"):
        raise EvaluationError(f"--online {request.online} is for recordings; {request.corpus} has none. Leave it out.")
    if request.dialogues and request.corpus != "uss":
        raise EvaluationError(f"--dialogues is for uss; {request.corpus} has none. Leave it out.")
    if request.engine and request.corpus in ("behaviour", "fusion"):
        raise EvaluationError(f"--engine {request.engine}: {request.corpus} has one engine only. Leave it out.")
    if request.corpus in _SOUND_READERS:
        return _sounds(_SOUND_READERS[request.corpus](request.path), request, settings, progress)
    measurers: dict[str, Callable[[Request, Settings, Progress], Report]] = {
        "folder": _folder,
        "goemotions": _goemotions,
        "uss": _uss,
        "fer2013": _fer2013,
        "behaviour": _behaviour,
        "fusion": _fusion,
    }
    return measurers[request.corpus](request, settings, progress)


def load_clip(path: Path) -> Clip:
    """Decode a file of any audio format. Raises: AudioError."""
    return decode(path, max_seconds=_MAX_SECONDS)


def _sounds(listing: Listing, request: Request, settings: Settings, progress: Progress) -> Evaluation:
    from emotion.evaluation.sounds import MeasuresVoice, evaluate_sounds, measure_clips
    from emotion.voice.engines import open_voice_scorer

    engine = "" if request.engine == OWN else request.engine or settings.voice_emotion_model
    scorer = open_voice_scorer(settings.models_dir / "voice_emotion", engine)
    measured, skipped = measure_clips(listing, load_clip, scorer, progress=progress)
    scorers: Mapping[str, MeasuresVoice] | MeasuresVoice = scorer
    split = _split(engine)
    if listing.corpus == "emodb" and not engine:
        from emotion.evaluation.refits import scorers_without_each_speaker

        scorers = scorers_without_each_speaker(measured, settings.home / "emotion", progress=progress)
        split = f"each of {len(scorers)} speakers by a refit on the others"
    return evaluate_sounds(
        listing,
        measured,
        skipped,
        scorers,
        model=scorer.engine,
        split=split,
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

        text = _text(request, settings)
        return evaluate_texts(
            listing, text, model=text.engine, split=_split(_text_engine(request, settings)), progress=progress
        )
    from emotion.evaluation.images import evaluate_photographs

    face = FaceScorer(settings.models_dir / "face_emotion", weights_dir=_face_weights(request, settings))
    return evaluate_photographs(listing, face, model=face.engine, split=_WHOLE, progress=progress)


def _uss(request: Request, settings: Settings, _progress: Progress) -> Report:
    from emotion.evaluation.corpora.uss import uss
    from emotion.evaluation.words import evaluate_dialogues

    if request.engine == GRAPH:
        from emotion.training.dialogue import compare_graph

        if request.dialogues:
            raise EvaluationError("--engine graph learns from dialogues 1-500 and reports 501-1000: no --dialogues.")
        export_encoder(settings.encoder_dir)
        encoder = OnnxEncoder(settings.encoder_dir, cache_size=0)
        scorer = _text(replace(request, engine=""), settings)
        return compare_graph(request.path, encoder, settings.home / "emotion", scorer=scorer)
    first, last = _range(request.dialogues)
    dialogues = uss(request.path, first=first, last=last)
    which = f"dialogues {request.dialogues}" if request.dialogues else "all dialogues"
    text = _text(request, settings)
    split = _split(_text_engine(request, settings)).replace("all items", which)
    return evaluate_dialogues(dialogues, text, model=text.engine, split=split)


def _fer2013(request: Request, settings: Settings, progress: Progress) -> Evaluation:
    from emotion.evaluation.images import evaluate_faces
    from emotion.face.engines import open_face_engine

    corpus = corpora.fer2013(request.path)
    network = open_face_engine(settings.models_dir / "face_emotion", _face_weights(request, settings))
    return evaluate_faces(corpus, network, model=network.name, progress=progress)


def _goemotions(request: Request, settings: Settings, _progress: Progress) -> Evaluation:
    from emotion.evaluation.comments import evaluate_comments
    from emotion.training.text.comments_measured import evaluate_goemotions

    scorer = _text(request, settings)
    figures = evaluate_goemotions(request.path, "test", scorer)
    return evaluate_comments(
        figures.chances,
        figures.truth,
        scorer.thresholds,
        shares=figures.probabilities,
        model=scorer.engine,
        split="published test; thresholds from dev",
        more=figures.more(),
    )


def _behaviour(_request: Request, settings: Settings, _progress: Progress) -> Report:
    from emotion.training.behaviour import measure_behaviour

    return measure_behaviour(settings.models_dir / "behaviour")


def _fusion(request: Request, settings: Settings, _progress: Progress) -> Report:
    from emotion.training.fusion import evaluate_fusion

    return evaluate_fusion(request.path, settings.models_dir, settings.home / "emotion", text=_text(request, settings))


def _face_weights(request: Request, settings: Settings) -> Path | None:
    """Where DeepFace's network lies, unless the own one is asked for."""
    if request.engine not in ("", OWN, "deepface"):
        raise EvaluationError(f"--engine {request.engine} reads no faces; expected own, deepface or nothing.")
    if request.engine == "deepface" and deepface_file(settings.face_weights) is None:
        raise EvaluationError("--engine deepface needs its weights; set ATTUNE_FACE_WEIGHTS to their folder.")
    return None if request.engine == OWN else settings.face_weights


def _range(dialogues: str) -> tuple[int, int | None]:
    if not dialogues:
        return 1, None
    match = _DIALOGUES.fullmatch(dialogues)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise EvaluationError(f"--dialogues {dialogues}; expected first-last, such as 501-1000.")
    return int(match[1]), int(match[2])


def _split(engine: str) -> str:
    return _UNKNOWN if engine else _WHOLE


def _text_engine(request: Request, settings: Settings) -> str:
    """The transformers model that is to read words; "" for the one that ships."""
    return "" if request.engine == OWN else request.engine or settings.text_emotion_model


def _text(request: Request, settings: Settings) -> TextScorer:
    return TextScorer(settings.models_dir / "text_emotion", engine=_text_engine(request, settings))
