"""Who is calling: nobody known, a conversation's token, a signed-in account, a shop's own program, or the
installation's command line."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from privacy import PSEUDONYM, rights_of
from service.accounts.cookie import session_token
from service.accounts.sign_in import lacks_second_factor
from service.context import Services
from store import PROGRAM_KEY_PREFIX, Account, Conversation, ProgramKey, SignedIn
from vocabulary import Right

_bearer = HTTPBearer(
    auto_error=False, description="the conversation's token, or a program's key; each was shown once, when it was made"
)

ANONYMOUS: Final = "anonymous"
GUEST: Final = "guest"
OPERATOR: Final = "operator"
PROGRAM: Final = "program"


def get_services(connection: HTTPConnection) -> Services:
    """The process's parts."""
    services = connection.app.state.services
    assert isinstance(services, Services)
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


@dataclass(frozen=True)
class Caller:
    """One caller of one request.

    kind: anonymous, guest, operator, program, or the role of the signed-in account. rights: what it may do now.
    conversation: the one that the guest's token opens. signed_in: the session of the cookie. program: the key that was
    sent. None for others.
    has_token: a token was sent, whether it opened something or not. needs_sign_in: it is the token of a conversation
    that belongs to an account by now, which only that account's session opens. bad_key: it looks like a program's key,
    and is none, or no more.
    """

    kind: str
    rights: frozenset[Right]
    conversation: Conversation | None = None
    signed_in: SignedIn | None = None
    program: ProgramKey | None = None
    has_token: bool = False
    needs_sign_in: bool = False
    bad_key: bool = False

    @property
    def account(self) -> Account | None:
        """The signed-in account."""
        return None if self.signed_in is None else self.signed_in.account

    def may(self, right: Right) -> bool:
        """Whether the caller has this right."""
        return right in self.rights


def is_operator(services: Services, token: str) -> bool:
    """Whether this is the token of the installation's own command line."""
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), services.secrets.operator_token.encode())


async def caller_with_token(services: Services, conversation_id: str | None, token: str) -> Caller:
    """Who a token makes its bearer: operator, guest of that conversation, or nobody known."""
    if is_operator(services, token):
        return Caller(OPERATOR, rights_of(OPERATOR), has_token=True)
    if conversation_id is not None and PSEUDONYM.fullmatch(conversation_id):
        async with services.db.reading() as tx:
            conversation = await tx.conversations.authenticate(conversation_id, token)
            customer = await tx.customers.get(conversation.customer_id) if conversation is not None else None
        if customer is not None and customer.has_account:
            return Caller(ANONYMOUS, rights_of(ANONYMOUS), has_token=True, needs_sign_in=True)
        if conversation is not None:
            return Caller(GUEST, rights_of(GUEST), conversation=conversation, has_token=True)
    return Caller(ANONYMOUS, rights_of(ANONYMOUS), has_token=True)


async def caller_with_key(services: Services, secret: str) -> Caller:
    """Which program a key makes its bearer. Raises: Refused (429, it asks too often)."""
    async with services.db.reading() as tx:
        key = await tx.program_keys.of_secret(secret)
    if key is None:
        return Caller(ANONYMOUS, rights_of(ANONYMOUS), has_token=True, bad_key=True)
    services.program_limit.check(key.id)
    if key.is_due:
        async with services.db.transaction() as tx:
            await tx.program_keys.used(key)
    return Caller(PROGRAM, rights_of(PROGRAM), program=key, has_token=True)


async def caller_with_cookie(services: Services, connection: HTTPConnection) -> Caller:
    """Who the browser's session makes its holder: an account, or nobody known."""
    signed_in = await _signed_in(services, connection)
    if signed_in is None:
        return Caller(ANONYMOUS, rights_of(ANONYMOUS))
    account = signed_in.account
    rights = rights_now(account, admin_second_factor=services.settings.admin_second_factor)
    return Caller(account.role, rights, signed_in=signed_in)


def rights_now(account: Account, *, admin_second_factor: bool) -> frozenset[Right]:
    """What a signed-in account may do. Whoever has the password that was printed at the first start may only choose
    another one, and admins who need a second factor and have none may only set it up."""
    if account.has_first_password or lacks_second_factor(account, of_admins=admin_second_factor):
        return frozenset({Right.ACCOUNT_OWN})
    return rights_of(account.role)


async def _signed_in(services: Services, connection: HTTPConnection) -> SignedIn | None:
    token = session_token(connection)
    if token is None:
        return None
    async with services.db.reading() as tx:
        return await tx.sessions.of_token(token)


async def get_caller(
    request: Request,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    """The caller of this request. A token outranks the cookie: whoever sends one means that conversation."""
    named = request.query_params.get("conversation") or request.path_params.get("conversation_id")
    token = credentials.credentials if credentials is not None else ""
    return await caller_of(services, request, named, token)


async def caller_of(services: Services, connection: HTTPConnection, conversation_id: str | None, token: str) -> Caller:
    """Who calls about a conversation, or about nothing named. token: empty for none."""
    if token.startswith(PROGRAM_KEY_PREFIX):
        return await caller_with_key(services, token)
    by_token = await caller_with_token(services, conversation_id, token) if token else None
    if by_token is not None and by_token.needs_sign_in:
        # Signing out has to close what belongs to the account, whatever a browser still remembers.
        by_cookie = await caller_with_cookie(services, connection)
        return by_token if by_cookie.kind == ANONYMOUS else by_cookie
    if by_token is not None and (conversation_id is not None or by_token.kind == OPERATOR):
        return by_token
    return await caller_with_cookie(services, connection)


CallerDep = Annotated[Caller, Depends(get_caller)]
