"""`action_attune_assess`: scores the customer's turn, fuses, decides, stores; runs in slot extraction of every turn."""

import logging
from dataclasses import replace
from typing import Any, ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.assess.permission import NO_CONSENT, SIGNAL_OF, Permission, read_permission
from actions.assess.running import OUT_OF_TIME, Runner
from actions.assess.signals import SignalGatherer
from actions.assess.storing import store_assessment
from actions.assess.verdicts import Recalibrator
from actions.base import AttuneAction, Event
from actions.context import ActionContext
from actions.turn import Turn
from actions.withdrawals import withdraw
from emotion import Readings, collect
from journey import is_never_assessed, says_under_age, sensitive_topic
from vocabulary import NEVER_ASSESSED, SAID_UNDER_AGE, Absent, Decision

log = logging.getLogger(__name__)


class AssessAction(AttuneAction):
    """Returns SlotSets only; the numbers live in the store. Idempotent by message id."""

    action_name: ClassVar[str] = "action_attune_assess"

    def __init__(self, context: ActionContext) -> None:
        super().__init__(context)
        self._recalibrator = Recalibrator()
        self._runner = Runner()

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Assess this message, or return the stored decision if it was assessed before."""
        async with self.context.db.reading() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            if stored is not None:
                return _slots(stored.id, stored.decision, turn)
            permission = await read_permission(tx, turn)
        evidence = replace(turn.evidence, sensitive_topic=sensitive_topic(turn.text))
        if permission.by_customer and says_under_age(turn.text):
            readings = await self._of_a_minor(turn, permission)
        elif permission.granted and is_never_assessed(turn.text):
            readings = _nothing(permission, NEVER_ASSESSED)
        else:
            readings = await self._read(turn, permission)
        async with self.context.db.transaction() as tx:
            assessment_id, decision = await store_assessment(
                tx, turn, evidence, permission, readings, self.context.panel.fusion, self._recalibrator
            )
            await tx.frames.forget(permission.frame_ids)
        if turn.clip_id is not None and permission.clip_belongs:
            self.context.media.delete(turn.clip_id)
        for frame_id in permission.frame_ids:
            self.context.media.delete(frame_id)
        return _slots(assessment_id, decision, turn)

    async def _of_a_minor(self, turn: Turn, permission: Permission) -> Readings:
        """Withdraw every consent of somebody who says to be under age, with all that was scored."""
        await withdraw(
            self.context,
            turn.conversation_id,
            lambda tx, conversation: tx.consents.set_minor(conversation.customer_id, True),
        )
        return _nothing(permission, SAID_UNDER_AGE)

    async def _read(self, turn: Turn, permission: Permission) -> Readings:
        """Score every permitted signal side by side; what is not ready when the time is over is absent."""
        gatherer = SignalGatherer(turn, permission, self.context.panel, self.context.media)
        readings = await self._runner.run(gatherer.tasks(), self.context.settings.budget_ms / 1000)
        late = sorted(modality.value for modality, one in readings.items() if one.answer == Absent(OUT_OF_TIME))
        if late:
            log.warning("assessment ran out of time", extra={"message_id": turn.message_id, "modalities": late})
        found = collect(readings, None)
        return replace(found, absent={**gatherer.absent, **found.absent})


def _nothing(permission: Permission, reason: str) -> Readings:
    """No reading of any modality, for this reason where there is consent."""
    return Readings(absent={modality: reason if permission.allows(modality) else NO_CONSENT for modality in SIGNAL_OF})


def _slots(assessment_id: str, decision: Decision, turn: Turn) -> list[Event]:
    values: dict[str, Any] = {
        "attune_mode": decision.mode.value,
        "attune_escalate": decision.escalate,
        "attune_clarify": decision.clarify,
        "attune_assessed_message": turn.message_id,
        "attune_assessment_id": assessment_id,
    }
    return [dict(SlotSet(name, value)) for name, value in values.items()]
