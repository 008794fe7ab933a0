"""Keeping the catalogue up to date: by a shop's own programs over the API, and by staff at the desk."""

from service.catalogue.editing import (
    MOST_ROWS,
    Bulk,
    add_item,
    change_item,
    change_rows,
    delete_item,
    put_item,
)
from service.catalogue.importing import Import, Importer, keep
from service.catalogue.shapes import ItemIn, ItemPatch, RowIn
from service.catalogue.status import CatalogueStatus, status_of

__all__ = [
    "MOST_ROWS",
    "Bulk",
    "CatalogueStatus",
    "Import",
    "Importer",
    "ItemIn",
    "ItemPatch",
    "RowIn",
    "add_item",
    "change_item",
    "change_rows",
    "delete_item",
    "keep",
    "put_item",
    "status_of",
]
