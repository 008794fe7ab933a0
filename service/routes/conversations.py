"""Starting a conversation, looking at it, and consent."""

from fastapi import APIRouter, Depends

from privacy import NOTICE_VERSION, notice
from service.access import CustomerConversation, ServicesDep, limit_address, limit_new_conversations
from service.caller import CallerDep
from service.consenting import may_ask
from service.conversation_shapes import (
    ConsentAnswered,
    ConsentIn,
    ConsentOut,
    ConversationCreated,
    ConversationOut,
    NoticeOut,
    ReceiptOut,
)
from service.owners import agent_name
from service.permit import permit, public
from vocabulary import Owner, Purpose, Right, Role, Signal

router = APIRouter(prefix="/api/conversations", tags=["conversations"], dependencies=[Depends(limit_address)])


@router.post(
    "",
    status_code=201,
    summary="Start a conversation",
    dependencies=[Depends(limit_new_conversations), public("guests chat without an account")],
)
async def create_conversation(services: ServicesDep, caller: CallerDep) -> ConversationCreated:
    """Nothing is scored until the customer consents. Show the notice first; keep the token, it is not shown again.

    Of a signed-in customer (cookie) the conversation belongs to the account, with the consents given there.
    """
    account = caller.account
    customer_id = account.customer_id if account is not None and account.role is Role.CUSTOMER else None
    async with services.db.transaction() as tx:
        created = await tx.conversations.create(channel="web", customer_id=customer_id)
        granted = await tx.consents.granted(created.customer_id)
    return ConversationCreated(
        conversation=created.id,
        token=created.token,
        owner=Owner.BOT.value,
        consent=ConsentOut.of(granted),
        notice=NoticeOut(version=NOTICE_VERSION, text=notice().text),
        joined=customer_id is not None,
    )


@router.get(
    "/{conversation_id}",
    summary="Where a conversation stands",
    dependencies=[permit(Right.CONVERSATION_OWN)],
)
async def get_conversation(conversation: CustomerConversation, services: ServicesDep) -> ConversationOut:
    """The owner, the consent, the name of the person who answers, and the last message's seq."""
    async with services.db.reading() as tx:
        granted = await tx.consents.granted(conversation.customer_id)
        agent = await agent_name(tx, conversation)
        asking = await may_ask(tx, conversation)
    return ConversationOut(
        conversation=conversation.id,
        owner=conversation.owner.value,
        consent=ConsentOut.of(granted),
        agent=agent,
        last_seq=conversation.last_seq,
        may_ask=asking,
    )


@router.put(
    "/{conversation_id}/consent",
    summary="Allow or forbid one signal",
    dependencies=[permit(Right.CONVERSATION_OWN)],
)
async def answer_notice(
    conversation: CustomerConversation, answer: ConsentIn, services: ServicesDep
) -> ConsentAnswered:
    """For this use now (assist); further uses are allowed in the consent centre. Holds from the next message on.

    A withdrawal also deletes the scores that came from the signal, and ends its further uses.
    """
    customer_id = conversation.customer_id
    answered = await services.consenting.answer(
        customer_id, Signal(answer.signal), Purpose.ASSIST, answer.granted, answer.text_version
    )
    async with services.db.reading() as tx:
        granted = await tx.consents.granted(customer_id)
        asking = await may_ask(tx, conversation)
    return ConsentAnswered(receipt=ReceiptOut.of(answered.receipts[0]), consent=ConsentOut.of(granted), may_ask=asking)
