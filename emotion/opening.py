"""Opening every scorer of an installation once, at start."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from emotion.behaviour.scorer import BehaviourScorer
from emotion.errors import EmotionError
from emotion.face.scorer import FaceScorer
from emotion.fusion.options import FusionOptions
from emotion.panel import Panel
from emotion.plugins import load_plugins
from emotion.text.scorer import TextScorer
from emotion.voice.doubt import VoiceDoubter
from emotion.voice.engines import open_voice_scorer
from vocabulary import Modality

log = logging.getLogger(__name__)

Scorer = TypeVar("Scorer")


@dataclass(frozen=True)
class EngineOptions:
    """Which engines score.

    plugins: whether installed packages may bring scorers. text_model, voice_model: hub id or folder of a transformers
    classification model; "" for the own one. face_weights: where DeepFace's network may lie.
    """

    plugins: bool = True
    text_model: str = ""
    face_weights: Path | None = None
    voice_model: str = ""


DEFAULTS = EngineOptions()


def open_panel(models_dir: Path, *, options: EngineOptions = DEFAULTS) -> Panel:
    """Load what is here. A model that is missing or damaged leaves its modality absent; status() says why.

    Raises: PluginError, because a package that was installed on purpose must not be off in silence.
    """
    missing: dict[Modality, str] = {}

    def opened(modality: Modality, make: Callable[[], Scorer]) -> Scorer | None:
        try:
            return make()
        except EmotionError as error:
            log.warning("the %s scorer is off", modality.value, extra={"modality": modality.value, "code": error.code})
            missing[modality] = str(error)
            return None
        except Exception as error:  # noqa: BLE001 - whatever a damaged file does to its reader, the others go on
            log.error("a scorer cannot be loaded", extra={"modality": modality.value, "error": type(error).__name__})
            missing[modality] = f"the {modality} scorer cannot be loaded ({type(error).__name__}); run: attune doctor"
            return None

    doubter, doubtless = _doubter(models_dir)
    return Panel(
        text=opened(Modality.TEXT, lambda: TextScorer(models_dir / "text_emotion", engine=options.text_model)),
        voice=opened(Modality.VOICE, lambda: open_voice_scorer(models_dir / "voice_emotion", options.voice_model)),
        face=opened(
            Modality.FACE,
            lambda: FaceScorer(models_dir / "face_emotion", weights_dir=options.face_weights),
        ),
        behaviour=opened(Modality.BEHAVIOUR, lambda: BehaviourScorer(models_dir / "behaviour")),
        fusion=_fusion(models_dir),
        plugins=load_plugins() if options.plugins else (),
        missing=missing,
        doubter=doubter,
        doubtless=doubtless,
    )


def _doubter(models_dir: Path) -> tuple[VoiceDoubter | None, str]:
    try:
        return VoiceDoubter(models_dir / "voice_doubt"), ""
    except EmotionError as error:
        log.warning("synthetic voices are not noticed", extra={"code": error.code})
        return None, f"synthetic voices are not noticed: {error}"
    except Exception as error:  # noqa: BLE001 - whatever a damaged file does to its reader, the others go on
        log.error("the doubt of voices cannot be loaded", extra={"error": type(error).__name__})
        return None, f"synthetic voices are not noticed ({type(error).__name__}); run: attune doctor"


def _fusion(models_dir: Path) -> FusionOptions:
    try:
        return FusionOptions.load(models_dir / "fusion")
    except EmotionError as error:
        log.warning("fusion goes on with unfitted constants", extra={"code": error.code})
        return FusionOptions()
