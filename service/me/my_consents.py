"""The consent centre: what may be used for what, in plain words, and proof of every answer."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from privacy import NOTICE_VERSION, notice, plugin_signals
from service.access import ServicesDep, limit_address
from service.consenting import may_ask
from service.context import Services
from service.conversation_shapes import ConsentIn, NoticeOut, ReceiptOut
from service.permit import PersonDep, permit
from store import Transaction
from vocabulary import PLUGIN_MODALITIES, Purpose, Right, Signal

router = APIRouter(
    prefix="/api/me/consents", tags=["me"], dependencies=[Depends(limit_address), permit(Right.DATA_OWN)]
)


class UseIn(ConsentIn):
    """An answer for one signal and one use."""

    purpose: Purpose = Field(description="personalise and improve need assist of the same signal")


class ExplainedUse(BaseModel):
    """A use in plain words."""

    purpose: Purpose
    title: str
    text: str


class GrantedOut(BaseModel):
    """What one signal may be used for now."""

    assist: bool
    personalise: bool
    improve: bool


class SignalOut(BaseModel):
    """A signal in plain words, and what it may be used for."""

    signal: Signal
    title: str
    text: str
    granted: GrantedOut


class MinorNotice(NoticeOut):
    """minor: what people under 18 read instead."""

    minor: str


class ConsentsOut(BaseModel):
    """Everything that can be allowed. minor: under 18 by their own word, so nothing can. may_ask: whether a consent
    that is not given may be asked for now."""

    notice: MinorNotice
    uses: list[ExplainedUse]
    signals: list[SignalOut]
    minor: bool
    may_ask: bool


class ReceiptsOut(BaseModel):
    """Every answer, newest first."""

    receipts: list[ReceiptOut]


@router.get("", summary="What may be used for what")
async def get_consents(person: PersonDep, services: ServicesDep) -> ConsentsOut:
    """All signals and uses with their texts; everything is off until it was turned on."""
    return await _state(services, person.customer_id)


@router.put("", summary="Allow or forbid one use of one signal")
async def answer_use(person: PersonDep, answer: UseIn, services: ServicesDep) -> ConsentsOut:
    """Holds from the next message or picture on. A no deletes what the signal led to under this use."""
    await services.consenting.answer(
        person.customer_id, Signal(answer.signal), answer.purpose, answer.granted, answer.text_version
    )
    return await _state(services, person.customer_id)


@router.post("/off", summary="Turn everything off")
async def turn_everything_off(person: PersonDep, services: ServicesDep) -> ConsentsOut:
    """A no to every signal and use; deletes everything that was derived."""
    await services.consenting.withdraw_all(person.customer_id)
    return await _state(services, person.customer_id)


@router.get("/receipts", summary="Proof of every answer")
async def get_receipts(person: PersonDep, services: ServicesDep) -> ReceiptsOut:
    """Each with the version of the text that was shown, newest first."""
    async with services.db.reading() as tx:
        history = await tx.consents.history(person.customer_id)
    return ReceiptsOut(receipts=[ReceiptOut.of(receipt) for receipt in reversed(history)])


async def _state(services: Services, customer_id: str) -> ConsentsOut:
    async with services.db.reading() as tx:
        customer = await tx.customers.get(customer_id)
        granted = {purpose: await tx.consents.granted(customer_id, purpose) for purpose in Purpose}
        asking = await _may_ask(tx, customer_id)
    words = notice()
    here = [signal for signal in Signal if signal.value not in set(PLUGIN_MODALITIES) or signal in plugin_signals()]
    return ConsentsOut(
        notice=MinorNotice(version=NOTICE_VERSION, text=words.text, minor=words.minor),
        uses=[
            ExplainedUse(purpose=purpose, title=words.uses[purpose].title, text=words.uses[purpose].text)
            for purpose in Purpose
        ],
        signals=[
            SignalOut(
                signal=signal,
                title=words.signals[signal].title,
                text=words.signals[signal].text,
                granted=GrantedOut(**{purpose.value: signal in granted[purpose] for purpose in Purpose}),
            )
            for signal in here
        ],
        minor=customer is not None and customer.minor,
        may_ask=asking,
    )


async def _may_ask(tx: Transaction, customer_id: str) -> bool:
    """By the customer's newest conversation; a customer without one may be asked."""
    newest = next(iter(await tx.people_history.conversations(customer_id)), None)
    conversation = await tx.conversations.get(newest.id) if newest is not None else None
    return conversation is None or await may_ask(tx, conversation)
