"""Runs a synthesiser's program for one sentence, within limits of time and size."""

import asyncio
import contextlib
import os
import resource
import signal
import tempfile
from collections.abc import Iterator, Sequence
from typing import Final

from speech.errors import VoiceError

LONGEST_S: Final = 15.0
"""What one sentence may take. flite and espeak-ng need 0.1 s, Piper about a second."""
MOST_BYTES: Final = 16 * 1024 * 1024
# No variable of ours is a program's business; programs are named by their full path.
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


async def run_program(
    command: Sequence[str], text: str, *, longest_s: float = LONGEST_S, most_bytes: int = MOST_BYTES
) -> bytes:
    """What the program writes to its standard output for the text on its standard input.

    The text is on no command line, where other users of the machine could read it, and the sound in no named file.
    Cancelling kills the program. Raises: VoiceError (voice_slow, voice_failed).
    """
    # Files instead of pipes: flite goes back in its output to complete the header, and it opens /dev/stdin, which fails
    # on the sockets that uvloop makes.
    with _nameless_file() as given, _nameless_file() as output:
        _write(given, text.encode())
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=given,
                stdout=output,
                stderr=asyncio.subprocess.DEVNULL,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        except OSError as err:
            raise VoiceError(
                f"{command[0]} does not start ({err.strerror}). Run: attune doctor", code="voice_failed"
            ) from None
        try:
            _limit_output(process.pid, most_bytes)
            async with asyncio.timeout(longest_s):
                await process.wait()
        except TimeoutError:
            raise VoiceError(
                f"the voice took more than {longest_s:g} s for a sentence. Try again, or choose another voice.",
                code="voice_slow",
            ) from None
        finally:
            await _end(process)
        written = os.fstat(output).st_size
        if process.returncode != 0 or written > most_bytes:
            raise VoiceError(
                f"{command[0]} ended with {process.returncode} after {written:,} bytes; expected 0 and at most "
                f"{most_bytes:,} bytes. Run: attune doctor",
                code="voice_failed",
            )
        return os.pread(output, written, 0)


@contextlib.contextmanager
def _nameless_file() -> Iterator[int]:
    """A file descriptor of memory where the system has that, else of a file without a name."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("speech")
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    else:
        with tempfile.TemporaryFile() as file:
            yield file.fileno()


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
    os.lseek(descriptor, 0, os.SEEK_SET)


def _limit_output(pid: int, most_bytes: int) -> None:
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the program and what it started, unless it has ended."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
