"""openSMILE and Praat in the environment of `make bench`, told over standard input what to measure; run by path.

First line in: {"clips": path}, an .npz of float32 clips at 16 kHz named by number; first line out:
{"peers", "sets"}: their versions, openSMILE's sets. Then {"do", "clip", …} in and one JSON object out, until the input
ends. Times are seconds of the processor, all threads together: other work on the machine does not count.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

# Before numpy is loaded: one thread is what is compared.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import opensmile
import parselmouth
from parselmouth.praat import call

RATE_HZ = 16_000
FLOOR_HZ, CEILING_HZ = 60.0, 500.0
SETS = ("eGeMAPSv02", "ComParE_2016")


def main() -> None:
    """Serve until the input ends."""
    asked = json.loads(sys.stdin.readline())
    with np.load(asked["clips"]) as stored:
        clips = [stored[str(number)] for number in range(len(stored.files))]
    smiles = {name: _smile(name) for name in SETS}
    _say({"peers": {"opensmile": opensmile.__version__, "praat": parselmouth.PRAAT_VERSION}, "sets": SETS})
    for line in sys.stdin:
        asked = json.loads(line)
        clip = clips[asked["clip"]]
        if asked["do"] == "opensmile":
            _say(_timed(smiles[asked["set"]].process_signal, clip, RATE_HZ)[0])
        elif asked["do"] == "praat":
            spent, found = _timed(_quality, clip)
            _say(spent | found)
        else:
            _say(_pitch(clip))


def _smile(name: str) -> "opensmile.Smile":
    smile = opensmile.Smile(opensmile.FeatureSet[name], opensmile.FeatureLevel.Functionals, num_workers=1)
    smile.process_signal(np.zeros(RATE_HZ, dtype=np.float32), RATE_HZ)
    return smile


def _quality(clip: "np.ndarray[Any, Any]") -> dict[str, float]:
    """Pitch, intensity, harmonicity, jitter and shimmer as Praat's manual has them."""
    sound = parselmouth.Sound(clip.astype(np.float64), RATE_HZ)
    pitch = sound.to_pitch_ac(time_step=0.01, pitch_floor=FLOOR_HZ, pitch_ceiling=CEILING_HZ)
    pulses = call([sound, pitch], "To PointProcess (cc)")
    sound.to_intensity(minimum_pitch=FLOOR_HZ, time_step=0.01)
    harmonicity = sound.to_harmonicity_cc(time_step=0.01, minimum_pitch=FLOOR_HZ)
    return {
        "jitter": call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3),
        "shimmer": call([sound, pulses], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6),
        "hnr_db": call(harmonicity, "Get mean", 0, 0),
    }


def _pitch(clip: "np.ndarray[Any, Any]") -> dict[str, list[float]]:
    """To Pitch (ac) with the floor and the ceiling set, all else left as it is."""
    sound = parselmouth.Sound(clip.astype(np.float64), RATE_HZ)
    pitch = sound.to_pitch_ac(pitch_floor=FLOOR_HZ, pitch_ceiling=CEILING_HZ)
    return {"times_s": pitch.xs().tolist(), "hz": pitch.selected_array["frequency"].tolist()}


def _timed(work: Callable[..., Any], *given: Any) -> tuple[dict[str, float], Any]:
    began = time.process_time()
    result = work(*given)
    return {"seconds": time.process_time() - began}, result


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
