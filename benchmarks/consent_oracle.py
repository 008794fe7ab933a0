"""What consent allows, kept beside the product by other means, and a look at everything that is stored against it."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from store import Conversation, StoredAssessment, Transaction
from vocabulary import Modality, Purpose, Signal


@dataclass
class Pending:
    """A message that came in. allowed: the signals that were allowed then and have been ever since."""

    conversation: Conversation
    id: str
    text: str
    allowed: set[Signal]
    clip_id: str | None = None
    frame_ids: tuple[str, ...] = ()
    left_out: bool = False


@dataclass
class Oracle:
    """One customer's will, and what was found to be against it.

    scored: by assessment id, the signals that it was scored from; kept when the product has deleted the assessment.
    """

    customer_id: str
    granted: dict[Purpose, set[Signal]] = field(default_factory=lambda: {purpose: set() for purpose in Purpose})
    pending: list[Pending] = field(default_factory=list)
    scored: dict[str, frozenset[Signal]] = field(default_factory=dict)
    violations: Counter[str] = field(default_factory=Counter)
    counting: int = 0

    def answered(self, signal: Signal, purpose: Purpose, granted: bool) -> None:
        """The customer has said this, and it is stored."""
        if granted:
            self.granted[purpose].add(signal)
            return
        ended = tuple(Purpose) if purpose is Purpose.ASSIST else (purpose,)
        for one in ended:
            self.granted[one].discard(signal)
        if purpose is Purpose.ASSIST:
            for message in self.pending:
                message.allowed.discard(signal)

    def reached(self, seen: list[Modality], allowed: set[Signal], *, left_out: bool) -> None:
        """These modalities reached a scorer in a turn. allowed: when the turn began."""
        for modality in seen:
            if Signal(modality.value) not in allowed:
                self.violations["used without consent"] += 1
            if left_out:
                self.violations["scored although never assessed"] += 1

    async def look(self, tx: Transaction, database: sqlite3.Connection, conversations: list[str]) -> None:
        """Hold everything that is stored of this customer against their will.

        database: the same one, read by its tables, so that a mistake of the repositories is found as well.
        """
        tables = _Tables(database, conversations)
        before = tables.count("assessments")
        rows = {stored.id: stored for stored in await tx.assessments.of_customer(self.customer_id)}
        for stored in rows.values():
            signals = frozenset(Signal(score.modality.value) for score in stored.assessment.scores)
            self.scored.setdefault(stored.id, signals)
        # A turn at the same moment may store its reading between the looks; it is looked at again at its end.
        if before == tables.count("assessments") != len(rows):
            self.violations["a reading belongs to nobody"] += 1
        behind: dict[tuple[str, str], frozenset[Signal]] = {}
        for stored in rows.values():
            if not self.scored[stored.id] <= self.granted[Purpose.ASSIST]:
                self.violations["stored without consent"] += 1
            place = (stored.assessment.conversation_id, stored.assessment.message_id)
            behind[place] = self._behind(stored, rows)
        self._look_at_verdicts(tables, behind)
        self._look_beside(tables)

    def _behind(self, stored: StoredAssessment, rows: Mapping[str, StoredAssessment]) -> frozenset[Signal]:
        """The signals of the turn and of those that its level came from."""
        signals, one, crossed = set(self.scored[stored.id]), stored, False
        while one.previous_id is not None and stored.assessment.state is not None:
            if one.previous_id not in rows:
                self.violations["a level outlives what it came from"] += 1
                break
            one = rows[one.previous_id]
            crossed = crossed or one.assessment.conversation_id != stored.assessment.conversation_id
            if crossed and not self.scored[one.id] <= self.granted[Purpose.PERSONALISE]:
                self.violations["carried over without consent"] += 1
            signals |= self.scored[one.id]
        return frozenset(signals)

    def _look_at_verdicts(self, tables: "_Tables", behind: Mapping[tuple[str, str], frozenset[Signal]]) -> None:
        for place in tables.places("verdicts", "counts"):
            self.counting += 1
            if place not in behind:
                self.violations["a verdict outlives its reading"] += 1
            elif not behind[place] <= self.granted[Purpose.IMPROVE]:
                self.violations["improved without consent"] += 1

    def _look_beside(self, tables: "_Tables") -> None:
        assist = self.granted[Purpose.ASSIST]
        for signal, table in (
            (Signal.VOICE, "speaker_baselines"),
            (Signal.BEHAVIOUR, "step_batches"),
            (Signal.FACE, "frames"),
        ):
            if signal not in assist and tables.count(table):
                self.violations[f"{table} are kept without consent"] += 1
        if tables.ledger(self.customer_id) != {purpose.value: set(held) for purpose, held in self.granted.items()}:
            self.violations["the ledger says something else"] += 1


class _Tables:
    """What is stored of some conversations, by the tables themselves."""

    def __init__(self, database: sqlite3.Connection, conversations: list[str]) -> None:
        self._database = database
        self._ids = conversations
        self._theirs = f"conversation_id IN ({', '.join('?' * len(conversations))})"

    def count(self, table: str) -> int:
        found = self._database.execute(f"SELECT count(*) FROM {table} WHERE {self._theirs}", self._ids)  # noqa: S608
        return int(found.fetchone()[0])

    def places(self, table: str, condition: str) -> list[tuple[str, str]]:
        """Conversation and message of the rows of which this holds."""
        query = f"SELECT conversation_id, message_id FROM {table} WHERE {condition} AND {self._theirs}"  # noqa: S608
        return [(str(one), str(other)) for one, other in self._database.execute(query, self._ids)]

    def ledger(self, customer_id: str) -> dict[str, set[str]]:
        """By use, the signals whose last answer was a yes."""
        held: dict[str, set[str]] = {purpose.value: set() for purpose in Purpose}
        query = "SELECT signal, purpose, granted FROM consents WHERE customer_id = ? ORDER BY number"
        for signal, purpose, granted in self._database.execute(query, [customer_id]):
            (held[purpose].add if granted else held[purpose].discard)(signal)
        return held
