"""What visitors do in the shop."""

from fastapi import APIRouter, Depends

from service.access import ServicesDep, limit_address
from service.permit import public
from service.shop_shapes import ShopEventIn

router = APIRouter(
    prefix="/api",
    tags=["shop"],
    dependencies=[
        Depends(limit_address),
        public("a shop page counts views under a random session id; nothing can be read back"),
    ],
)


@router.post("/events", status_code=204, summary="Record a shop event")
async def record_event(event: ShopEventIn, services: ServicesDep) -> None:
    """A view, click, cart or purchase of one item, under a random session id."""
    async with services.db.transaction() as tx:
        await tx.events.add(event.type, {"item_id": event.item_id, "session": event.session})
