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
from store.origins import Origin, Turn, origins
from store.schema import AssessmentRow, ConversationRow
from store.second_voice import forget_second_voice
from store.vault import PersonSealer, Vault
from store.verdicts import Verdicts
from vocabulary import (
    ANOTHER_VOICE,
    Assessment,
    CustomerState,
    Decision,
    Emotion,
    Modality,
    ModalityScore,
    Purpose,
    Signal,
)

_PURPOSE = "assessment"
_WITHDRAWN = "no consent"
_LOOKED_BACK = 20
"""Turns of other conversations among which a state is looked for."""


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

    async def by_id(self, assessment_id: str) -> StoredAssessment | None:
        """One assessed turn, or None."""
        row = await self._session.scalar(select(AssessmentRow).where(AssessmentRow.id == assessment_id))
        return None if row is None else (await self._opened([row]))[0]

    async def of_customer(self, customer_id: str) -> list[StoredAssessment]:
        """Every assessed turn of all conversations of a customer, oldest first."""
        return await self._opened(await self._rows_of(customer_id))

    async def latest_elsewhere(self, customer_id: str, conversation_id: str) -> StoredAssessment | None:
        """The newest assessed turn with a state in another conversation of this customer, or None."""
        rows = await self._session.scalars(
            select(AssessmentRow)
            .join(ConversationRow, ConversationRow.id == AssessmentRow.conversation_id)
            .where(ConversationRow.customer_id == customer_id, AssessmentRow.conversation_id != conversation_id)
            .order_by(AssessmentRow.number.desc())
            .limit(_LOOKED_BACK)
        )
        return next((one for one in await self._opened(rows.all()) if one.assessment.state is not None), None)

    async def rests_on(self, customer_id: str, assessment_id: str) -> frozenset[Signal]:
        """The signals that a stored turn was derived from, in its conversation and in those that it went on from."""
        turns = [turn_of(stored) for stored in await self.of_customer(customer_id)]
        return origins(turns).get(assessment_id, Origin()).signals

    async def delete_for_signal(self, customer_id: str, signal: Signal, purpose: Purpose = Purpose.ASSIST) -> int:
        """Delete what a signal led to, in all conversations of a customer; gives the number of turns.

        ASSIST: every turn with a score of the signal, and every turn whose emotion or state exists and rests on one:
        the state remembers the turns before it, also those of an earlier conversation that it went on from.
        PERSONALISE: every turn that went on from an earlier conversation's readings of the signal. IMPROVE: none.
        Hand-overs that such a turn asked for stay, without what was sensed in their reason. With the voice, that
        another voice was heard is forgotten, too.
        """
        if purpose is Purpose.IMPROVE:
            return 0
        rows = await self._rows_of(customer_id)
        sealer = await self._vault.sealer(customer_id)
        all_stored = {row.id: _open(sealer, row) for row in rows}
        found = origins(turn_of(stored) for stored in all_stored.values())
        doomed: list[AssessmentRow] = []
        for row in rows:
            stored, origin = all_stored[row.id], found[row.id]
            turn = turn_of(stored)
            rests = origin.carried if purpose is Purpose.PERSONALISE else origin.signals
            if (purpose is Purpose.ASSIST and signal in turn.scored) or (signal in rests and turn.holds_something):
                doomed.append(row)
            elif purpose is Purpose.ASSIST and signal is Signal.VOICE:
                self._forget_other_voice(sealer, row, stored)
        if purpose is Purpose.ASSIST and signal is Signal.VOICE:
            await forget_second_voice(self._session, sealer, customer_id)
        for row in doomed:
            await forget_level(self._session, sealer, row.conversation_id, row.message_id)
            await self._verdicts.forget_turn(row.conversation_id, row.message_id)
            await self._session.execute(delete(AssessmentRow).where(AssessmentRow.number == row.number))
        return len(doomed)

    @staticmethod
    def _forget_other_voice(sealer: PersonSealer, row: AssessmentRow, stored: StoredAssessment) -> None:
        assessment = stored.assessment
        if assessment.absent.get(Modality.VOICE) == ANOTHER_VOICE:
            kept = replace(assessment, absent={**assessment.absent, Modality.VOICE: _WITHDRAWN})
            row.sealed = sealer.seal(_to_dict(kept, stored.decision, stored.explanations), _PURPOSE)

    async def _rows_of(self, customer_id: str) -> Sequence[AssessmentRow]:
        rows = await self._session.scalars(
            select(AssessmentRow)
            .join(ConversationRow, ConversationRow.id == AssessmentRow.conversation_id)
            .where(ConversationRow.customer_id == customer_id)
            .order_by(AssessmentRow.number)
        )
        return rows.all()

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


def turn_of(stored: StoredAssessment) -> Turn:
    """The turn as far as its origin matters."""
    return Turn(stored.id, stored.assessment.conversation_id, stored.previous_id, stored.assessment)


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
