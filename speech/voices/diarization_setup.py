"""Whether diarization can be used here, and what a person has to do for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DIARIZATION_TERMS_URL: Final = "https://hf.co/pyannote/speaker-diarization-community-1"
DIARIZATION_REPOSITORY: Final = "pyannote/speaker-diarization-community-1"
NAME: Final = "pyannote.audio 4"
_ROOT = Path(__file__).resolve().parents[2]
PROGRAM: Final = Path(__file__).with_name("diarizer_process.py")
PYTHON: Final = _ROOT / ".venvs" / "diarization" / "bin" / "python"
# As community-1 has them; a pipeline of other parts names them in its config.yaml and needs them there.
PARTS: Final = (
    "config.yaml",
    "segmentation/pytorch_model.bin",
    "embedding/pytorch_model.bin",
    "plda/plda.npz",
    "plda/xvec_transform.npz",
)


@dataclass(frozen=True)
class DiarizationSetup:
    """Where diarization lives and how much it may use.

    pipeline: folder with config.yaml. python: of the environment with pyannote.audio.
    budget_s: longest wait of one turn. hang_s: after this long without an answer the process is stopped.
    load_s: after this long without being ready it is stopped. max_seconds: of one clip. memory_mb: of the process.
    """

    pipeline: Path
    python: Path = PYTHON
    program: Path = PROGRAM
    budget_s: float = 8.0
    hang_s: float = 120.0
    load_s: float = 120.0
    max_seconds: float = 120.0
    memory_mb: int = 6000
    threads: int = 1


def pipeline_missing(setup: DiarizationSetup) -> str | None:
    """What is missing, in words; None if diarization can be started. Loads nothing."""
    if not setup.python.is_file():
        return "its environment is not installed"
    absent = [part for part in PARTS if not (setup.pipeline / part).is_file()]
    if len(absent) == len(PARTS):
        return f"no pipeline in {setup.pipeline}"
    return f"{setup.pipeline} lacks {', '.join(absent)}" if absent else None


def describe_diarization(setup: DiarizationSetup) -> tuple[str, str | None, str]:
    """(what is in use, what would be better or None, what to do), for `attune doctor`."""
    missing = pipeline_missing(setup)
    if missing is None:
        return f"{NAME}, {setup.pipeline}", None, "asked when a second voice is suspected; its own process"
    steps = [
        "run: make diarization" if not setup.python.is_file() else "",
        f"accept the terms at {DIARIZATION_TERMS_URL}",
        "run: attune speech diarization add --token YOUR_TOKEN",
        f"or download that repository elsewhere into {setup.pipeline}",
    ]
    words = f"{missing}; a clip with a suspected second voice is not scored. For more: "
    return "suspicion of a second voice only (own encoder, ONNX)", NAME, words + ", ".join(s for s in steps if s)
