"""What the customer does on the shop's page, sent by the chat page in small batches."""

from fastapi import APIRouter, Depends

from service.access import CustomerConversation, ServicesDep, limit_address
from service.permit import permit
from service.shop_shapes import StepsIn, StepsOut
from service.steps import StepBatch
from store import PastStep
from vocabulary import Right, StepKind

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["behaviour"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)


@router.post("/steps", summary="Report steps of the shop's page")
async def take_steps(conversation: CustomerConversation, batch: StepsIn, services: ServicesDep) -> StepsOut:
    """Only with consent to the signal behaviour (else 403 `no_consent`). Sending the same id again stores nothing.

    Kept encrypted for an hour at most; a withdrawal deletes them. help: something seems to be in the way, so help may
    be offered now, in this tab; that happens once in a conversation and never while a person has it.
    """
    services.steps_limit.check(conversation.id)
    taken = await services.steps.take(
        conversation,
        StepBatch(
            id=batch.id,
            tab=batch.tab,
            idle=batch.idle,
            steps=[PastStep(step.name, StepKind(step.kind), step.ago_ms) for step in batch.steps],
        ),
    )
    return StepsOut(id=batch.id, repeated=taken.repeated, help=taken.help)
