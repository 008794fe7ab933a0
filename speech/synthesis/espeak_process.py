"""Run as a program, `espeak_process.py FOLDER [PACE]`: text on standard input, a WAV file on standard output.

Nothing of ours imports it and it imports nothing of ours: espeak-ng is under the GPL, version 3.
Source of the interface: espeak-ng/speak_lib.h.
"""

import ctypes
import io
import sys
import wave
from pathlib import Path

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_RATE, _WORDS_PER_MINUTE = 1, 160
_BY_CHARACTER = 1
# Neither the flag for SSML (0x10) nor the one for phonemes in brackets (0x100): text is only read.
_UTF8, _END_PAUSE = 1, 0x1000
_VOICE = b"en-us"
_MOST_SAMPLES = 8_000_000


def main(folder: Path, text: bytes, pace: float = 1.0) -> bytes:
    """The text as a WAV file, pace times as fast as usual. Raises: OSError, RuntimeError."""
    library = ctypes.CDLL(str(next(folder.glob("libespeak-ng.*"))))
    samples = io.BytesIO()

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)  # type: ignore[untyped-decorator]
    def take(sound: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
        if sound and count > 0:
            samples.write(ctypes.string_at(sound, 2 * count))
        return int(samples.tell() > 2 * _MOST_SAMPLES)

    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, str(folder).encode(), _DO_NOT_EXIT)
    if rate_hz <= 0:
        raise RuntimeError("espeak-ng did not start")
    library.espeak_SetSynthCallback(take)
    library.espeak_SetParameter(_RATE, round(_WORDS_PER_MINUTE * pace), 0)
    if library.espeak_SetVoiceByName(_VOICE) != 0:
        raise RuntimeError("espeak-ng has no English voice")
    given = ctypes.create_string_buffer(text)
    flags = _UTF8 | _END_PAUSE
    if library.espeak_Synth(given, ctypes.c_size_t(len(given)), 0, _BY_CHARACTER, 0, flags, None, None) != 0:
        raise RuntimeError("espeak-ng did not speak")
    library.espeak_Synchronize()
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.getvalue())
    return written.getvalue()


if __name__ == "__main__":
    given_pace = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    sys.stdout.buffer.write(main(Path(sys.argv[1]), sys.stdin.buffer.read(), given_pace))
