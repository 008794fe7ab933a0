"""The networks that can read a face, and which of them does.

DeepFace's emotion network is taken where a person has put its file; it is read as DeepFace's own ONNX backend reads
it, without that package: its import brings TensorFlow's face detector and downloads on its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError
from emotion.model_files import open_model, open_session

REVISION: Final = 1
DEEPFACE_FILE: Final = "facial_expression_model_weights.onnx"
"""The file's name in DeepFace 0.0.103 (MIT; weights trained on FER2013)."""
DEEPFACE_CONFIDENCE_LIMIT: Final = 0.6
"""How much DeepFace's own view counts against equal shares: published accuracy .574, calibration unknown here."""

_Faces = NDArray[np.uint8]


_SEEN: Final = 44
_VIEWS: Final = ((0, 0, False), (4, 0, False), (4, 4, True), (0, 4, True))
"""Top, left and whether mirrored, of the 44 × 44 pixels that the network sees: it learnt from such parts. Four views
beat the middle and its mirror image on the validation file, .660 to .657; ten do no better."""


class FaceEngine(Protocol):
    """faces: uint8 (n, 48, 48), grey. Result: (n, 7) in the order of LABELS, rows summing to 1."""

    name: str

    def probabilities(self, faces: _Faces) -> NDArray[np.float64]: ...

    def quick(self, faces: _Faces) -> NDArray[np.float64]:
        """A cheaper reading, to compare parts of one face with each other."""
        ...

    def both(self, faces: _Faces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What probabilities() and quick() say, in one go."""
        ...


class OwnNetwork:
    """The network that ships.

    model_dir: model.onnx and meta.json of `attune emotion train face`. Raises: ModelError.
    """

    name = "own model, ONNX"

    def __init__(self, model_dir: Path) -> None:
        self._model = open_model(model_dir, kind="face", revision=REVISION)
        try:
            self._temperature = float(self._model.meta["temperature"])
        except (KeyError, TypeError, ValueError):
            raise ModelError(
                f"{model_dir} has no temperature in its meta.json; expected a number above 0. "
                "Make it again with `attune emotion train face`."
            ) from None

    def probabilities(self, faces: _Faces) -> NDArray[np.float64]:
        """The mean over four views of each face, two of them mirrored, at the calibrated temperature."""
        return self.both(faces)[0]

    def both(self, faces: _Faces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        logits = self._logits(np.concatenate([_view(faces, *place) for place in _VIEWS]))
        views = logits.reshape(len(_VIEWS), len(faces), -1) / self._temperature
        return _softmax(views.mean(axis=0)), _softmax(views[0])

    def quick(self, faces: _Faces) -> NDArray[np.float64]:
        """The first view alone."""
        return _softmax(self._logits(_view(faces, *_VIEWS[0])) / self._temperature)

    def _logits(self, faces: _Faces) -> NDArray[np.float64]:
        (logits,) = self._model.run(["logits"], {"faces": faces[:, None].astype(np.float32)})
        return logits.astype(np.float64)


class DeepFaceNetwork:
    """DeepFace's emotion network from its ONNX file. Raises: ModelError.

    Its labels angry, disgust, fear, happy, sad, surprise, neutral stand in the order of ours. Input: grey 48 × 48
    divided by 255, as its `analyze` hands faces over.
    """

    name = "DeepFace's emotion network, ONNX"

    def __init__(self, path: Path) -> None:
        try:
            self._session = open_session(path)
            self._input = self._session.get_inputs()[0].name
            shape = self._probabilities(np.zeros((1, 48, 48), dtype=np.uint8)).shape
        except Exception as error:  # noqa: BLE001 - onnxruntime raises bare Exception subclasses of its own
            raise ModelError(
                f"{path} cannot be used ({type(error).__name__}); expected DeepFace's {DEEPFACE_FILE}. "
                "Put the right file there, or remove it."
            ) from None
        if shape != (1, 7):
            raise ModelError(f"{path} answers with shape {shape}; expected (1, 7), as DeepFace's emotion network does.")

    def probabilities(self, faces: _Faces) -> NDArray[np.float64]:
        """Drawn towards equal shares by DEEPFACE_CONFIDENCE_LIMIT."""
        return DEEPFACE_CONFIDENCE_LIMIT * self._probabilities(faces) + (1 - DEEPFACE_CONFIDENCE_LIMIT) / 7

    def quick(self, faces: _Faces) -> NDArray[np.float64]:
        return self.probabilities(faces)

    def both(self, faces: _Faces) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        found = self.probabilities(faces)
        return found, found

    def _probabilities(self, faces: _Faces) -> NDArray[np.float64]:
        (found,) = self._session.run(None, {self._input: faces[..., None].astype(np.float32) / np.float32(255)})
        found = np.asarray(found, dtype=np.float64)
        return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12))


def _view(faces: _Faces, top: int, left: int, mirrored: bool) -> _Faces:
    turned = faces[:, :, ::-1] if mirrored else faces
    return turned[:, top : top + _SEEN, left : left + _SEEN]


@dataclass(frozen=True)
class FaceEngineStatus:
    """For doctor. engine: None when none can be used. note: why this one. is_first_choice: there is no better one."""

    engine: str | None
    note: str
    is_first_choice: bool = False


def open_face_engine(model_dir: Path, weights_dir: Path | None) -> OwnNetwork | DeepFaceNetwork:
    """DeepFace's network where weights_dir holds its file, else the own one; nothing is ever downloaded.

    A DeepFace file that cannot be used is an error, never silently replaced. Raises: ModelError.
    """
    path = deepface_file(weights_dir)
    return OwnNetwork(model_dir) if path is None else DeepFaceNetwork(path)


def describe_face(model_dir: Path, weights_dir: Path | None) -> FaceEngineStatus:
    """Which engine reads faces, and why."""
    try:
        engine = open_face_engine(model_dir, weights_dir)
    except ModelError as error:
        return FaceEngineStatus(None, str(error))
    if isinstance(engine, DeepFaceNetwork):
        return FaceEngineStatus(engine.name, f"its weights are in {weights_dir}", is_first_choice=True)
    where = f"{weights_dir} holds no {DEEPFACE_FILE}" if weights_dir else "no folder of DeepFace's weights is set"
    return FaceEngineStatus(engine.name, f"{where}; figures in models/{model_dir.name}/card.md")


def deepface_file(weights_dir: Path | None) -> Path | None:
    """The file, in this folder or where DeepFace itself keeps it below its home; None if it is in neither."""
    if weights_dir is None:
        return None
    places = (weights_dir / DEEPFACE_FILE, weights_dir / ".deepface" / "weights" / DEEPFACE_FILE)
    return next((place for place in places if place.is_file()), None)


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
