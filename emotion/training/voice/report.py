"""What the voice model can do, speakers kept apart, and what it makes of speech that it should not judge."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from emotion.evaluation.metrics import expected_calibration_error
from emotion.training.calibration import softmax
from emotion.training.voice.degrade import DEGRADATIONS
from emotion.training.voice.emodb import CLASSES, ActedClips, read_clip
from emotion.training.voice.model import AROUSAL, TO_LABELS, choose, fit
from emotion.voice.scorer import VoiceReading, VoiceScorer
from vocabulary import LABELS, SAMPLE_RATE_HZ, Clip

CALM_SPEECH: Final = ("jfk.flac", "librispeech/*.ogg", "timit_like/*.wav", "ami/*.wav")
"""Read, public and meeting speech in English: none of it angry."""

_PIECE_S: Final = 5


@dataclass(frozen=True)
class ActedFigures:
    """Leave one speaker out, six labels (boredom counted as neutral).

    uar: mean recall of the labels. ece: of the top probability before the limit on confidence.
    arousal_correlation: with the hand-set arousal of the acted emotion. degraded_uar: the held-out clips degraded.
    artefacts_uar: a probe that sees only length, padding and the band above 7 kHz; chance is 1/6.
    """

    clips: int
    speakers: int
    uar: float
    accuracy: float
    recall: Mapping[str, float]
    ece: float
    arousal_correlation: float
    degraded_uar: Mapping[str, float]
    artefacts_uar: float


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
    """real_time_factor: seconds of computing per second of audio, one score of a 5 s clip."""

    acted: ActedFigures
    calm: CalmFigures | None
    real_time_factor: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_acted(clips: ActedClips, folder: Path) -> ActedFigures:
    """Train ten times, each without one speaker, options and temperature chosen on the other nine."""
    from sklearn.metrics import recall_score

    truth = TO_LABELS[clips.labels].argmax(axis=1)
    n = len(truth)
    probabilities = np.zeros((1 + len(DEGRADATIONS), n, len(LABELS)))
    arousal = np.zeros(n)
    for speaker in sorted(set(clips.speakers)):
        held = clips.speakers == speaker
        options, temperature = choose(clips, ~held)
        model = fit(clips, ~held, options)
        for version in range(len(clips.x)):
            x = np.nan_to_num(clips.x[version, held])
            probabilities[version, held] = softmax(model.logits(x), temperature) @ TO_LABELS
        arousal[held] = model.arousal(clips.x[0, held])
    guess = probabilities.argmax(axis=2)
    used = sorted(set(truth))
    recall = recall_score(truth, guess[0], labels=used, average=None)
    acted = np.array([AROUSAL[name] for name in CLASSES])[clips.labels]
    usable = np.asarray(np.isfinite(clips.x).all(axis=2))
    return ActedFigures(
        clips=n,
        speakers=len(set(clips.speakers)),
        uar=float(recall.mean()),
        accuracy=float((guess[0] == truth).mean()),
        recall={LABELS[label]: float(value) for label, value in zip(used, recall, strict=True)},
        ece=expected_calibration_error(probabilities[0].max(axis=1), guess[0] == truth),
        arousal_correlation=float(np.corrcoef(arousal, acted)[0, 1]),
        degraded_uar={
            name: float(
                recall_score(truth[usable[version]], np.asarray(guess[version])[usable[version]], average="macro")
            )
            for version, name in enumerate(DEGRADATIONS, start=1)
        },
        artefacts_uar=_probe_artefacts(sorted(folder.glob("*.flac")), clips, truth),
    )


def _probe_artefacts(paths: list[Path], clips: ActedClips, truth: np.ndarray[Any, Any]) -> float:
    """What the clips' processing alone gives away about the emotion, by the same folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import recall_score
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = []
    for path in paths:
        samples = read_clip(path).samples.astype(np.float64)
        loud = np.flatnonzero(np.abs(samples) > 1e-4)
        power = np.abs(np.fft.rfft(samples)) ** 2
        above = np.fft.rfftfreq(samples.size, 1.0 / SAMPLE_RATE_HZ) > 7_000
        rows.append(
            [
                samples.size / SAMPLE_RATE_HZ,
                (samples.size - loud[-1]) / SAMPLE_RATE_HZ,
                loud[0] / SAMPLE_RATE_HZ,
                np.log10(power[above].sum() / power.sum() + 1e-12),
            ]
        )
    probe = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    guess = cross_val_predict(probe, np.array(rows), truth, groups=clips.speakers, cv=LeaveOneGroupOut())
    return float(recall_score(truth, guess, average="macro"))


def measure_calm(model_dir: Path, folder: Path) -> CalmFigures | None:
    """Score the measuring recordings in `folder`; None where they are absent."""
    scorer = VoiceScorer(model_dir)
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


def time_score(model_dir: Path, folder: Path) -> float:
    """Median over twenty scores of one 5 s stretch of acted speech."""
    paths = sorted(folder.glob("*.flac"))[:3]
    samples = np.concatenate([read_clip(path).samples for path in paths])[: 5 * SAMPLE_RATE_HZ]
    scorer, clip, spent = VoiceScorer(model_dir), Clip(samples), []
    for _ in range(20):
        start = perf_counter()
        scorer.score(clip)
        spent.append(perf_counter() - start)
    return float(np.median(spent)) / clip.seconds
