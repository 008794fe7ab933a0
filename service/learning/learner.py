"""When is learned: at night what is new, and at once without whoever took something back or was erased."""

import asyncio
import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from recommender import TASTE_FILE
from service.learning.refit import Learned, forget_learned, learned_so_far, wait_for_fit
from store import Database, StoreError, StoreSettings

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 60.0
_LONGEST_S: Final = 3600.0
_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_PASSED_ON: Final = ("home", "database_url", "key_file", "key_command")


class LearningFailed(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """The process that learns has ended without a result."""

    code = "learning_failed"
    retryable = True


class Learner:
    """Learns for one installation. Several may: what one has fitted the others see by its note.

    learn_at: time of day (UTC) as "03:30"; empty: nothing new is learned by itself.
    """

    def __init__(self, settings: StoreSettings, db: Database, *, learn_at: str = "") -> None:
        self._settings = settings
        self._db = db
        self._at = learn_at
        self._turn = asyncio.Lock()
        self._failed: str | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Begin to look after it."""
        self._keep(self._look(), "learning from behaviour")

    async def stop(self) -> None:
        """End at once; a fit that is under way is given up, and the model before it stays."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_learning(self) -> bool:
        """Whether a fit is under way here."""
        return self._turn.locked()

    def learn_soon(self) -> None:
        """Fit now, without waiting for it; nothing if a fit is under way."""
        if not self.is_learning:
            self._keep(self._logged(), "learning on request")

    async def learn(self) -> Learned:
        """Fit now, in a process of its own. Raises: LearningFailed, OSError."""
        async with self._turn:
            self._failed = LearningFailed.code
            learned = await self._child()
            self._failed = None
            return learned

    async def _child(self) -> Learned:
        given = {name: str(getattr(self._settings, name)) for name in _PASSED_ON}
        given["keys"] = self._settings.keys.get_secret_value()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "service.learning",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
        )
        try:
            async with asyncio.timeout(_LONGEST_S):
                told, _ = await process.communicate(json.dumps(given).encode())
        except TimeoutError:
            raise LearningFailed(f"learning took longer than {_LONGEST_S:.0f} s and was given up.") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        try:
            return Learned(**json.loads(told))
        except (ValueError, TypeError):
            raise LearningFailed(
                f"the process that learns ended with status {process.returncode}; expected what it has learned. "
                "Run `attune recommend train` to see why."
            ) from None

    async def unlearn(self) -> bool:
        """Make what was learned anew if anything of it was taken back since; True if it was.

        Where that fails the model is deleted: nothing that was taken back stays in it.
        """
        # A fit that began before what was taken back must not put its model in place afterwards.
        await asyncio.to_thread(wait_for_fit, self._settings)
        if not await self.is_stale():
            return False
        try:
            await self.learn()
        except (LearningFailed, OSError) as err:
            log.error("nothing could be learned anew", extra={"code": getattr(err, "code", "os_error")})
            await asyncio.to_thread(forget_learned, self._settings)
        return True

    async def is_stale(self) -> bool:
        """Whether the model holds what is no longer stored, or may not be learned from any more."""
        noted = await asyncio.to_thread(learned_so_far, self._settings)
        if noted is None:
            # A model that nobody can tell about may hold anything.
            return await asyncio.to_thread((self._settings.learned_dir / TASTE_FILE).is_file)
        async with self._db.reading() as tx:
            return await tx.interactions.mark(noted.number) != noted.mark

    async def status(self) -> dict[str, Any]:
        """How it stands: what was learned from, what is new since, whether a fit is under way or has failed."""
        noted = await asyncio.to_thread(learned_so_far, self._settings)
        async with self._db.reading() as tx:
            now = await tx.interactions.mark()
        return {
            "learned": None if noted is None else noted.to_dict(),
            "new": now.count - (0 if noted is None else noted.count),
            "learning": self.is_learning,
            "learn_at": self._at,
            "failed": None if self.is_learning else self._failed,
        }

    async def _look(self) -> None:
        due = self._next(datetime.now(UTC))
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.unlearn()
                if due is not None and datetime.now(UTC) >= due:
                    due = self._next(datetime.now(UTC))
                    if await self._is_behind():
                        await self.learn()
            except (StoreError, OSError) as err:
                log.error("learning failed", extra={"code": getattr(err, "code", "os_error")})
            except Exception as err:  # noqa: BLE001 - what ends this loop ends the unlearning of what is taken back
                log.error("learning failed", extra={"error": type(err).__name__})

    async def _is_behind(self) -> bool:
        noted = await asyncio.to_thread(learned_so_far, self._settings)
        async with self._db.reading() as tx:
            now = await tx.interactions.mark()
        return now.count > 0 and (noted is None or now != noted.mark)

    def _next(self, now: datetime) -> datetime | None:
        if not self._at:
            return None
        hour, minute = map(int, self._at.split(":"))
        today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)

    async def _logged(self) -> None:
        try:
            await self.learn()
        except (StoreError, OSError) as err:
            log.error("learning failed", extra={"code": getattr(err, "code", "os_error")})

    def _keep(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
