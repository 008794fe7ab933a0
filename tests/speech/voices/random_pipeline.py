"""Writes a diarization pipeline of untrained networks in the layout of community-1: for plumbing, not for accuracy.

Runs in .venvs/diarization: python tests/speech/voices/random_pipeline.py FOLDER
"""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]

CONFIG = """\
dependencies:
  pyannote.audio: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: $model/segmentation
    segmentation_batch_size: 8
    embedding: $model/embedding
    embedding_batch_size: 8
    embedding_exclude_overlap: true
    plda: $model/plda
params:
  clustering:
    threshold: 0.6
    Fa: 0.07
    Fb: 0.8
  segmentation:
    min_duration_off: 0.0
"""


def main(folder: Path) -> None:
    """Write segmentation, embedding, PLDA and config.yaml; the same files every time."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    sys.path.insert(0, str(ROOT / "speech" / "voices"))
    import diarizer_process

    diarizer_process.without_torchaudio_extension()
    import numpy as np
    import torch
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import XVectorMFCC
    from pyannote.audio.models.segmentation import PyanNet
    from scipy.linalg import qr

    torch.manual_seed(3)
    for part in ("segmentation", "embedding", "plda"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    segmentation = PyanNet(lstm={"hidden_size": 16, "num_layers": 1}, linear={"hidden_size": 16, "num_layers": 1})
    segmentation.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=10.0,
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    segmentation.build()
    with torch.no_grad():
        # An untrained network hardly reacts to its input; a steep last layer makes its decisions change with it.
        segmentation.classifier.weight *= 100.0
    save(segmentation, folder / "segmentation")
    # community-1 has a WeSpeaker ResNet34 here; this one takes a tenth of its time.
    embedding = XVectorMFCC(dimension=64)
    embedding.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0, classes=["a", "b"]
    )
    embedding.build()
    save(embedding, folder / "embedding")
    draw = np.random.default_rng(3)
    dimension, kept = 64, 32
    basis, _ = qr(draw.normal(size=(dimension, dimension)))
    np.savez(
        folder / "plda" / "xvec_transform.npz",
        mean1=np.zeros(dimension),
        mean2=np.zeros(kept),
        lda=np.ascontiguousarray(basis[:, :kept]),
    )
    rotation, _ = qr(draw.normal(size=(kept, kept)))
    np.savez(folder / "plda" / "plda.npz", mu=np.zeros(kept), tr=rotation, psi=np.linspace(4.0, 0.1, kept))
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")


def save(model: Any, folder: Path) -> None:
    """In the form of a Lightning checkpoint, as the published models have it."""
    import torch

    checkpoint: dict[str, object] = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": "2.6.6",
        "epoch": 0,
        "global_step": 0,
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, folder / "pytorch_model.bin")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
