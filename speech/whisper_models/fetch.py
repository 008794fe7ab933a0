"""Fetches one large file: resumes after a cut, and keeps it only if its checksum is right."""

import errno
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from speech.errors import TranscriberError

Progress = Callable[[int, int | None], None]
"""Told bytes so far and in all (None if the server does not say)."""

_TIMEOUT: Final = httpx.Timeout(30.0)
# A cut is tried again after so many seconds; a later command goes on from where the last one stopped.
_PAUSES_S: Final = (1.0, 3.0)
# Beside the file itself, converting needs a copy in half precision and the converted model.
_ROOM: Final = 2.2


def fetch(url: str, sha256: str, target: Path, *, progress: Progress = lambda _so_far, _all: None) -> Path:
    """The file at `target`, complete and right. What came before a cut is kept as TARGET.part and not fetched again.

    sha256: hexadecimal. Raises: TranscriberError (code offline, not_found, server, checksum, disk_full).
    """
    if target.is_file() and checksum(target) == sha256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    pauses = iter(_PAUSES_S)
    while True:
        try:
            _go_on(url, part, progress)
            break
        except httpx.TransportError as err:
            pause = next(pauses, None)
            if pause is None:
                raise _offline(url, part, err) from None
            time.sleep(pause)
        except OSError as err:
            if err.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise _disk_full(part, "it became full") from None
    found = checksum(part)
    if found != sha256:
        part.unlink()
        raise TranscriberError(
            f"{url} has the checksum {found[:16]}…; expected {sha256[:16]}…. The file was thrown away: it is damaged "
            "or another one. Run the command again.",
            code="checksum",
        )
    part.replace(target)
    return target


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _go_on(url: str, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    # Compressed transfer would make the byte positions useless.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with (
        httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            # Nothing is left to fetch, or the part is no part of this file: the checksum tells.
            return
        _check(url, answer)
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT and _begins_at(answer) == have
        so_far = have if resumed else 0
        length = answer.headers.get("Content-Length", "")
        total = so_far + int(length) if length.isdigit() else None
        _check_disk(part, (total or 0) - so_far, total or 0)
        with part.open("ab" if resumed else "wb") as file:
            progress(so_far, total)
            for piece in answer.iter_raw():
                file.write(piece)
                so_far += len(piece)
                progress(so_far, total)


def _begins_at(answer: httpx.Response) -> int | None:
    _, _, told = answer.headers.get("Content-Range", "").partition("bytes ")
    start = told.partition("-")[0]
    return int(start) if start.isdigit() else None


def _check(url: str, answer: httpx.Response) -> None:
    if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        raise TranscriberError(
            f"{url} is not there (status {answer.status_code}); expected the model's file. Get it another way and run: "
            "attune speech model add FILE.pt",
            code="not_found",
        )
    if not answer.is_success:
        raise TranscriberError(f"{url} answered with status {answer.status_code}. Try again later.", code="server")


def _check_disk(part: Path, rest: int, total: int) -> None:
    need = rest + int(_ROOM * total)
    free = shutil.disk_usage(part.parent).free
    if need > free:
        raise _disk_full(part, f"{free / 1e6:.0f} MB are free and fetching and converting needs {need / 1e6:.0f} MB")


def _disk_full(part: Path, why: str) -> TranscriberError:
    return TranscriberError(
        f"not enough room on the disk of {part.parent}: {why}. Free some and run the command again; it goes on from "
        "where it stopped.",
        code="disk_full",
    )


def _offline(url: str, part: Path, err: httpx.TransportError) -> TranscriberError:
    have = part.stat().st_size if part.exists() else 0
    kept = f" {have / 1e6:.0f} MB are kept, and the next run goes on from there." if have else ""
    return TranscriberError(
        f"{url} cannot be reached or broke off ({type(err).__name__}).{kept} Run the command again when the network is "
        "there, or fetch the file elsewhere and run: attune speech model add FILE.pt",
        code="offline",
    )
