"""Who asks to be signed in or to be believed, as far as the request says, and how often they may."""

from typing import Annotated

from fastapi import Depends, Request

from service.accounts.cookie import session_token
from service.accounts.device import device_of
from service.accounts.sign_in import Visitor
from service.addresses import address_of
from service.caller import ServicesDep


def get_visitor(request: Request) -> Visitor:
    """The address, the browser in words, and the session that it has already."""
    return Visitor(address_of(request), device_of(request.headers.get("user-agent", "")), session_token(request))


VisitorDep = Annotated[Visitor, Depends(get_visitor)]


async def limit_proofs(request: Request, services: ServicesDep) -> None:
    """Refuse an address that tries accounts like a machine. Raises: Refused with status 429."""
    services.accounts.limit.check(address_of(request))
