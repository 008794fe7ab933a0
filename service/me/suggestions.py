"""What was suggested to a customer, and what they say about it."""

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from service.access import ServicesDep, limit_address
from service.errors import Refused
from service.me.conversations import check_own
from service.permit import Person, PersonDep, permit
from service.shapes import In
from service.visits import CHAT
from store import Message, Opinion, Transaction
from vocabulary import Interaction, InteractionKind, Purpose, Right, Suggestion

router = APIRouter(
    prefix="/api/me/suggestions", tags=["me"], dependencies=[Depends(limit_address), permit(Right.DATA_OWN)]
)


class OpinionIn(In):
    """What the customer says about an item. none takes it back. conversation: where it was said, if in one."""

    verdict: Literal["helpful", "not_helpful", "not_for_me", "none"] = Field(
        description="not_for_me: never suggest it to me again"
    )
    conversation: str | None = Field(default=None, max_length=255)


class SuggestedOut(BaseModel):
    """One item that was suggested, where it was suggested last, and what the customer says about it."""

    item_id: str
    title: str
    price: float | None
    currency: str
    category: str
    reason: str
    at: str
    conversation: str
    message: str
    verdict: str | None


class SuggestionsOut(BaseModel):
    """Each item once, the one that was suggested last first."""

    suggestions: list[SuggestedOut]


@router.get("", summary="What was suggested to me")
async def list_suggestions(person: PersonDep, services: ServicesDep) -> SuggestionsOut:
    """From all of the customer's conversations."""
    async with services.db.reading() as tx:
        return SuggestionsOut(suggestions=await _suggested(tx, person))


@router.put("/{item_id}", summary="Say whether it helps")
async def judge_suggestion(person: PersonDep, item_id: str, said: OpinionIn, services: ServicesDep) -> SuggestedOut:
    """Obeyed from the next suggestion on. Raises: Refused (404 unknown_item: never suggested to this customer)."""
    async with services.db.reading() as tx:
        if said.conversation is not None:
            await check_own(tx, person, said.conversation)
        found = next((one for one in await _suggested(tx, person) if one.item_id == item_id), None)
    if found is None:
        raise Refused("unknown_item", "This was never suggested to you.", status=404)
    async with services.db.transaction() as tx:
        if said.verdict == "none":
            await tx.suggestion_feedback.take_back(person.customer_id, item_id)
        else:
            await tx.suggestion_feedback.put(person.customer_id, item_id, Opinion(said.verdict), said.conversation)
        await _note(tx, person.customer_id, item_id, unwanted=said.verdict == "not_for_me")
        await tx.events.add(
            "suggestion.judged",
            {"item_id": item_id, "verdict": said.verdict},
            conversation_id=said.conversation,
            customer_id=person.customer_id,
        )
    return found.model_copy(update={"verdict": None if said.verdict == "none" else said.verdict})


async def _note(tx: Transaction, customer_id: str, item_id: str, *, unwanted: bool) -> None:
    """What is learned from a "not for me", where that is allowed. It is obeyed in any case."""
    await tx.interactions.take_back(customer_id, item_id, InteractionKind.NOT_FOR_ME)
    uses = await tx.consents.behaviour_uses(customer_id)
    if unwanted and Purpose.PERSONALISE in uses:
        told = Interaction(customer_id, item_id, InteractionKind.NOT_FOR_ME, datetime.now(UTC))
        await tx.interactions.add([told], CHAT, counts=Purpose.IMPROVE in uses)


async def _suggested(tx: Transaction, person: Person) -> list[SuggestedOut]:
    said = {one.item_id: one.opinion.value for one in await tx.suggestion_feedback.of_customer(person.customer_id)}
    latest: dict[str, tuple[Message, Suggestion]] = {}
    for conversation_id in await tx.customers.conversations_of(person.customer_id):
        for message in await tx.inbox.whole(conversation_id):
            for suggestion in message.suggestions:
                known = latest.get(suggestion.item_id)
                if known is None or known[0].created_at <= message.created_at:
                    latest[suggestion.item_id] = (message, suggestion)
    newest_first = sorted(latest.values(), key=lambda one: one[0].created_at, reverse=True)
    return [
        SuggestedOut(
            item_id=suggestion.item_id,
            title=suggestion.title,
            price=None if suggestion.price is None else float(suggestion.price),
            currency=suggestion.currency,
            category=suggestion.category,
            reason=suggestion.reason,
            at=message.created_at.isoformat(),
            conversation=message.conversation_id,
            message=message.id,
            verdict=said.get(suggestion.item_id),
        )
        for message, suggestion in newest_first
    ]
