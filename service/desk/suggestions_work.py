"""What staff read and decide about suggestions: the rules, what was learned, what was offered and why."""

import asyncio
import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender import Rules, RulesError, load_rules
from service.desk.gate import Gate
from service.errors import Refused
from service.learning import Learned, Learner, learned_so_far
from store import Database, StoredSlate, StoreSettings
from vocabulary import Right

_PURPOSE = "tuning suggestions"
_OVERSIGHT = "oversight of suggestions"
_MOST_SLATES = 20


@dataclass(frozen=True)
class RulesFile:
    """The rules as they stand in their file. rules: None if they cannot be used; problem then says why."""

    text: str
    rules: Rules | None
    problem: str = ""


@dataclass(frozen=True)
class Figures:
    """Numbers of the whole shop, nobody's own. learned_from: interactions that may be learned from."""

    interactions: int
    learned_from: int
    slates: int


@dataclass(frozen=True)
class LearnedNow:
    """What the model in use has learned from, and whether one is being fitted. last: None before the first."""

    last: Learned | None
    is_learning: bool


class SuggestionsWork:
    """Suggestions, for the desk."""

    def __init__(self, db: Database, gate: Gate, settings: StoreSettings, learner: Learner) -> None:
        self._db = db
        self._gate = gate
        self._settings = settings
        self._file = settings.suggestions_file
        self._learner = learner
        self._writing = asyncio.Lock()

    async def rules(self, token: str) -> RulesFile:
        """The rules as processes take them in. Raises: NotAllowed, Refused (the file cannot be read)."""
        await self._require(token, Right.SUGGESTIONS_VIEW)
        text = await asyncio.to_thread(self._read)
        try:
            return RulesFile(text, load_rules(text))
        except RulesError as err:
            return RulesFile(text, None, str(err))

    async def check(self, token: str, text: str) -> Rules:
        """The rules that a text holds; nothing is changed. Raises: NotAllowed, Refused (what to mend)."""
        await self._require(token, Right.SUGGESTIONS_TUNE)
        return _checked(text)

    async def save(self, token: str, text: str, before: str) -> Rules:
        """Write the rules, once they are checked. before: the text that was read.

        Raises: NotAllowed, Refused (422 what to mend; 412 somebody else has written meanwhile).
        """
        async with self._writing:
            async with self._db.transaction() as tx:
                member = await self._gate.require(tx, token, Right.SUGGESTIONS_TUNE)
                rules = _checked(text)
                if await asyncio.to_thread(self._read) != before:
                    raise Refused(
                        "rules_changed",
                        "Somebody has changed the rules meanwhile. Copy your text and load the page anew.",
                        status=412,
                    )
                await tx.audit.add(member.id, "suggestions.rules", purpose=_PURPOSE, details={"version": rules.version})
            await asyncio.to_thread(self._write, text)
        return rules

    async def figures(self, token: str) -> Figures:
        """How much was done and offered. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.SUGGESTIONS_VIEW)
            mark = await tx.interactions.mark()
            return Figures(await tx.interactions.count(), mark.count, await tx.slates.count())

    async def learned(self, token: str) -> LearnedNow:
        """How learning from behaviour stands. Raises: NotAllowed."""
        await self._require(token, Right.SUGGESTIONS_VIEW)
        last = await asyncio.to_thread(learned_so_far, self._settings)
        return LearnedNow(last, self._learner.is_learning)

    async def train(self, token: str) -> None:
        """Learn now from what may be learned from, in a process of its own. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.SUGGESTIONS_TUNE)
            await tx.audit.add(member.id, "suggestions.train", purpose=_PURPOSE)
        self._learner.learn_soon()

    async def slates(self, token: str) -> Sequence[StoredSlate]:
        """The latest offers with all that moved them; looking is on record first. Raises: NotAllowed, AuditRefused."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.SUGGESTIONS_VIEW)
            await tx.audit.add(member.id, "suggestions.slates", purpose=_OVERSIGHT)
            return await tx.slates.newest(_MOST_SLATES)

    async def _require(self, token: str, right: Right) -> None:
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, right)

    def _read(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise Refused(
                "rules_unreadable",
                "The file of rules cannot be read. Check it with: attune recommend rules --check",
                status=503,
            ) from None

    def _write(self, text: str) -> None:
        """In place of the old file as a whole: a process that starts now reads either."""
        try:
            mode = stat.S_IMODE(self._file.stat().st_mode)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", newline="\n", dir=self._file.parent, prefix=".rules-", delete=False
            ) as new:
                new.write(text.replace("\r\n", "\n").rstrip("\n") + "\n")
                new.flush()
                os.fsync(new.fileno())
            Path(new.name).chmod(mode)
            Path(new.name).replace(self._file)
        except OSError:
            raise Refused(
                "rules_unwritable",
                "The file of rules cannot be written here. Change it on the machine itself.",
                status=503,
            ) from None


def _checked(text: str) -> Rules:
    try:
        return load_rules(text)
    except RulesError as err:
        raise Refused(err.code, str(err)) from None
