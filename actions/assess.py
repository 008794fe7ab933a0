"""`action_attune_assess`: scores the customer's turn, fuses, decides, stores; runs in slot extraction of every turn."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import Turn
from emotion import fuse, update_state
from journey import decide, sensitive_topic
from store import Conversation, StoredAssessment, Transaction
from vocabulary import (
    ANOTHER_VOICE,
    Absent,
    Assessment,
    Author,
    Clip,
    Decision,
    DialogueEvidence,
    Modality,
    ModalityScore,
    Said,
    Signal,
)

log = logging.getLogger(__name__)

NO_CONSENT: Final = "no consent"
_SPOKEN: Final = "spoken"
"""Receipt that the web process leaves for a spoken message."""
_EARLIER_MESSAGES: Final = 10
"""How many of the customer's messages before this one the text scorer may see, with the answers to them."""
_SIGNAL_OF: Final = {Modality.TEXT: Signal.TEXT, Modality.VOICE: Signal.VOICE}


@dataclass(frozen=True)
class _Permission:
    """What the ledger and the inbox say about this message, read before scoring.

    granted: signals that were allowed when the message came in, and have been ever since.
    received_at: None if it is no customer's message.
    second_voice: somebody else was heard, so there is no clip.
    context: what was said before it, under the same consent.
    """

    conversation: Conversation | None = None
    granted: frozenset[Signal] = frozenset()
    received_at: datetime | None = None
    second_voice: bool = False
    clip_belongs: bool = False
    context: tuple[Said, ...] = ()

    @property
    def by_customer(self) -> bool:
        return self.received_at is not None


class AssessAction(AttuneAction):
    """Returns SlotSets only; the numbers live in the store. Idempotent by message id."""

    action_name: ClassVar[str] = "action_attune_assess"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Assess this message, or return the stored decision if it was assessed before."""
        async with self.context.db.reading() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            if stored is not None:
                return _slots(stored.id, stored.decision, turn)
            permission = await self._permission(tx, turn)
        evidence = replace(turn.evidence, sensitive_topic=sensitive_topic(turn.text))
        try:
            scores, absent = await asyncio.wait_for(
                self._score(turn, permission), timeout=self.context.settings.budget_ms / 1000
            )
        except TimeoutError:
            log.warning("assessment ran out of time", extra={"message_id": turn.message_id})
            scores, absent = [], dict.fromkeys(_SIGNAL_OF, "out of time")
        assessment_id, decision = await self._store(turn, evidence, permission, scores, absent)
        return _slots(assessment_id, decision, turn)

    async def _permission(self, tx: Transaction, turn: Turn) -> _Permission:
        conversation = await tx.conversations.get(turn.conversation_id)
        if conversation is None:
            return _Permission()
        message = await tx.inbox.get(turn.conversation_id, turn.message_id)
        if message is None or message.author is not Author.CUSTOMER:
            return _Permission(conversation)
        since = await tx.consents.granted_since(conversation.customer_id)
        spoken = await tx.receipts.get(turn.conversation_id, turn.message_id, _SPOKEN) or {}
        return _Permission(
            conversation,
            granted=_allowed(since, message.created_at),
            received_at=message.created_at,
            second_voice=spoken.get("second_voice") == "left_out",
            clip_belongs=turn.clip_id is not None and message.clip_id == turn.clip_id,
            context=await _context(tx, turn, since.get(Signal.TEXT), conversation.handed_back_at),
        )

    async def _score(self, turn: Turn, permission: _Permission) -> tuple[list[ModalityScore], dict[Modality, str]]:
        """Score each modality that is present, permitted and the customer's own."""
        absent: dict[Modality, str] = {}
        text = self._permitted_text(turn, permission, absent)
        clip = self._permitted_clip(turn, permission, absent)
        scores: list[ModalityScore] = []
        if text is not None:
            score = await asyncio.to_thread(self._score_text, text, permission.context)
            _keep(score, Modality.TEXT, scores, absent)
        if clip is not None:
            score = await asyncio.to_thread(self._score_voice, clip)
            _keep(score, Modality.VOICE, scores, absent)
        return scores, absent

    def _permitted_text(self, turn: Turn, permission: _Permission, absent: dict[Modality, str]) -> str | None:
        reason = None
        if Signal.TEXT not in permission.granted:
            reason = NO_CONSENT
        elif not permission.by_customer:
            reason = "not the customer's message"
        elif not turn.text:
            reason = "no words"
        elif self.context.text_scorer is None:
            reason = "no text model"
        if reason is not None:
            absent[Modality.TEXT] = reason
            return None
        return turn.text

    def _permitted_clip(self, turn: Turn, permission: _Permission, absent: dict[Modality, str]) -> Clip | None:
        if turn.clip_id is None:
            absent[Modality.VOICE] = ANOTHER_VOICE if permission.second_voice else "no clip"
        elif Signal.VOICE not in permission.granted:
            absent[Modality.VOICE] = NO_CONSENT
        elif not (permission.by_customer and permission.clip_belongs):
            absent[Modality.VOICE] = "not the customer's clip"
        elif self.context.voice_scorer is None:
            absent[Modality.VOICE] = "no voice model"
        else:
            clip = self.context.media.get_clip(turn.clip_id)
            if clip is None:
                absent[Modality.VOICE] = "clip expired"
            return clip
        return None

    def _score_text(self, text: str, context: tuple[Said, ...]) -> ModalityScore | Absent:
        assert self.context.text_scorer is not None
        return self.context.text_scorer.score(text, context=context)

    def _score_voice(self, clip: Clip) -> ModalityScore | Absent:
        assert self.context.voice_scorer is not None
        reading = self.context.voice_scorer.score(clip)
        return reading if isinstance(reading, Absent) else reading.score

    async def _store(
        self,
        turn: Turn,
        evidence: DialogueEvidence,
        permission: _Permission,
        scores: list[ModalityScore],
        absent: Mapping[Modality, str],
    ) -> tuple[str, Decision]:
        """Re-check consent, store and delete the media in one transaction."""
        async with self.context.db.transaction() as tx:
            granted: frozenset[Signal] = frozenset()
            previous: StoredAssessment | None = None
            if permission.conversation is not None:
                since = await tx.consents.granted_since(permission.conversation.customer_id)
                granted = _allowed(since, permission.received_at)
                # Read here and not before scoring: a withdrawal meanwhile deletes the state that it led to.
                # A hand-back starts a fresh state: what happened before was settled by a person.
                previous = await tx.assessments.latest(
                    turn.conversation_id, after=permission.conversation.handed_back_at
                )
            kept = tuple(score for score in scores if _SIGNAL_OF[score.modality] in granted)
            withdrawn = {score.modality: NO_CONSENT for score in scores if score not in kept}
            fused = fuse(kept)
            # Without any consent there is no state either: an old level must not live on.
            state = None
            if granted:
                state = update_state(previous.assessment.state if previous else None, fused, evidence)
            decision = decide(state, fused, evidence, previous.decision if previous else None)
            assessment = Assessment(
                turn.conversation_id,
                turn.message_id,
                scores=kept,
                absent={**absent, **withdrawn},
                emotion=fused,
                state=state,
            )
            if permission.conversation is None:
                return "", decision
            assessment_id = await tx.assessments.save(assessment, decision, previous.id if previous else None)
            await tx.events.add(
                "assessment.stored",
                {"message_id": turn.message_id, "modalities": [score.modality.value for score in kept]},
                conversation_id=turn.conversation_id,
            )
        if turn.clip_id is not None and permission.clip_belongs:
            self.context.media.delete(turn.clip_id)
        return assessment_id, decision


def _allowed(since: Mapping[Signal, datetime], received_at: datetime | None) -> frozenset[Signal]:
    """The signals that were allowed before the message came in: a yes holds from the next message on."""
    if received_at is None:
        return frozenset()
    return frozenset(signal for signal, at in since.items() if at <= received_at)


async def _context(
    tx: Transaction, turn: Turn, consented: datetime | None, handed_back: datetime | None
) -> tuple[Said, ...]:
    """What the customer and the assistant said before this message, for the scorer to compare it with.

    Nothing from before the consent or the last hand-back, nor any answer to such a message; never an agent's words.
    """
    if consented is None:
        return ()
    since = consented if handed_back is None else max(consented, handed_back)
    ids = list(dict.fromkeys(said.message_id for said in turn.earlier))[-_EARLIER_MESSAGES:]
    allowed = await tx.inbox.received_since(turn.conversation_id, ids, since)
    return tuple(Said(said.author, said.text) for said in turn.earlier if said.message_id in allowed)


def _keep(
    score: ModalityScore | Absent,
    modality: Modality,
    scores: list[ModalityScore],
    absent: dict[Modality, str],
) -> None:
    if isinstance(score, Absent):
        absent[modality] = score.reason
    else:
        scores.append(score)


def _slots(assessment_id: str, decision: Decision, turn: Turn) -> list[Event]:
    values: dict[str, Any] = {
        "attune_mode": decision.mode.value,
        "attune_escalate": decision.escalate,
        "attune_assessed_message": turn.message_id,
        "attune_assessment_id": assessment_id,
    }
    return [dict(SlotSet(name, value)) for name, value in values.items()]
