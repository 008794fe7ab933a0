"""A new base in the background, while searches and changes go on."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread, get_native_id
from typing import Final

import numpy as np

from recommender.embedding.vectors import TextVectors
from recommender.errors import RecommenderError
from recommender.index.base import Draft, build_base
from recommender.index.files import writing
from recommender.index.view import View

log = logging.getLogger(__name__)

OVERLAY_ROWS: Final = 2_000
OVERLAY_SHARE: Final = 0.05
"""A base is due when more than both of its rows are new. So many are compared in under half a millisecond."""

STALE_SHARE: Final = 0.3
"""Or when so many of its rows belong to no item any more."""

_MERGE_LOCK: Final = "merge.lock"
_NICENESS: Final = 10

Adopt = Callable[[Draft, TextVectors], None]


def needs_merge(view: View) -> bool:
    """Whether so much has changed since the base was built that searches become slower."""
    held = 0 if view.base is None else len(view.base.rows)
    return len(view.overlay) > max(OVERLAY_ROWS, OVERLAY_SHARE * held) or view.stale > max(
        OVERLAY_ROWS, STALE_SHARE * held
    )


class Merger:
    """Builds at most one base at a time, for all processes together."""

    def __init__(self, folder: Path, exact_up_to: int) -> None:
        self._folder = folder
        self._exact_up_to = exact_up_to
        self._guard = Lock()
        self._thread: Thread | None = None
        self.failure: str | None = None

    @property
    def is_running(self) -> bool:
        thread = self._thread
        return thread is not None and thread.is_alive()

    def start(self, view: View, vectors: TextVectors, adopt: Adopt) -> None:
        """Begin, unless this or another process is at it already. adopt: takes the base over, in the thread."""
        with self._guard:
            if not self.is_running:
                # A daemon: who wants to leave need not wait, and a half-made base is nobody's.
                self._thread = Thread(target=self._run, args=(view, vectors, adopt), name="index-merge", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Until nothing is being built here."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def build(self, view: View, vectors: TextVectors) -> Draft:
        """A base of everything that lives in this view."""
        rows = np.flatnonzero(view.slot_of_row >= 0).astype(np.int64)
        return build_base(self._folder, vectors.matrix, rows, exact_up_to=self._exact_up_to)

    def _run(self, view: View, vectors: TextVectors, adopt: Adopt) -> None:
        import faiss

        # On Linux a thread has a priority of its own; threads of OpenMP would not, so there are none.
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)
        faiss.omp_set_num_threads(1)
        try:
            with writing(self._folder, name=_MERGE_LOCK, wait=False) as mine:
                if mine:
                    adopt(self.build(view, vectors), vectors)
            self.failure = None
        except (OSError, RuntimeError, RecommenderError) as error:
            self.failure = type(error).__name__
            log.warning("a new base of the index could not be built; the old one stays", extra={"error": self.failure})
