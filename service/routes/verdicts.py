"""The customer's own word about what was sensed."""

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from service.access import SendingConversation, ServicesDep, limit_address
from service.permit import permit
from service.shapes import In, TurnOut
from vocabulary import Perceived, Right

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["messages"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)


class VerdictIn(In):
    """What the customer says about the level that was sensed in a message."""

    perceived: Literal["less_upset", "as_shown", "more_upset"] = Field(
        description="less_upset: it reads too high. as_shown: it is right. more_upset: it reads too low."
    )


@router.put("/turns/{message_id}/verdict", summary="Correct what was sensed")
async def judge_turn(
    conversation: SendingConversation, message_id: str, verdict: VerdictIn, services: ServicesDep
) -> TurnOut:
    """The customer's word outranks the estimate from the next message on; the last word about a message counts."""
    said = Perceived(verdict.perceived)
    await services.verdicts.by_customer(conversation.id, conversation.customer_id, message_id, said)
    return await services.turns.result(conversation, message_id)
