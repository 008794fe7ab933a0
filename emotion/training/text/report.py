"""What the text model can do, measured on what it was neither trained nor tuned on."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np

from emotion.evaluation.corpora.uss import uss
from emotion.evaluation.dissatisfaction import DissatisfactionFigures, measure_dissatisfaction
from emotion.text.scorer import TextScorer
from emotion.training.text.comments_measured import GoEmotionsFigures, evaluate_goemotions
from emotion.training.text.pairs import PairFigures, measure_pairs, read_pairs

GOEMOTIONS_FOLDER: Final = Path("text_emotion/goemotions")
RATED_DIALOGUES: Final = Path("dissatisfaction/MWOZ.txt")
REPORTED: Final = (501, 1000)
"""Dialogues that figures come from; design choices look at those before."""

_TWENTY_WORDS: Final = (
    "I already told you last week that the kettle has not arrived, please check again where it is and tell me!"
)


@dataclass(frozen=True)
class TextReport:
    """comments: GoEmotions test. turns: rated dialogues in their talk; alone: each turn by itself. None without data.

    pairs: the minimal pairs of the test split. score_ms: median time of a score of 20 words, one thread.
    """

    comments: GoEmotionsFigures
    turns: DissatisfactionFigures | None
    alone: DissatisfactionFigures | None
    pairs: PairFigures | None
    score_ms: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "comments": self.comments.to_dict(),
            "turns": None if self.turns is None else self.turns.to_dict(),
            "alone": None if self.alone is None else self.alone.to_dict(),
            "pairs": None if self.pairs is None else vars(self.pairs),
            "score_ms": self.score_ms,
        }


def evaluate_text(data: Path, model_dir: Path, *, pairs: Path | None = None, engine: str = "") -> TextReport:
    """Measure the shipped model, or an engine. data: holds text_emotion/goemotions and dissatisfaction/.

    Raises: TrainingError, ModelError.
    """
    scorer = TextScorer(model_dir, engine=engine)
    rated = data / RATED_DIALOGUES
    dialogues = uss(rated, first=REPORTED[0], last=REPORTED[1]) if rated.is_file() else None
    return TextReport(
        comments=evaluate_goemotions(data / GOEMOTIONS_FOLDER, "test", scorer),
        turns=measure_dissatisfaction(scorer, dialogues) if dialogues else None,
        alone=measure_dissatisfaction(scorer, dialogues, with_context=False) if dialogues else None,
        pairs=measure_pairs(scorer.score, read_pairs(pairs, "test")) if pairs and pairs.is_file() else None,
        score_ms=time_score(scorer),
    )


def time_score(scorer: TextScorer) -> float:
    """Median milliseconds of one score of twenty words that give reasons."""
    spent = []
    for _ in range(100):
        start = perf_counter()
        scorer.score(_TWENTY_WORDS)
        spent.append(perf_counter() - start)
    return float(np.median(spent) * 1000.0)
