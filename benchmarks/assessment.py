"""What one turn's assessment costs: words, voice and face scored, fused and decided, on one thread of one core."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class AssessmentBenchError(Exception):
    """The bench could not measure."""

    code = "bench_failed"


def bench_assessment(turns: int = 100) -> dict[str, Any]:
    """Measure in a process of its own, pinned to one core.

    Result: p50_ms and p95_ms of a whole turn; cpu_…: its processor time, which other programs do not stretch; p50 of
    each part, added_memory_mb (resident memory after the turns over
    that of the bare interpreter, so libraries count as well), torch (whether anything imported it).
    Raises: AssessmentBenchError.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.assessment_process", str(turns)],
        cwd=REPOSITORY,
        env={**os.environ, **_ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssessmentBenchError(f"the measured process ended with {done.returncode}: {done.stderr[-600:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result
