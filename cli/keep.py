"""`python -m cli.keep NAME COMMAND…`: runs a process again when it dies; gives up when it cannot stay alive."""

import signal
import subprocess
import sys
import time
from collections import deque
from types import FrameType
from typing import Final

RESTARTS: Final = 5
WINDOW_S: Final = 60.0
# A process that says so itself (taken port, missing setting) will not start better a second time.
USAGE_STATUS: Final = 2


def keep(name: str, command: list[str]) -> int:
    """Run until stopped (0) or until the process died too often (its last status)."""
    stopping = False
    child: subprocess.Popen[bytes] | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    deaths: deque[float] = deque(maxlen=RESTARTS)
    while True:
        child = subprocess.Popen(command)
        status = child.wait()
        if stopping:
            return 0
        deaths.append(time.monotonic())
        if status == USAGE_STATUS:
            _say(f"{name} could not start; its message stands above. Stopping the rest.")
            return status
        if len(deaths) == RESTARTS and deaths[-1] - deaths[0] < WINDOW_S:
            _say(f"{name} died {RESTARTS} times within {WINDOW_S:.0f} s (last status {status}). Stopping the rest.")
            return status if status > 0 else 1
        _say(f"{name} stopped unexpectedly (status {status}); starting it again.")
        time.sleep(min(0.5 * len(deaths), 2.0))


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.stderr.write("usage: python -m cli.keep NAME COMMAND…\n")
        raise SystemExit(USAGE_STATUS)
    raise SystemExit(keep(sys.argv[1], sys.argv[2:]))
