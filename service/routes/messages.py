"""Typed messages, buttons, asking for a person, and turn results."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from service.access import CustomerConversation, SendingConversation, ServicesDep, limit_address
from service.context import Services
from service.intake import Accepted
from service.permit import permit
from service.shapes import (
    AcceptedOut,
    ButtonIn,
    CorrectedOut,
    CorrectionIn,
    MessageOut,
    MessagesOut,
    PersonIn,
    TextIn,
    TurnOut,
)
from store import Conversation
from vocabulary import Right

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["messages"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)

Wait = Annotated[
    float | None, Query(ge=0, le=120, description="seconds to wait for the answer; without it, 202 at once")
]
WAITED: dict[int | str, dict[str, Any]] = {
    200: {"model": TurnOut, "description": "with ?wait=: the turn, answered or as far as it has come"}
}


async def respond(
    services: Services,
    response: Response,
    conversation: Conversation,
    accepted: Accepted,
    wait: float | None,
    *,
    spoken: bool = False,
) -> AcceptedOut | TurnOut:
    """What every way of sending gives back: the receipt, or with `wait` the turn."""
    if wait is None:
        return AcceptedOut(
            id=accepted.id, seq=accepted.seq, repeated=accepted.repeated, transcript=accepted.text if spoken else None
        )
    response.status_code = 200
    return await services.turns.wait(conversation, accepted.id, wait_s=min(wait, services.settings.max_wait_s))


@router.post("/messages", status_code=202, responses=WAITED, summary="Send a message")
async def send_text(
    conversation: SendingConversation,
    message: TextIn,
    services: ServicesDep,
    response: Response,
    wait: Wait = None,
) -> AcceptedOut | TurnOut:
    """Stored before it is acknowledged. Sending the same id again changes nothing."""
    accepted = await services.intake.text(conversation, message.id, message.text)
    return await respond(services, response, conversation, accepted, wait)


@router.post("/buttons", status_code=202, responses=WAITED, summary="Choose a button")
async def choose_button(
    conversation: SendingConversation,
    choice: ButtonIn,
    services: ServicesDep,
    response: Response,
    wait: Wait = None,
) -> AcceptedOut | TurnOut:
    """By the reply that shows it and its position; what it means to the assistant never leaves this process."""
    accepted = await services.intake.button(conversation, choice.id, choice.reply_id, choice.index)
    return await respond(services, response, conversation, accepted, wait)


@router.post("/person", status_code=202, responses=WAITED, summary="Ask for a person")
async def ask_for_person(
    conversation: SendingConversation,
    wish: PersonIn,
    services: ServicesDep,
    response: Response,
    wait: Wait = None,
) -> AcceptedOut | TurnOut:
    """Works with and without consent, and while the assistant is down."""
    accepted = await services.intake.person(conversation, wish.id)
    return await respond(services, response, conversation, accepted, wait)


@router.post("/messages/{message_id}/correction", status_code=202, summary="Correct a spoken message")
async def correct_message(
    conversation: SendingConversation,
    message_id: str,
    correction: CorrectionIn,
    services: ServicesDep,
) -> CorrectedOut:
    """Replaces the text if the message has not left for the assistant yet; else a new message says what was meant.

    Once for each spoken message; the same id again changes nothing.
    """
    corrected = await services.corrections.correct(conversation, message_id, correction.id, correction.text)
    return CorrectedOut(
        id=corrected.message.id,
        seq=corrected.message.seq,
        corrects=message_id,
        text=corrected.message.text,
        replaced=corrected.replaced,
        repeated=corrected.repeated,
    )


@router.get("/messages", summary="Read the conversation")
async def read_messages(
    conversation: CustomerConversation,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, description="seq of the last message that you have")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> MessagesOut:
    """Messages of all authors after a seq, in order."""
    async with services.db.reading() as tx:
        messages = await tx.inbox.history(conversation.id, after_seq=after, limit=limit)
    return MessagesOut(messages=[MessageOut.of(message) for message in messages], owner=conversation.owner.value)


@router.get("/turns/{message_id}", summary="The result of one turn")
async def read_turn(conversation: CustomerConversation, message_id: str, services: ServicesDep) -> TurnOut:
    """Replies, suggestions, and what was scored with consent."""
    return await services.turns.result(conversation, message_id)
