"""A model folder: an ONNX file and meta.json beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import ModelError

MODEL_FILE: Final = "model.onnx"
META_FILE: Final = "meta.json"


@dataclass(frozen=True)
class ModelFolder:
    """meta: what training wrote (format, made for which encoder, constants that go with the weights)."""

    meta: Mapping[str, Any]
    session: Any

    def run(self, outputs: list[str], inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        """One pass; every array has a leading batch axis."""
        return [np.asarray(output) for output in self.session.run(outputs, dict(inputs))]


def open_model(folder: Path, *, kind: str, revision: int) -> ModelFolder:
    """Load a model of this kind and format revision. Raises: ModelError."""
    meta = read_meta(folder, kind=kind, revision=revision)
    try:
        session = open_session(folder / MODEL_FILE)
    except Exception as error:  # noqa: BLE001 - onnxruntime raises bare Exception subclasses of its own
        raise ModelError(f"{folder / MODEL_FILE} cannot be loaded ({type(error).__name__}). {_remake(kind)}") from None
    return ModelFolder(meta, session)


def open_session(path: Path) -> Any:
    """An onnxruntime session on one thread. Raises whatever onnxruntime does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # A head of some ten thousand weights is faster without handing work to other threads.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def read_meta(folder: Path, *, kind: str, revision: int) -> Mapping[str, Any]:
    """What training wrote beside a model of this kind and format revision. Raises: ModelError."""
    try:
        meta = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        found = (meta["kind"], int(meta["revision"]))
    except FileNotFoundError:
        raise ModelError(f"{folder} holds no {kind} emotion model. {_remake(kind)}") from None
    except (ValueError, KeyError, TypeError):
        raise ModelError(f"{folder / META_FILE} cannot be read. {_remake(kind)}") from None
    if found != (kind, revision):
        raise ModelError(
            f"{folder} holds a model of kind and revision {found}; expected {(kind, revision)}. {_remake(kind)}"
        )
    return dict(meta)


def _remake(kind: str) -> str:
    return f"Make it again with `attune emotion train {kind}`."
