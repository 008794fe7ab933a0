"""A customer's own conversations, and how a guest's becomes an account's."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from privacy import PSEUDONYM, SELF
from service.access import ServicesDep, limit_address
from service.errors import NotAllowed, Refused
from service.hub import JOINED
from service.permit import Person, PersonDep, permit, unknown_conversation
from service.shapes import In, MessageOut
from service.text import beginning
from store import Answered, PastConversation, Transaction
from vocabulary import Author, Right

router = APIRouter(
    prefix="/api/me/conversations", tags=["me"], dependencies=[Depends(limit_address), permit(Right.DATA_OWN)]
)

join_router = APIRouter(
    prefix="/api/me/conversations", tags=["me"], dependencies=[Depends(limit_address), permit(Right.ACCOUNT_OWN)]
)

_PREVIEW_CHARS = 80
_PREVIEWS = 50
"""Conversations that are shown with their first words: each costs a look at its messages."""


class PastOut(BaseModel):
    """One conversation in short. preview: the customer's first words; null for older ones. messages: of all authors."""

    id: str
    started_at: str
    last_at: str
    messages: int
    owner: str
    preview: str | None


class ConversationsOut(BaseModel):
    """The one with the newest message first."""

    conversations: list[PastOut]


class WholeConversation(BaseModel):
    """One conversation with every message."""

    id: str
    messages: list[MessageOut]


class JoinIn(In):
    """A guest's conversation, opened by its token."""

    conversation: str = Field(max_length=255)
    token: str = Field(max_length=200)


class JoinedOut(BaseModel):
    """The conversation belongs to the account now."""

    conversation: str


@router.get("", summary="My conversations")
async def list_conversations(person: PersonDep, services: ServicesDep) -> ConversationsOut:
    """Every conversation that hangs on this person."""
    async with services.db.reading() as tx:
        past = await tx.people_history.conversations(person.customer_id)
        previews = {one.id: await _preview(tx, one) for one in past[:_PREVIEWS]}
    return ConversationsOut(
        conversations=[
            PastOut(
                id=one.id,
                started_at=one.started_at.isoformat(),
                last_at=one.last_at.isoformat(),
                messages=one.messages,
                owner=one.owner.value,
                preview=previews.get(one.id),
            )
            for one in past
        ]
    )


@router.get("/{conversation_id}", summary="One of my conversations, whole")
async def get_own_conversation(person: PersonDep, conversation_id: str, services: ServicesDep) -> WholeConversation:
    """Every message as it was written and answered, with what was suggested. Somebody else's is a 404."""
    async with services.db.reading() as tx:
        await check_own(tx, person, conversation_id)
        messages = await tx.inbox.whole(conversation_id)
    return WholeConversation(id=conversation_id, messages=[MessageOut.of(message) for message in messages])


@join_router.post("/join", summary="Take a guest's conversation into my account")
async def join(person: PersonDep, given: JoinIn, services: ServicesDep) -> JoinedOut:
    """Messages, readings, consents, profile and feedback of the guest become the account's; from then on its session
    opens the conversation, and the token does not. Where the two have answered the notice differently the later answer
    counts, and what it does not allow is deleted. Joining again changes nothing.

    Raises: NotAllowed (401 without an account), Refused (404 for a wrong token, 409 belongs_to_account).
    """
    if person.account is None:
        raise NotAllowed("not_signed_in", "Please sign in first: a conversation is joined to an account.")
    if not PSEUDONYM.fullmatch(given.conversation):
        raise unknown_conversation()

    moved: tuple[str, ...] = ()

    async def act(tx: Transaction) -> Answered:
        nonlocal moved
        conversation = await tx.conversations.authenticate(given.conversation, given.token)
        if conversation is None:
            raise unknown_conversation()
        if conversation.customer_id == person.customer_id:
            return Answered()
        guest = await tx.customers.get(conversation.customer_id)
        if guest is None or guest.has_account:
            raise Refused("belongs_to_account", "This conversation belongs to another account.", status=409)
        await tx.audit.add(SELF, "conversation.join", subject=person.customer_id, purpose="joined to the own account")
        moved = await tx.customers.conversations_of(guest.id)
        answered = await services.consenting.join(guest.id, person.customer_id, tx)
        await tx.events.add("conversation.joined", {}, conversation_id=conversation.id, customer_id=person.customer_id)
        return answered

    await services.consenting.change(person.customer_id, act)
    for conversation_id in moved:
        services.hub.publish(conversation_id, JOINED)
    return JoinedOut(conversation=given.conversation)


async def check_own(tx: Transaction, person: Person, conversation_id: str) -> None:
    """Raises: Refused (404) unless the conversation is this person's; also where there is none."""
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None or conversation.customer_id != person.customer_id:
        raise unknown_conversation()


async def _preview(tx: Transaction, past: PastConversation) -> str | None:
    first = await tx.inbox.history(past.id, limit=5)
    words = next((" ".join(one.text.split()) for one in first if one.author is Author.CUSTOMER), None)
    return None if words is None else beginning(words, _PREVIEW_CHARS)
