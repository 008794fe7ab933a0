"""Who may call: each right is a type in a route's signature."""

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from privacy import PSEUDONYM
from service.context import Services
from service.errors import NotAllowed, Refused
from store import Conversation

_bearer = HTTPBearer(auto_error=False, description="the conversation's token, given once when it was created")


def get_services(request: Request) -> Services:
    """The process's parts."""
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


async def limit_address(request: Request, services: ServicesDep) -> None:
    """Refuse an address that asks too often. Raises: Refused with status 429."""
    services.address_limit.check(request.client.host if request.client else "unknown")


async def limit_new_conversations(
    request: Request,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Refuse an address that starts conversations like a machine: each one is a new chance to guess.

    Raises: Refused with status 429.
    """
    if credentials is None or not is_operator(services, credentials.credentials):
        services.conversation_limit.check(request.client.host if request.client else "unknown")


def is_operator(services: Services, token: str) -> bool:
    """Whether this is the token of the installation's own command line."""
    return hmac.compare_digest(token.encode(), services.secrets.operator_token.encode())


async def open_conversation(services: Services, conversation_id: str, token: str) -> Conversation:
    """The conversation, if the token opens it.

    Raises: Refused (404, there is none), NotAllowed (401, wrong token).
    """
    unknown = Refused(
        "unknown_conversation", "There is no such conversation. Start one with POST /api/conversations.", status=404
    )
    if not PSEUDONYM.fullmatch(conversation_id):
        raise unknown
    async with services.db.reading() as tx:
        conversation = await tx.conversations.get(conversation_id)
        if conversation is None:
            raise unknown
        if is_operator(services, token):
            return conversation
        authenticated = await tx.conversations.authenticate(conversation_id, token)
    if authenticated is None:
        raise NotAllowed("wrong_token", "This token does not open this conversation.")
    return authenticated


async def _customer(
    conversation_id: str,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Conversation:
    if credentials is None:
        raise NotAllowed("token_missing", "This needs the conversation's token: 'Authorization: Bearer <token>'.")
    return await open_conversation(services, conversation_id, credentials.credentials)


CustomerConversation = Annotated[Conversation, Depends(_customer)]
"""A conversation that the caller has opened with its token."""


async def _may_send(
    conversation: CustomerConversation,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Conversation:
    # The command line measures with hundreds of turns a minute; it is the operator's own.
    if credentials is None or not is_operator(services, credentials.credentials):
        services.message_limit.check(conversation.id)
    return conversation


SendingConversation = Annotated[Conversation, Depends(_may_send)]
"""The same, within the rate limit for messages."""
