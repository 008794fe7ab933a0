"""Every route says who may call it: `permit(right)`, `public(why)`, or `checks_itself(right, why)`.

What a route says is readable on the route, so that a test can compare all routes with one table of who may what.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, params

from service.caller import ANONYMOUS, GUEST, Caller, CallerDep
from service.errors import NotAllowed, Refused
from store import Account, SignedIn
from vocabulary import Right, Role


@dataclass(frozen=True)
class Permit:
    """Lets callers with one right pass. Raises: NotAllowed (401 without sign-in or token, 403 without the right),
    Refused (404, the token opens nothing here)."""

    right: Right

    async def __call__(self, caller: CallerDep) -> Caller:
        if caller.may(self.right):
            return caller
        raise refusal(caller, self.right)


@dataclass(frozen=True)
class Public:
    """Anybody may call the route. why: the reason, for whoever reviews it."""

    why: str

    async def __call__(self) -> None:
        return None


@dataclass(frozen=True)
class ChecksItself:
    """The route checks the right in its own code, because what it needs comes later than the request's head."""

    right: Right
    why: str

    async def __call__(self) -> None:
        return None


def permit(right: Right) -> Any:
    """For `dependencies=[…]` of a route or router: only callers with this right."""
    return Depends(Permit(right))


def public(why: str) -> Any:
    """For `dependencies=[…]` of a route or router: anybody, for this reason."""
    return Depends(Public(why))


def checks_itself(right: Right, why: str) -> Any:
    """For `dependencies=[…]` of a route: the right is checked inside, for this reason."""
    return Depends(ChecksItself(right, why))


def declaration(dependency: params.Depends | Any) -> Permit | Public | ChecksItself | None:
    """What one dependency of a route declares; None if it declares nothing."""
    call = dependency.dependency if isinstance(dependency, params.Depends) else dependency.call
    return call if isinstance(call, Permit | Public | ChecksItself) else None


def refusal(caller: Caller, right: Right) -> NotAllowed | Refused:
    """Why this caller may not: never that something exists which the caller may not see."""
    if caller.needs_sign_in:
        return NotAllowed("sign_in", "This conversation belongs to an account. Please sign in.")
    if caller.bad_key:
        return NotAllowed("bad_key", "This key opens nothing: it was revoked, or has expired. Ask for a new one.")
    if caller.kind == ANONYMOUS and caller.has_token:
        return unknown_conversation()
    if caller.kind == ANONYMOUS and right is Right.CONVERSATION_OWN:
        return NotAllowed("token_missing", "This needs the conversation's token: 'Authorization: Bearer <token>'.")
    if caller.kind == ANONYMOUS:
        return NotAllowed("not_signed_in", "Please sign in first.")
    return NotAllowed("not_permitted", "This is not open to you. Ask an administrator if you need it.", status=403)


def unknown_conversation() -> Refused:
    """The same words for a conversation that does not exist and for one that is somebody else's."""
    return Refused(
        "unknown_conversation",
        "There is no such conversation for this token. Start one with POST /api/conversations.",
        status=404,
    )


async def get_signed_in(caller: CallerDep) -> SignedIn:
    """The session of whoever is signed in. Raises: NotAllowed (401 not_signed_in)."""
    if caller.signed_in is None:
        raise refusal(caller, Right.ACCOUNT_OWN)
    return caller.signed_in


SignedInDep = Annotated[SignedIn, Depends(get_signed_in)]
"""The signed-in person, for what belongs to an account alone."""


@dataclass(frozen=True)
class Person:
    """Somebody with data of their own. customer_id: the pseudonym that it hangs on.

    account: None for a guest. via: guest or customer, how the caller has shown who they are.
    """

    customer_id: str
    account: Account | None
    via: str


async def get_person(caller: CallerDep) -> Person:
    """The person whose data a route is about: always the caller. Raises: NotAllowed, Refused (404).

    A guest sends the token of a conversation and names it: `?conversation=<id>`.
    """
    if caller.kind == GUEST and caller.conversation is not None:
        return Person(caller.conversation.customer_id, None, GUEST)
    account = caller.account
    if account is not None and account.role is Role.CUSTOMER and account.customer_id is not None:
        return Person(account.customer_id, account, Role.CUSTOMER)
    raise refusal(caller, Right.DATA_OWN)


PersonDep = Annotated[Person, Depends(get_person)]
"""The customer, signed in or with a conversation's token, who asks about their own data."""
