"""What the text model can do, measured on what it was neither trained nor tuned on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.evaluation.metrics import expected_calibration_error
from emotion.model_files import open_model
from emotion.text.cues import cue_matrix
from emotion.text.scorer import REVISION, TextScorer
from emotion.training.text.dissatisfaction import load_rated_turns
from emotion.training.text.embedding_cache import RememberedTexts, embed
from emotion.training.text.goemotions import load_comments
from vocabulary import LABELS, Absent, Author, ModalityScore, Said, TextEncoder


@dataclass(frozen=True)
class CommentFigures:
    """On one split of GoEmotions, 7 labels.

    right: share of comments whose top label is among their labels. majority: what always saying neutral gets.
    macro_f1, f1: over comments of a single label. ece: of the top label's probability, 15 bins.
    """

    comments: int
    right: float
    majority: float
    macro_f1: float
    f1: Mapping[str, float]
    ece: float


@dataclass(frozen=True)
class TurnFigures:
    """On rated service dialogues. auc: a dissatisfied turn gets a higher frustration cue than another one."""

    turns: int
    dissatisfied: int
    auc: float
    refused_as_not_english: int


@dataclass(frozen=True)
class PairFigures:
    """On minimal pairs: the same request said neutrally and with frustration.

    ordered: share of pairs in which the frustrated one has the higher cue. auc: over all sentences.
    calm_below, frustrated_above: shares on their side of 0.4.
    """

    pairs: int
    ordered: float
    auc: float
    calm_below: float
    frustrated_above: float


@dataclass(frozen=True)
class TextReport:
    """score_ms: median time of one score without the encoder, milliseconds."""

    comments: CommentFigures
    turns: TurnFigures | None
    pairs: PairFigures | None
    score_ms: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_comments(model_dir: Path, folder: Path, split: str, encoder: TextEncoder, cache: Path) -> CommentFigures:
    from sklearn.metrics import f1_score

    comments = load_comments(folder, split)
    probabilities = open_model(model_dir, kind="text", revision=REVISION).run(
        ["labels"], {"embedding": embed(comments.texts, encoder, cache), "cues": cue_matrix(comments.texts)}
    )[0]
    top = probabilities.argmax(axis=1)
    right = comments.soft[np.arange(len(top)), top] > 0
    single = comments.soft.max(axis=1) == 1.0
    each = f1_score(
        comments.soft[single].argmax(axis=1), top[single], average=None, labels=range(len(LABELS)), zero_division=0
    )
    return CommentFigures(
        comments=len(top),
        right=float(right.mean()),
        majority=float((comments.soft[:, LABELS.index("neutral")] > 0).mean()),
        macro_f1=float(each.mean()),
        f1={label: float(value) for label, value in zip(LABELS, each, strict=True)},
        ece=expected_calibration_error(probabilities.max(axis=1).astype(np.float64), right),
    )


def measure_turns(model_dir: Path, path: Path, dialogues: range, encoder: TextEncoder, cache: Path) -> TurnFigures:
    from sklearn.metrics import roc_auc_score

    turns = load_rated_turns(path, dialogues)
    scorer = TextScorer(model_dir, RememberedTexts([turn.text for turn in turns], encoder, cache))
    scores = [scorer.score(turn.text, context=[Said(Author.CUSTOMER, text) for text in turn.earlier]) for turn in turns]
    # A turn that is not judged is treated as calm: the customer gets no other treatment either.
    cues = [_cue_of(score) for score in scores]
    dissatisfied = [turn.dissatisfied for turn in turns]
    return TurnFigures(
        turns=len(turns),
        dissatisfied=sum(dissatisfied),
        auc=float(roc_auc_score(dissatisfied, cues)),
        refused_as_not_english=sum(isinstance(score, Absent) for score in scores),
    )


def measure_pairs(model_dir: Path, path: Path, encoder: TextEncoder) -> PairFigures:
    from sklearn.metrics import roc_auc_score

    pairs = read_pairs(path)
    scorer = TextScorer(model_dir, encoder)
    cues: NDArray[np.float64] = np.array([[_cue(scorer, text) for text in pair] for pair in pairs])
    return PairFigures(
        pairs=len(pairs),
        ordered=float((cues[:, 1] > cues[:, 0]).mean()),
        auc=float(roc_auc_score([0] * len(pairs) + [1] * len(pairs), np.concatenate([cues[:, 0], cues[:, 1]]))),
        calm_below=float((cues[:, 0] < 0.4).mean()),
        frustrated_above=float((cues[:, 1] >= 0.4).mean()),
    )


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Lines of "neutral<TAB>frustrated"; lines that start with # are comments. Raises: TrainingError."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; expected minimal pairs, neutral and frustrated, tab-separated.")
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            neutral, frustrated = line.split("\t")
            pairs.append((neutral, frustrated))
    return pairs


def time_score(model_dir: Path, encoder: TextEncoder) -> float:
    """Median milliseconds of one score, its embedding already known."""
    text = "I already told you that the kettle has not arrived, please check again!"
    scorer = TextScorer(model_dir, RememberedTexts([text], encoder))
    spent = []
    for _ in range(200):
        start = perf_counter()
        scorer.score(text)
        spent.append(perf_counter() - start)
    return float(np.median(spent) * 1000.0)


def _cue(scorer: TextScorer, text: str) -> float:
    return _cue_of(scorer.score(text))


def _cue_of(score: ModalityScore | Absent) -> float:
    return 0.0 if isinstance(score, Absent) else score.frustration_cue or 0.0
