"""The demo's domain pack: catalogue and orders written for this project, storefront page, seeding."""

from typing import TYPE_CHECKING, Any

from shop.catalogue import generate_catalogue
from shop.image_hosts import ImageHosts
from shop.known import KNOWN_ORDERS, KnownOrder
from shop.orders import generate_orders, generate_plans
from shop.pricing import Facts, Price, PricingError, Rule, Segment, price, pricing_rules
from shop.seeding import Seeded, seed

if TYPE_CHECKING:
    from shop.storefront import storefront_router

__all__ = [
    "KNOWN_ORDERS",
    "Facts",
    "ImageHosts",
    "KnownOrder",
    "Price",
    "PricingError",
    "Rule",
    "Seeded",
    "Segment",
    "generate_catalogue",
    "generate_orders",
    "generate_plans",
    "price",
    "pricing_rules",
    "seed",
    "storefront_router",
]


def __getattr__(name: str) -> Any:
    # The storefront needs FastAPI, which the other processes do without: it loads when it is asked for.
    if name == "storefront_router":
        from shop.storefront import storefront_router

        return storefront_router
    raise AttributeError(f"module 'shop' has no attribute {name!r}")
