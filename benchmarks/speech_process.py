"""One recogniser in a process of its own, told over standard input what to hear: python -m benchmarks.speech_process

First line in: {"engine", "model", "shelf", "language", "threads"}; first line out: {"engine", "load_s", "resident_mb"}.
Then a path in, and {"text", "seconds", "cpu_seconds", "audio_seconds", "resident_mb"} out, until the input ends.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any


def main() -> None:
    """Serve until the input ends."""
    asked = json.loads(sys.stdin.readline())
    began = time.perf_counter()
    # Imported here: loading the libraries is part of what a start costs.
    from cli.speech_measure import open_named
    from service import Settings
    from speech import SpeechError, decode

    try:
        setup = replace(
            Settings().speech,
            model=asked["model"],
            shelf=Path(asked["shelf"]) if asked["shelf"] else None,
            language=asked["language"],
            threads=asked["threads"],
        )
        transcriber = open_named(setup, asked["engine"])
    except SpeechError as err:
        _say({"failed": str(err)})
        return
    _say({"engine": transcriber.engine, "load_s": time.perf_counter() - began, "resident_mb": _resident_mb()})
    for line in sys.stdin:
        clip = decode(Path(line.strip()))
        cpu_began = time.process_time()
        heard = transcriber.transcribe(clip)
        _say(
            {
                "text": heard.text,
                "seconds": heard.seconds,
                "cpu_seconds": time.process_time() - cpu_began,
                "audio_seconds": heard.audio_seconds,
                "resident_mb": _resident_mb(),
            }
        )


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _resident_mb() -> float:
    """Memory that is in use now, in millions of bytes; Linux."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
