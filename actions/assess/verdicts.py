"""What people have said about earlier turns: their word bounds this conversation, and moves the shop's thresholds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from emotion import Correction, Recalibration, apply_correction
from store import StoredAssessment, Transaction, Verdict
from vocabulary import CustomerState


@dataclass
class Recalibrator:
    """The shop's recalibration, folded from the newest verdicts in the store; read again only when there are new ones.

    Nothing of it is stored: what a person said is forgotten with the row that says it.
    """

    _version: tuple[int, datetime | None] = (0, None)
    _current: Recalibration = field(default_factory=Recalibration)

    async def current(self, tx: Transaction) -> Recalibration:
        """What follows from them now."""
        version = await tx.verdicts.version()
        if version != self._version:
            folded = Recalibration()
            for verdict in await tx.verdicts.recent():
                folded = folded.updated(_correction(verdict))
            self._version, self._current = version, folded
        return self._current


async def corrected_state(
    tx: Transaction, previous: StoredAssessment | None, handed_back: datetime | None
) -> CustomerState | None:
    """The state that the turn before left, put right by what was said about the conversation since.

    handed_back: what is said about a turn from before it is about a state that a person has settled.
    """
    if previous is None or previous.assessment.state is None:
        return None
    since = [
        verdict
        for verdict in await tx.verdicts.of_conversation(previous.assessment.conversation_id)
        if verdict.at is not None and verdict.at > previous.at
    ]
    for verdict in reversed(since):
        judged = await tx.assessments.get(verdict.conversation_id, verdict.message_id)
        if handed_back is None or (judged is not None and judged.at > handed_back):
            return apply_correction(previous.assessment.state, verdict.perceived, now=datetime.now(UTC))
    return previous.assessment.state


def _correction(verdict: Verdict) -> Correction:
    known = verdict.shown_label is not None and verdict.shown_confidence is not None
    return Correction(
        # No scorer's room ever sees who somebody is.
        source=sha256(verdict.source.encode()).hexdigest()[:16],
        perceived=verdict.perceived,
        label=verdict.label if known else None,
        shown_label=verdict.shown_label,
        shown_confidence=verdict.shown_confidence,
    )
