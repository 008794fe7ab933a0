"""What visitors do in the shop."""

from fastapi import APIRouter, Depends, Request

from service.access import ServicesDep, limit_address
from service.addresses import address_key, address_of
from service.caller import GUEST, Caller, CallerDep
from service.permit import public
from service.shop_shapes import ShopEventIn
from service.visits import CHAT, STOREFRONT, ShopEvent
from vocabulary import STAFF_ROLES, Role

router = APIRouter(
    prefix="/api",
    tags=["shop"],
    dependencies=[
        Depends(limit_address),
        public("a shop page counts views under a random session id; nothing can be read back"),
    ],
)


@router.post("/events", status_code=204, summary="Record a shop event")
async def record_event(event: ShopEventIn, request: Request, caller: CallerDep, services: ServicesDep) -> None:
    """A view, dwell, click, cart, purchase or rating of one item, under a random session id.

    A customer who is signed in, or names a conversation with its token (?conversation=), and has allowed it is known by
    the pseudonym instead. The same within a minute is one event; what staff do is none.
    """
    if caller.kind in STAFF_ROLES:
        return
    await services.visits.take(
        ShopEvent(event.type, event.item_id, event.session, event.value),
        customer_id=_customer_of(caller),
        origin=CHAT if caller.kind == GUEST else STOREFRONT,
        address=address_key(address_of(request)),
        agent=request.headers.get("user-agent", ""),
    )


def _customer_of(caller: Caller) -> str | None:
    """The pseudonym of a caller who has shown who they are: a customer's session, or a conversation's token."""
    if caller.kind == GUEST and caller.conversation is not None:
        return caller.conversation.customer_id
    account = caller.account
    return account.customer_id if account is not None and account.role is Role.CUSTOMER else None
