"""Which network reads faces: `python -m benchmarks.face_backbones --data DATA`, on FER2013's validation file.

The light one that ships, the same with muxspace's noisy crops added, and a heavier residual network, each with the
first round's schedule over a few epochs: docs/decisions/0088-face.md. The untouched fifth is not looked at.
"""

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from emotion.training.face.data import Faces, read_npz
from emotion.training.face.run import load_data

MUXSPACE = Path("faces/muxspace_64.npz")


def main() -> None:
    """Print one JSON object: accuracy on the validation file, weights and seconds by design."""
    import torch

    from emotion.training.face.fit import FIRST_ROUND, fit, logits_of
    from emotion.training.face.network import HEAVY, LIGHT

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with faces/")
    parser.add_argument("--epochs", type=int, default=4, help="of each design; the shipped model took 42")
    given = parser.parse_args()
    torch.set_num_threads(1)
    faces = load_data(given.data)
    more = read_npz(given.data / MUXSPACE)
    both = Faces.join(faces.train, more)
    found = {}
    for name, train, shape in (
        ("light", faces.train, LIGHT),
        ("light, with muxspace", both, LIGHT),
        ("heavy", faces.train, HEAVY),
    ):
        started = time.process_time()
        with TemporaryDirectory() as folder:
            options = replace(FIRST_ROUND, shape=shape, epochs=given.epochs)
            network = fit(train, faces.chosen_on, options, Path(folder) / "checkpoint.pt", say=_tell)
        right = logits_of(network, faces.chosen_on.pixels).argmax(1) == faces.chosen_on.labels
        found[name] = {
            "accuracy": round(float(right.mean()), 4),
            "weights": sum(parameter.numel() for parameter in network.parameters()),
            "cpu_seconds": round(time.process_time() - started),
        }
        _tell(f"{name}: {found[name]}")
    sys.stdout.write(json.dumps({"epochs": given.epochs, "split": "FER2013 PublicTest", "designs": found}) + "\n")


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
