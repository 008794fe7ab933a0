"""What the voice model can do for speakers it has not heard, and what it makes of speech that it should not judge."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from emotion.evaluation.metrics import area_under_curve
from emotion.training.voice.artefacts import probe_files, probe_heard
from emotion.training.voice.corpus import MEN, Corpus, emodb_label, measure_unseen, read_clip
from emotion.training.voice.domains import UNSEEN
from emotion.training.voice.held_out import ScorerOf, over_orders, score_rows
from emotion.training.voice.refit import refit_scorer
from emotion.voice.affect import expected_valence
from emotion.voice.baseline import SpeakerBaseline
from emotion.voice.scorer import VoiceReading, VoiceScorer
from vocabulary import LABELS, SAMPLE_RATE_HZ, Clip

CALM_SPEECH: Final = ("jfk.flac", "librispeech/*.ogg", "timit_like/*.wav", "ami/*.wav")
"""Read, public and meeting speech in English: none of it angry."""

ONLINE: Final = 5
_PIECE_S: Final = 5


@dataclass(frozen=True)
class CalmFigures:
    """On English speech without anger, in pieces of 5 s. highest_cue: the largest frustration cue."""

    pieces: int
    called_angry: int
    angry_above_half: int
    mean_confidence: float
    mean_arousal: float
    highest_cue: float


@dataclass(frozen=True)
class VoiceReport:
    """Figures by name of what was measured, as Metrics names them; each raw (first turn) and online (after ONLINE).

    speakers: Emo-DB, one speaker left out. by_sex: those of men and of women among them. sex: trained on one sex,
    measured on the other. unseen: one speaker left out, in recording situations that training does not draw.
    full_length: the four emotions' full-length files, one speaker left out.
    valence_auc: happiness against anger, disgust, fear and sadness by the valence output; first turns.
    still_angry: share of angry clips called anger after a baseline of five angry turns; called_neutral: neutral.
    artefacts_uar: a probe on length, padding and the band above 7 kHz, in the files and in what is heard.
    real_time_factor: seconds of computing per second of audio, one score of a 5 s clip.
    """

    speakers: Mapping[str, Mapping[str, float]]
    by_sex: Mapping[str, Mapping[str, float]]
    sex: Mapping[str, Mapping[str, float]]
    unseen: Mapping[str, Mapping[str, Mapping[str, float]]]
    full_length: Mapping[str, Mapping[str, float]] | None
    valence_auc: Mapping[str, float]
    still_angry: float
    called_neutral: float
    artefacts_uar: Mapping[str, float]
    calm: CalmFigures | None
    real_time_factor: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_voice(corpus: Corpus, emodb: Path, full: Path, calm: Path, model_dir: Path, cache: Path) -> VoiceReport:
    """Fit once for each speaker and each sex, score what was held out; minutes."""
    paths = sorted(emodb.glob("*.flac"))
    speakers = [str(name) for name in corpus.speakers]
    fits = {name: refit_scorer(corpus, corpus.speakers != name) for name in sorted(set(speakers))}
    men = np.isin(corpus.speakers, sorted(MEN))
    other_sex = {is_man: refit_scorer(corpus, men != is_man) for is_man in (True, False)}
    still_angry, called_neutral = _always_angry(corpus, fits)
    halves = {"men": corpus.part(men), "women": corpus.part(~men)}
    return VoiceReport(
        speakers=_both(corpus, fits.__getitem__),
        by_sex={
            f"{name}, {turns}": over_orders(half.rows[0], half.labels, half.speakers, fits.__getitem__, online=online)
            for name, half in halves.items()
            for turns, online in (("raw", 0), ("online", ONLINE))
        },
        sex=_both(corpus, lambda name: other_sex[name in MEN]),
        unseen={
            situation: _both(
                Corpus((measure_unseen(paths, speakers, cache, situation),), corpus.labels, corpus.speakers),
                fits.__getitem__,
            )
            for situation in UNSEEN
        },
        full_length=_full_length(full, cache, fits),
        valence_auc={
            "speakers": _valence_auc(corpus, fits.__getitem__),
            "sex": _valence_auc(corpus, lambda name: other_sex[name in MEN]),
        },
        still_angry=still_angry,
        called_neutral=called_neutral,
        artefacts_uar={
            "files": probe_files(paths, corpus.labels, corpus.speakers),
            "heard": probe_heard(paths, corpus.labels, corpus.speakers),
        },
        calm=measure_calm(VoiceScorer(model_dir), calm),
        real_time_factor=time_score(model_dir, paths[:3]),
    )


def measure_calm(scorer: VoiceScorer, folder: Path) -> CalmFigures | None:
    """Score the measuring recordings in `folder`; None where they are absent."""
    scores = []
    for pattern in CALM_SPEECH:
        for path in sorted(folder.glob(pattern)):
            samples = read_clip(path).samples
            step = _PIECE_S * SAMPLE_RATE_HZ
            pieces = [Clip(samples[start : start + step]) for start in range(0, samples.size, step)]
            scores += [reading.score for reading in map(scorer.score, pieces) if isinstance(reading, VoiceReading)]
    if not scores:
        return None
    anger = LABELS.index("anger")
    angry = [score for score in scores if max(score.probabilities) == score.probabilities[anger]]
    return CalmFigures(
        pieces=len(scores),
        called_angry=len(angry),
        angry_above_half=sum(score.confidence >= 0.5 for score in angry),
        mean_confidence=float(np.mean([score.confidence for score in scores])),
        mean_arousal=float(np.mean([score.arousal or 0.0 for score in scores])),
        highest_cue=max(score.frustration_cue or 0.0 for score in scores),
    )


def time_score(model_dir: Path, paths: list[Path]) -> float:
    """Median over twenty scores of one 5 s stretch of acted speech."""
    samples = np.concatenate([read_clip(path).samples for path in paths])[: 5 * SAMPLE_RATE_HZ]
    scorer, clip, spent = VoiceScorer(model_dir), Clip(samples), []
    for _ in range(20):
        start = perf_counter()
        scorer.score(clip)
        spent.append(perf_counter() - start)
    return float(np.median(spent)) / clip.seconds


def _both(corpus: Corpus, scorer_of: ScorerOf) -> dict[str, dict[str, float]]:
    return {
        name: over_orders(corpus.rows[0], corpus.labels, corpus.speakers, scorer_of, online=online)
        for name, online in (("raw", 0), ("online", ONLINE))
    }


def _valence_auc(corpus: Corpus, scorer_of: ScorerOf) -> float:
    scores = score_rows(corpus.rows[0], corpus.speakers, scorer_of, online=0, seed=0)
    labels = corpus.labels[scores.clips]
    felt = ~np.isin(labels, ["neutral", "boredom"])
    valence = [expected_valence(row) for row in scores.probabilities[felt]]
    found = area_under_curve(np.array(valence), labels[felt] == "happiness")
    assert found is not None
    return found


def _full_length(folder: Path, cache: Path, fits: Mapping[str, VoiceScorer]) -> dict[str, dict[str, float]] | None:
    paths = sorted(folder.glob("*.flac"))
    if not paths:
        return None
    speakers = [path.name[:2] for path in paths]
    rows = measure_unseen(paths, speakers, cache, None)
    corpus = Corpus((rows,), np.array([emodb_label(path) for path in paths]), np.array(speakers))
    return _both(corpus, fits.__getitem__)


def _always_angry(corpus: Corpus, fits: Mapping[str, VoiceScorer]) -> tuple[float, float]:
    """Every fifth of a speaker's angry clips as the baseline in turn, the other angry clips scored."""
    answers: list[int] = []
    for name, scorer in fits.items():
        mine = np.flatnonzero((corpus.speakers == name) & (corpus.labels == "anger"))
        figures = np.array([row.figures for at in mine if (row := corpus.rows[0][at]) is not None], dtype=float)
        for start in range(0, len(figures) - ONLINE, ONLINE):
            baseline = SpeakerBaseline()
            for row in figures[start : start + ONLINE]:
                baseline = scorer.heard(row, baseline)
            rest = np.delete(figures, slice(start, start + ONLINE), axis=0)
            answers += scorer.view(rest, baseline).probabilities.argmax(axis=1).tolist()
    found = np.array(answers)
    return float((found == LABELS.index("anger")).mean()), float((found == LABELS.index("neutral")).mean())
