"""Starting a conversation, looking at it, and consent."""

from fastapi import APIRouter, Depends

from privacy import NOTICE_VERSION, notice, plugin_signals
from service.access import CustomerConversation, ServicesDep, limit_address, limit_new_conversations
from service.errors import Refused
from service.owners import agent_name
from service.permit import permit, public
from service.shapes import (
    ConsentAnswered,
    ConsentIn,
    ConsentOut,
    ConversationCreated,
    ConversationOut,
    NoticeOut,
    ReceiptOut,
)
from vocabulary import PLUGIN_MODALITIES, Owner, Purpose, Right, Signal

router = APIRouter(prefix="/api/conversations", tags=["conversations"], dependencies=[Depends(limit_address)])


@router.post(
    "",
    status_code=201,
    summary="Start a conversation",
    dependencies=[Depends(limit_new_conversations), public("guests chat without an account")],
)
async def create_conversation(services: ServicesDep) -> ConversationCreated:
    """Nothing is scored until the customer consents. Show the notice first; keep the token, it is not shown again."""
    async with services.db.transaction() as tx:
        created = await tx.conversations.create(channel="web")
    return ConversationCreated(
        conversation=created.id,
        token=created.token,
        owner=Owner.BOT.value,
        consent=ConsentOut.of(frozenset()),
        notice=NoticeOut(version=NOTICE_VERSION, text=notice().text),
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
    return ConversationOut(
        conversation=conversation.id,
        owner=conversation.owner.value,
        consent=ConsentOut.of(granted),
        agent=agent,
        last_seq=conversation.last_seq,
    )


@router.put(
    "/{conversation_id}/consent",
    summary="Allow or forbid one signal",
    dependencies=[permit(Right.CONVERSATION_OWN)],
)
async def answer_notice(
    conversation: CustomerConversation, answer: ConsentIn, services: ServicesDep
) -> ConsentAnswered:
    """Holds from the next message on. A withdrawal also deletes the scores that came from the signal."""
    if answer.text_version != NOTICE_VERSION and (answer.granted or answer.text_version is not None):
        raise Refused(
            "unknown_notice",
            f"text_version is no version of the notice; the current one is {NOTICE_VERSION}. Show that text first.",
        )
    signal = Signal(answer.signal)
    if answer.granted and signal.value in set(PLUGIN_MODALITIES) and signal not in plugin_signals():
        raise Refused(
            "unknown_signal",
            f"no plug-in that scores {signal} is installed here; install one, or leave this signal out.",
        )
    customer_id = conversation.customer_id
    pending: tuple[str, ...] = ()
    async with services.db.transaction() as tx:
        if signal is Signal.FACE and not answer.granted:
            pending = await tx.frames.of_customer(customer_id)
        if signal is Signal.VOICE and not answer.granted:
            pending = await tx.inbox.pending_clips(customer_id)
        receipt = await tx.consents.record(customer_id, signal, Purpose.ASSIST, answer.granted, NOTICE_VERSION)
        await tx.events.add(
            "consent.changed",
            {"signal": signal.value, "granted": answer.granted, "text_version": NOTICE_VERSION},
            conversation_id=conversation.id,
            customer_id=customer_id,
        )
        granted = await tx.consents.granted(customer_id)
    await services.pictures.delete(pending)
    consent = ConsentOut.of(granted)
    services.hub.publish(conversation.id, {"type": "consent", "consent": consent.model_dump()})
    services.hub.changed(conversation.id)
    return ConsentAnswered(receipt=ReceiptOut.of(receipt), consent=consent)
