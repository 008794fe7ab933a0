"""When what happened in the turns of a call: for the desk, the metrics and the spans."""

import logging
import time
from dataclasses import dataclass, replace

from service.calls.parts import CallParts
from service.calls.wire import Heard, Stages
from service.metrics import StageSpan
from store import CALL_STAGES, CallTurn, StoreError

log = logging.getLogger(__name__)

_SPAN_NAMES = {
    "turn_end": "end of turn",
    "transcript": "speech to text",
    "accepted": "inbox",
    "assessed": "emotion",
    "answered": "assistant",
    "spoken": "text to speech",
    "first_audio": "first audio",
}


@dataclass(frozen=True)
class _Open:
    """A turn that is not answered yet. ended_at: time.time() of the customer's last sound."""

    turn: CallTurn
    ended_at: float


class CallRecord:
    """Keeps the stages of each turn of one call, once they are known."""

    def __init__(self, parts: CallParts, conversation_id: str, call_id: str, transport: str) -> None:
        self._parts = parts
        self._conversation_id = conversation_id
        self._call_id = call_id
        self._transport = transport
        self._open: dict[str, _Open] = {}

    def heard(self, heard: Heard) -> None:
        """A turn has arrived from the voice process."""
        took = max(heard.stages.turn_end or 0.0, heard.stages.transcript or 0.0)
        turn = _with(CallTurn(heard.message, interrupted=heard.interrupted is not None), heard.stages)
        self._open[heard.message] = _Open(turn, time.time() - took)

    def accepted(self, message_id: str) -> None:
        """It is in the inbox."""
        if one := self._open.get(message_id):
            self._open[message_id] = replace(one, turn=replace(one.turn, accepted=time.time() - one.ended_at))

    def refused(self, message_id: str) -> None:
        """It is not, and never will be."""
        self._open.pop(message_id, None)

    async def measured(self, message_id: str, stages: Stages) -> None:
        """Its answer has begun to sound: the turn is complete."""
        if one := self._open.pop(message_id, None):
            await self._keep(replace(one, turn=_with(one.turn, stages)))

    async def finish(self) -> None:
        """The call is over: turns without a spoken answer are kept as far as they came."""
        while self._open:
            await self._keep(self._open.pop(next(iter(self._open))))

    async def _keep(self, one: _Open) -> None:
        try:
            async with self._parts.db.transaction() as tx:
                if await tx.conversations.get(self._conversation_id) is None:
                    return
                stored = await tx.assessments.get(self._conversation_id, one.turn.message_id)
                if stored is not None:
                    one = replace(one, turn=replace(one.turn, assessed=max(0.0, stored.at.timestamp() - one.ended_at)))
                await tx.calls.put_turn(self._conversation_id, self._call_id, one.turn)
        except StoreError as err:
            log.warning("the stages of a turn are not kept", extra={"code": err.code})
        stages = one.turn.stages()
        self._parts.metrics.stages(stages)
        self._parts.spans.turn("spoken turn", one.ended_at, stage_spans(stages), self._attributes(one.turn))
        self._parts.hub.changed(self._conversation_id)

    def _attributes(self, turn: CallTurn) -> dict[str, str | bool]:
        return {
            "attune.transport": self._transport,
            "attune.interrupted": turn.interrupted,
            "attune.assessed": turn.assessed is not None,
        }


def stage_spans(stages: dict[str, float]) -> list[StageSpan]:
    """Each stage from the end of what came before it to its own time."""
    in_order = sorted(stages.items(), key=lambda pair: (pair[1], CALL_STAGES.index(pair[0])))
    spans, before = [], 0.0
    for name, at in in_order:
        spans.append(StageSpan(_SPAN_NAMES[name], before, max(before, at)))
        before = max(before, at)
    return spans


def _with(turn: CallTurn, stages: Stages) -> CallTurn:
    known = {name: value for name, value in stages.model_dump().items() if value is not None}
    return replace(turn, **known)
