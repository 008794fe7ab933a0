"""`attune emotion train voice`: the shipped model, its constants and its card."""

from pathlib import Path
from typing import Final

from emotion.training.voice.card import write_card
from emotion.training.voice.corpus import load_emodb
from emotion.training.voice.prosody_model import ProsodyOptions
from emotion.training.voice.refit import fit_calibrated, write_scorer
from emotion.training.voice.report import VoiceReport, measure_voice

EMODB: Final = Path("speech_emotion/emodb")
FULL_LENGTH: Final = Path("speech_emotion/emodb_full4")
CALM: Final = Path("speech")


def train_voice(data: Path, model_dir: Path, cache: Path) -> VoiceReport:
    """Train on all of Emo-DB; write model, constants and card.

    data: holds speech_emotion/emodb and, for the report, speech_emotion/emodb_full4 and speech/. cache: a folder.
    The same data and seed give the same files. Raises: TrainingError.
    """
    options = ProsodyOptions()
    corpus = load_emodb(data / EMODB, cache)
    write_scorer(fit_calibrated(corpus, options), model_dir, c=options.c, seed=options.seed)
    report = evaluate_voice(data, model_dir, cache)
    write_card(model_dir, report, options)
    return report


def evaluate_voice(data: Path, model_dir: Path, cache: Path) -> VoiceReport:
    """Figures of the method on held-out speakers, and what the shipped model does on calm English speech."""
    corpus = load_emodb(data / EMODB, cache)
    return measure_voice(corpus, data / EMODB, data / FULL_LENGTH, data / CALM, model_dir, cache)
