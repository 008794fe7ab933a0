"""What the customer's face says in the pictures of one turn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.face.affect import valence_arousal
from emotion.face.crop import crop_face, network_input
from emotion.face.detect import Detector
from emotion.face.engines import FaceEngine, open_face_engine
from emotion.face.pooling import pool
from emotion.face.quality import NO_FACE, SEVERAL_FACES, TURNED, judge, why_nothing_is_seen
from vocabulary import LABELS, Absent, Feature, Frame, Modality, ModalityScore

NO_FRAMES: Final = "no picture"
MOST_FRAMES: Final = 5
"""Pictures of one turn that are read; of more, these many at even distances."""
ENGAGEMENT_FRAMES: Final = 3
"""From this many pictures on, the share that looks this way says something; a single one is chosen by its sender."""

_REGIONS: Final = {
    "brows": (slice(8, 25), "mostly the eyes and brows"),
    "mouth": (slice(29, 46), "mostly the mouth"),
}
_TELLING: Final = 0.1
_NEGATIVE: Final = {"anger": 1.0, "disgust": 0.5}


@dataclass(frozen=True)
class _Seen:
    """face: uint8 (48, 48), or None with the reason. weight: how much this picture counts."""

    face: NDArray[np.uint8] | None
    reason: str = ""
    weight: float = 0.0


class FaceScorer:
    """Scores the pictures of one turn. Safe to share between threads.

    model_dir: model.onnx and meta.json as `attune emotion train face` writes them. weights_dir: where DeepFace's
    emotion network may lie; it is preferred where it does, and nothing is ever downloaded. Raises: ModelError.
    """

    def __init__(self, model_dir: Path, *, weights_dir: Path | None = None) -> None:
        self._network: FaceEngine = open_face_engine(model_dir, weights_dir)
        self._detector = Detector()
        self.engine = self._network.name

    def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent:
        """One reading of one face; Absent, with the commonest reason, when no picture can be read.

        A picture with a second person is never read, whoever of them is the customer. Expression only: no identity,
        no micro-expressions, no direction of gaze. Source: docs/decisions/0088-face.md; figures in
        models/face_emotion/card.md.
        """
        if not frames:
            return Absent(NO_FRAMES)
        seen = [self._see(frame) for frame in _spread(frames)]
        read = [(one.face, one.weight) for one in seen if one.face is not None]
        if not read:
            return Absent(Counter(one.reason for one in seen).most_common(1)[0][0])
        faces, weights = np.stack([face for face, _ in read]), [weight for _, weight in read]
        readings, plain = self._network.both(faces)
        pooled = pool(readings, weights)
        best = int(np.argmax(np.asarray(weights) * readings[:, pooled.argmax()]))
        valence, arousal = valence_arousal(pooled)
        return ModalityScore(
            modality=Modality.FACE,
            probabilities=tuple(float(value) for value in pooled / pooled.sum()),
            confidence=float(pooled.max()),
            arousal=arousal,
            valence=valence,
            frustration_cue=_frustration(pooled),
            known_labels=LABELS,
            features=self._explain(faces, plain, best, int(pooled.argmax()), len(seen)),
            engagement=_engagement(seen),
        )

    def _see(self, frame: Frame) -> _Seen:
        import cv2

        grey = np.asarray(cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        looked = self._detector.look(grey)
        if not looked.faces:
            return _Seen(None, TURNED if looked.aside else why_nothing_is_seen(grey))
        if len(looked.faces) > 1:
            return _Seen(None, SEVERAL_FACES)
        crop = crop_face(grey, looked.faces[0])
        quality = judge(crop, looked.faces[0])
        if quality.reason is not None:
            return _Seen(None, quality.reason)
        return _Seen(network_input(crop), weight=quality.weight)

    def _explain(
        self, faces: NDArray[np.uint8], plain: NDArray[np.float64], best: int, label: int, pictures: int
    ) -> tuple[Feature, ...]:
        """Which part of the best picture carries the label: hidden, the probability falls by the feature's value."""
        hidden = np.repeat(faces[best][None], len(_REGIONS), axis=0)
        for row, (rows, _) in enumerate(_REGIONS.values()):
            hidden[row, rows] = round(float(faces[best].mean()))
        found = self._network.quick(hidden)[:, label]
        falls = {name: float(plain[best, label] - found[row]) for row, name in enumerate(_REGIONS)}
        name = max(falls, key=lambda one: falls[one])
        features = [Feature(name, falls[name], _REGIONS[name][1])] if falls[name] >= _TELLING else []
        if pictures > 1:
            features.append(Feature("pictures_read", float(len(faces)), f"read in {len(faces)} of {pictures} pictures"))
        return tuple(features)


def _spread(frames: Sequence[Frame]) -> list[Frame]:
    if len(frames) <= MOST_FRAMES:
        return list(frames)
    return [frames[round(position)] for position in np.linspace(0, len(frames) - 1, MOST_FRAMES)]


def _engagement(seen: Sequence[_Seen]) -> float | None:
    """Share of the pictures in which the face looks this way, of those where that could be seen; None for fewer."""
    away = sum(one.reason in (TURNED, NO_FACE) for one in seen if one.face is None)
    here = sum(one.face is not None for one in seen)
    return here / (here + away) if here + away >= ENGAGEMENT_FRAMES else None


def _frustration(pooled: NDArray[np.float64]) -> float:
    """Anger, and half of disgust: what the voice scorer counts, too."""
    return float(np.clip(sum(pooled[LABELS.index(label)] * share for label, share in _NEGATIVE.items()), 0.0, 1.0))
