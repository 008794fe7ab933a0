"""Programs that speak, or break, the protocol of the diarization process; started by path as the real one is."""

import json
import os
import struct
import sys
import time
from pathlib import Path

source, target = sys.stdin.buffer, sys.stdout.buffer


def answer(**header: object) -> None:
    packed = json.dumps(header).encode()
    target.write(len(packed).to_bytes(4, "big") + packed)
    target.flush()


def main(folder: Path) -> None:
    manner = (folder / "manner").read_text()
    if manner == "will not load":
        answer(error="not_loaded", kind="KeyError")
        return
    if manner == "dies at once":
        return
    if manner == "never ready":
        time.sleep(600)
    if manner == "garbage":
        target.write(b"Loading models, please wait ...\n" * 100)
        target.flush()
        time.sleep(600)
    answer(ready=True)
    while head := source.read(4):
        header = json.loads(source.read(int.from_bytes(head, "big")))
        samples = source.read(4 * header["samples"])
        number = header["id"]
        if manner == "dies":
            os._exit(9)
        if manner == "slow":
            while not (folder / "go").exists():
                time.sleep(0.01)
        if manner == "hangs":
            time.sleep(600)
        if manner == "nonsense turns":
            answer(id=number, turns=[[5, 1, "a"], "x"])
        elif manner == "huge":
            target.write((2**31).to_bytes(4, "big") + b"x" * 1000)
            target.flush()
        elif manner == "fails":
            answer(id=number, error="failed", kind="RuntimeError")
        else:
            answer(id=number - 1, turns=[[0, 0.1, "an answer to something else"]])
            loudest = max(struct.unpack(f"<{header['samples']}f", samples), default=0.0)
            answer(id=number, turns=[[0.0, round(header["samples"] / 16_000, 3), f"loudest {loudest:.2f}"]])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
