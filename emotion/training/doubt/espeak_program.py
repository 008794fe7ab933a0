"""Run as a program, `espeak_program.py FOLDER`: a JSON list of jobs on standard input, WAV files where they say.

A job: {"voice", "rate", "pitch", "text", "path"}. Nothing of ours imports it and it imports nothing of ours: espeak-ng
is under the GPL, version 3. Source of the interface: espeak-ng/speak_lib.h.
"""

import ctypes
import json
import sys
import wave
from pathlib import Path
from typing import Any

_SYNCHRONOUS, _DO_NOT_EXIT = 2, 0x8000
_RATE, _PITCH = 1, 3
_BY_CHARACTER, _UTF8 = 1, 1


def main(folder: Path, jobs: list[dict[str, Any]]) -> None:
    """Speak all jobs. Raises: OSError, RuntimeError, KeyError."""
    library = ctypes.CDLL(str(next(folder.glob("libespeak-ng.*"))))
    heard = bytearray()

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)  # type: ignore[untyped-decorator]
    def take(sound: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if sound and count > 0:
            heard.extend(ctypes.string_at(sound, 2 * count))
        return 0

    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, str(folder).encode(), _DO_NOT_EXIT)
    if rate_hz <= 0:
        raise RuntimeError("espeak-ng did not start")
    library.espeak_SetSynthCallback(take)
    for job in jobs:
        heard.clear()
        if library.espeak_SetVoiceByName(job["voice"].encode()) != 0:
            raise RuntimeError(f"espeak-ng has no voice {job['voice']}")
        library.espeak_SetParameter(_RATE, job["rate"], 0)
        library.espeak_SetParameter(_PITCH, job["pitch"], 0)
        text = ctypes.create_string_buffer(job["text"].encode())
        library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        library.espeak_Synchronize()
        with wave.open(job["path"], "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(bytes(heard))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.stdin.read()))
