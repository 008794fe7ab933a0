"""Which voice model ships: `python -m benchmarks.voice_choice --data DATA`, on Emo-DB speakers that neither has heard.

Prosody's linear model, the network over the spectrum, and their average: docs/decisions/0082-voice-models.md. With
--write the network is trained on all speakers and written as ONNX, to be looked at; the product does not use it.
"""

import argparse
import json
import sys
from pathlib import Path

from emotion.training.voice.compare import compare_models, write_spectrogram
from service import Settings


def main() -> None:
    """Print one JSON object: mean recall of six labels by model, raw and after five clips of the speaker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with speech_emotion/emodb")
    parser.add_argument("--write", type=Path, help="write the network trained on all speakers to this file")
    given = parser.parse_args()
    cache = Settings().home / "emotion"
    if given.write is not None:
        write_spectrogram(given.data, cache, given.write)
        return
    found = compare_models(given.data, cache, progress=lambda words: sys.stderr.write(f"{words}\n"))
    sys.stdout.write(json.dumps(found.to_dict(), indent=1) + "\n")


if __name__ == "__main__":
    main()
