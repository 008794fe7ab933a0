"""Assessed turns: scores, customer state and decision, sealed together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.conversations import lock_conversation
from store.escalations import forget_level
from store.schema import AssessmentRow, ConversationRow
from store.second_voice import forget_second_voice
from store.vault import PersonSealer, Vault
from store.verdicts import Verdicts
from vocabulary import ANOTHER_VOICE, Assessment, CustomerState, Decision, Emotion, Modality, ModalityScore, Signal

_PURPOSE = "assessment"
_WITHDRAWN = "no consent"


@dataclass(frozen=True)
class StoredAssessment:
    """One assessed turn. previous_id: the assessment whose state this one continued.

    explanations: a few sentences for each audience ("customer", "agent"); empty for turns of earlier versions.
    """

    id: str
    assessment: Assessment
    decision: Decision
    at: datetime
    previous_id: str | None = None
    explanations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Assessments:
    """Repository of assessed turns. One per message; the first one counts."""

    def __init__(self, session: AsyncSession, vault: Vault, verdicts: Verdicts) -> None:
        self._session = session
        self._vault = vault
        self._verdicts = verdicts

    async def save(
        self,
        assessment: Assessment,
        decision: Decision,
        previous_id: str | None = None,
        explanations: Mapping[str, tuple[str, ...]] | None = None,
    ) -> str:
        """Store one turn and give its id; a message that is stored keeps its first one. Raises: NotFound."""
        await lock_conversation(self._session, assessment.conversation_id)
        stored = await self._row(assessment.conversation_id, assessment.message_id)
        if stored is not None:
            return stored.id
        sealer = await self._vault.sealer_of_conversation(assessment.conversation_id)
        row = AssessmentRow(
            id=new_id("a"),
            conversation_id=assessment.conversation_id,
            message_id=assessment.message_id,
            previous_id=previous_id,
            sealed=sealer.seal(_to_dict(assessment, decision, explanations or {}), _PURPOSE),
            at=datetime.now(UTC),
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, conversation_id: str, message_id: str) -> StoredAssessment | None:
        """The assessment of one message, or None."""
        row = await self._row(conversation_id, message_id)
        return None if row is None else (await self._opened([row]))[0]

    async def latest(self, conversation_id: str, after: datetime | None = None) -> StoredAssessment | None:
        """The newest assessment, or None. after: only newer ones, e.g. since the hand-back."""
        query = select(AssessmentRow).where(AssessmentRow.conversation_id == conversation_id)
        if after is not None:
            query = query.where(AssessmentRow.at > after)
        row = await self._session.scalar(query.order_by(AssessmentRow.number.desc()).limit(1))
        return None if row is None else (await self._opened([row]))[0]

    async def timeline(self, conversation_id: str) -> list[StoredAssessment]:
        """Every assessed turn, oldest first."""
        rows = await self._session.scalars(
            select(AssessmentRow).where(AssessmentRow.conversation_id == conversation_id).order_by(AssessmentRow.number)
        )
        return await self._opened(rows.all())

    async def delete_for_signal(self, customer_id: str, signal: Signal) -> int:
        """Delete what a signal led to, in all conversations of a customer; gives the number of turns.

        That is every turn with a score of the signal, and every later turn of the conversation whose
        emotion or state exists: the state remembers the turns before it. Hand-overs that such a turn
        asked for stay, without what was sensed in their reason. That another voice was heard is forgotten, too.
        """
        rows = await self._session.scalars(
            select(AssessmentRow)
            .join(ConversationRow, ConversationRow.id == AssessmentRow.conversation_id)
            .where(ConversationRow.customer_id == customer_id)
            .order_by(AssessmentRow.number)
        )
        sealer = await self._vault.sealer(customer_id)
        touched: set[str] = set()
        doomed: list[AssessmentRow] = []
        for row in rows:
            stored = _open(sealer, row)
            assessment = stored.assessment
            if any(score.modality.value == signal.value for score in assessment.scores):
                touched.add(row.conversation_id)
                doomed.append(row)
            elif row.conversation_id in touched and (assessment.emotion or assessment.state):
                doomed.append(row)
            elif signal is Signal.VOICE and assessment.absent.get(Modality.VOICE) == ANOTHER_VOICE:
                kept = replace(assessment, absent={**assessment.absent, Modality.VOICE: _WITHDRAWN})
                row.sealed = sealer.seal(_to_dict(kept, stored.decision, stored.explanations), _PURPOSE)
        if signal is Signal.VOICE:
            await forget_second_voice(self._session, sealer, customer_id)
        for row in doomed:
            await forget_level(self._session, sealer, row.conversation_id, row.message_id)
            await self._verdicts.forget_turn(row.conversation_id, row.message_id)
            await self._session.execute(delete(AssessmentRow).where(AssessmentRow.number == row.number))
        return len(doomed)

    async def _row(self, conversation_id: str, message_id: str) -> AssessmentRow | None:
        row: AssessmentRow | None = await self._session.scalar(
            select(AssessmentRow).where(
                AssessmentRow.conversation_id == conversation_id, AssessmentRow.message_id == message_id
            )
        )
        return row

    async def _opened(self, rows: Sequence[AssessmentRow]) -> list[StoredAssessment]:
        opener = await self._vault.opener(row.sealed for row in rows)
        return [_open(opener, row) for row in rows]


def _open(opener: PersonSealer, row: AssessmentRow) -> StoredAssessment:
    raw: Mapping[str, Any] = opener.open(row.sealed, _PURPOSE)
    assessment = Assessment(
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        scores=tuple(ModalityScore.from_dict(score) for score in raw["scores"]),
        absent={Modality(name): str(reason) for name, reason in raw["absent"].items()},
        emotion=None if raw["emotion"] is None else Emotion.from_dict(raw["emotion"]),
        state=None if raw["state"] is None else CustomerState.from_dict(raw["state"]),
    )
    explanations = {name: tuple(lines) for name, lines in raw.get("explanations", {}).items()}
    return StoredAssessment(
        row.id, assessment, Decision.from_dict(raw["decision"]), row.at, row.previous_id, explanations
    )


def _to_dict(assessment: Assessment, decision: Decision, explanations: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "scores": [score.to_dict() for score in assessment.scores],
        "absent": {modality.value: reason for modality, reason in assessment.absent.items()},
        "emotion": None if assessment.emotion is None else assessment.emotion.to_dict(),
        "state": None if assessment.state is None else assessment.state.to_dict(),
        "decision": decision.to_dict(),
        "explanations": {name: list(lines) for name, lines in explanations.items()},
    }
