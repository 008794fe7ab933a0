"""What a message says about how its writer feels: a text model, cues of writing, and the talk around it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from emotion.text.affect import GOEMOTIONS, valence_arousal
from emotion.text.context import in_context, read_context
from emotion.text.cues import Cues, explain, has_sign, read_cues, without
from emotion.text.language import is_english
from emotion.text.model import ShippedModel
from emotion.text.reading import TextModel, TextReading
from emotion.text.tokens import excerpt
from vocabulary import LABELS, Absent, Feature, Modality, ModalityScore, Said

NO_WORDS: Final = "no words"
NOT_ENGLISH: Final = "not in English"

_SHOUT_AROUSAL: Final = 0.3
_TRIED: Final = 3  # cues that are taken out to see what they did; each costs one more pass
_MOVES: Final = 0.02  # of the frustration cue: less is no reason
_EXPRESSED: Final = 0.35  # chance from which an emotion is named as a reason
_MAX_FEATURES: Final = 4


class TextScorer:
    """Scores one message of the customer.

    model_dir: the shipped model, as `attune emotion train text` writes it. engine: a hub id or folder of a transformers
    text-classification model that reads what its labels say; the shipped one reads the rest, dissatisfaction always.
    Safe to share between threads. Raises: ModelError.
    """

    def __init__(self, model_dir: Path, *, engine: str = "") -> None:
        self._own = ShippedModel(model_dir)
        self._other: TextModel | None = None
        if engine:
            # torch is loaded only here.
            from emotion.text.engine import TransformersModel

            self._other = TransformersModel(engine)

    @property
    def engine(self) -> str:
        """What reads the words, for `attune doctor`."""
        return (self._other or self._own).engine

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Chance from which each of LABELS is said of a text that may have several; fitted for the shipped model."""
        return self._own.thresholds if self._other is None else (0.5,) * len(LABELS)

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore | Absent:
        """Estimate emotion and dissatisfaction; Absent where the model cannot judge.

        It cannot judge other languages than English, nor messages without a word or a sign of feeling (a bare
        order number). Of a long message its beginning and its end are read. context: what was said before this
        message, oldest first (emotion/text/context.py).
        Source: docs/decisions/0084-text-model.md; figures in models/text_emotion/card.md.
        """
        head = excerpt(text)
        cues = read_cues(head)
        if not any(char.isalpha() for char in head) and not has_sign(head, cues):
            return Absent(NO_WORDS)
        if not is_english(head):
            return Absent(NOT_ENGLISH)
        reading = self.read(head, cues)
        assert reading.probabilities is not None and reading.fine is not None  # the shipped model gives both
        valence, arousal = valence_arousal(reading.fine)
        shouted = max(cues.value("capitals"), cues.value("repeated_marks") * cues.value("exclamation"))
        score = ModalityScore(
            modality=Modality.TEXT,
            probabilities=tuple(float(value) for value in reading.probabilities),
            confidence=float(reading.probabilities.max()),
            arousal=min(1.0, arousal + _SHOUT_AROUSAL * shouted),
            valence=valence,
            frustration_cue=reading.frustration,
            known_labels=reading.known_labels,
            features=self._reasons(head, cues, reading),
            sentiment=None if reading.sentiment is None else tuple(float(value) for value in reading.sentiment),
            nuances=dict(reading.nuances),
        )
        return in_context(score, read_context(text, context))

    def read(self, text: str, cues: Cues) -> TextReading:
        """The models' numbers for one message without its talk. text: as `tokens.excerpt` gives it."""
        own = self._own.read(text, cues)
        if self._other is None:
            return own
        other = self._other.read(text, cues)
        given = {name: value for name, value in vars(other).items() if value is not None and name != "nuances"}
        return replace(own, **given, nuances={**own.nuances, **other.nuances})

    def _reasons(self, text: str, cues: Cues, reading: TextReading) -> tuple[Feature, ...]:
        """The cues whose removal lowers the frustration cue, by how far it falls, then what the words express."""
        assert reading.frustration is not None and reading.fine is not None
        moved = []
        for feature in explain(cues)[:_TRIED]:
            plain = without(text, feature.name)
            after = self._own.read(plain, read_cues(plain)).frustration
            assert after is not None
            if reading.frustration - after >= _MOVES:
                moved.append(replace(feature, value=reading.frustration - after))
        moved.sort(key=lambda feature: -feature.value)
        chances = {name: float(chance) for name, chance in zip(GOEMOTIONS, reading.fine, strict=True)}
        chances = {name: chance for name, chance in (chances | dict(reading.nuances)).items() if name != "neutral"}
        top = max(chances, key=lambda name: chances[name])
        if chances[top] >= _EXPRESSED:
            moved.append(Feature(top, chances[top], f"the words express {top}"))
        return tuple(moved[:_MAX_FEATURES])
