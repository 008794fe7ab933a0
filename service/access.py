"""What callers of conversations share: rate limits, and the conversation that is the caller's own."""

from typing import Annotated

from fastapi import Depends, Request

from privacy import PSEUDONYM
from service.addresses import address_key, address_of
from service.caller import GUEST, OPERATOR, Caller, CallerDep
from service.caller import ServicesDep as ServicesDep
from service.caller import get_services as get_services
from service.caller import is_operator as is_operator
from service.context import Services
from service.permit import refusal, unknown_conversation
from store import Conversation
from vocabulary import Right


async def limit_address(request: Request, services: ServicesDep) -> None:
    """Refuse an address that asks too often. Raises: Refused with status 429."""
    services.address_limit.check(address_of(request))


async def limit_search(request: Request, services: ServicesDep) -> None:
    """Refuse an address that searches like a machine: each search asks an encoder. Raises: Refused with status 429."""
    services.search_limit.check(address_key(address_of(request)))


async def limit_new_conversations(request: Request, services: ServicesDep, caller: CallerDep) -> None:
    """Refuse an address that starts conversations like a machine: each one is a new chance to guess.

    Raises: Refused with status 429.
    """
    if caller.kind != OPERATOR:
        services.conversation_limit.check(address_of(request))


async def open_conversation(services: Services, conversation_id: str, caller: Caller) -> Conversation:
    """The conversation, if it is the caller's: by its token, by the account it belongs to, or as the operator.

    Raises: NotAllowed (401 without any token or session, 403 for staff), Refused (404, there is none for this caller).
    """
    if not caller.may(Right.CONVERSATION_OWN):
        raise refusal(caller, Right.CONVERSATION_OWN)
    if caller.kind == GUEST:
        if caller.conversation is None or caller.conversation.id != conversation_id:
            raise unknown_conversation()
        return caller.conversation
    if not PSEUDONYM.fullmatch(conversation_id):
        raise unknown_conversation()
    async with services.db.reading() as tx:
        conversation = await tx.conversations.get(conversation_id)
    if conversation is None:
        raise unknown_conversation()
    if caller.kind == OPERATOR:
        # Somebody else than the customer: on record before anything of it is shown or changed.
        async with services.db.transaction() as tx:
            await tx.audit.add(
                OPERATOR,
                "conversation.open",
                subject=conversation.customer_id,
                purpose="the installation's command line",
            )
        return conversation
    if caller.account is not None and conversation.customer_id == caller.account.customer_id:
        return conversation
    raise unknown_conversation()


async def _customer(conversation_id: str, services: ServicesDep, caller: CallerDep) -> Conversation:
    return await open_conversation(services, conversation_id, caller)


CustomerConversation = Annotated[Conversation, Depends(_customer)]
"""A conversation that is the caller's own."""


async def _may_send(conversation: CustomerConversation, services: ServicesDep, caller: CallerDep) -> Conversation:
    # The command line measures with hundreds of turns a minute; it is the operator's own.
    if caller.kind != OPERATOR:
        services.message_limit.check(conversation.id)
    return conversation


SendingConversation = Annotated[Conversation, Depends(_may_send)]
"""The same, within the rate limit for messages."""
