"""How the catalogue stands."""

from dataclasses import dataclass
from typing import Any

from store import Transaction


@dataclass(frozen=True)
class CatalogueStatus:
    """items: how many. version: grows with every change. facts: what holds for all of it, such as the currency."""

    items: int
    version: int
    categories: int
    facts: dict[str, Any]
    image_hosts: tuple[str, ...]


async def status_of(tx: Transaction) -> CatalogueStatus:
    """As it stands in this transaction."""
    return CatalogueStatus(
        items=await tx.catalogue.count(),
        version=await tx.catalogue.version(),
        categories=len(await tx.catalogue.categories()),
        facts=await tx.catalogue.facts(),
        image_hosts=tuple(await tx.catalogue.image_hosts()),
    )
