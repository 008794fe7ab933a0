"""The result of one turn, and waiting for it."""

import asyncio
import time

from service.errors import Refused
from service.hub import Hub
from service.intake import SPOKEN
from service.notices import NoticeBoard
from service.shapes import ButtonOut, LateNotice, ReplyOut, SuggestionOut, TurnOut
from store import Conversation, Database
from vocabulary import ANOTHER_VOICE, Author, MessageStatus, Modality, Mode, Owner

# A caller that waits is told of an outage this long after its notice: one failed attempt is often the last.
_PATIENCE_S = 1.5


class Turns:
    """Reads whole turns."""

    def __init__(self, db: Database, hub: Hub, notices: NoticeBoard) -> None:
        self._db = db
        self._hub = hub
        self._notices = notices

    async def result(self, conversation: Conversation, message_id: str) -> TurnOut:
        """The turn as far as it has come. Raises: Refused with status 404."""
        async with self._db.reading() as tx:
            message = await tx.inbox.get(conversation.id, message_id)
            if message is None or message.status is None:
                raise Refused("unknown_message", "This conversation has no message of yours with this id.", status=404)
            spoken = await tx.receipts.get(conversation.id, message_id, SPOKEN) is not None
            replies = await tx.inbox.replies_to(conversation.id, message_id)
            assessed = await tx.assessments.get(conversation.id, message_id)
            verdicts = await tx.verdicts.of_conversation(conversation.id)
            now = await tx.conversations.get(conversation.id)
        own = [one for one in verdicts if one.message_id == message_id and one.author is Author.CUSTOMER]
        notice = self._notices.current(conversation.id)
        emotion = assessed.assessment.emotion if assessed else None
        state = assessed.assessment.state if assessed else None
        decision = assessed.decision if assessed else None
        return TurnOut(
            conversation=conversation.id,
            message_id=message_id,
            transcript=message.text if spoken else None,
            replies=[
                ReplyOut(
                    id=reply.id,
                    text=reply.text,
                    buttons=[ButtonOut(title=button.title) for button in reply.buttons],
                    suggestions=[SuggestionOut.of(suggestion) for suggestion in reply.suggestions],
                    image=reply.image,
                )
                for reply in replies
            ],
            emotion=emotion.to_dict() if emotion else None,
            frustration=state.frustration if state else None,
            mode=(decision.mode if decision else Mode.NEUTRAL).value,
            handoff=(now is not None and now.owner is not Owner.BOT) or bool(decision and decision.escalate),
            suggestions=[SuggestionOut.of(one) for reply in replies for one in reply.suggestions],
            voice_left_out=bool(assessed and assessed.assessment.absent.get(Modality.VOICE) == ANOTHER_VOICE),
            explanation=list(assessed.explanations.get("customer", ())) if emotion and assessed else [],
            verdict=own[-1].perceived.value if own else None,
            status=message.status.value,
            answered=message.status is MessageStatus.ANSWERED,
            notice=LateNotice(code=notice.code, text=notice.text)
            if notice and message.status is not MessageStatus.ANSWERED
            else None,
        )

    async def wait(self, conversation: Conversation, message_id: str, *, wait_s: float) -> TurnOut:
        """The turn once it is answered; as it is after wait_s, or soon after an outage was noticed."""
        started = time.monotonic()
        deadline = started + wait_s
        with self._hub.subscribe(conversation.id) as events:
            while True:
                result = await self.result(conversation, message_id)
                if result.answered:
                    return result
                notice = self._notices.current(conversation.id)
                if notice is not None and notice.code == "assistant_unreachable":
                    deadline = min(deadline, max(notice.at, started) + _PATIENCE_S)
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    return result
                try:
                    if await asyncio.wait_for(events.next(), left_s) is None:
                        return await self.result(conversation, message_id)
                except TimeoutError:
                    return await self.result(conversation, message_id)
