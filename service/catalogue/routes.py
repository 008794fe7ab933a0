"""The catalogue over HTTP, for a shop's own programs (with a key) and for staff (signed in)."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response

from service.access import ServicesDep, limit_address
from service.caller import Caller, CallerDep
from service.catalogue.editing import MOST_ROWS, add_item, change_item, change_rows, delete_item, put_item
from service.catalogue.import_shapes import ImportOut
from service.catalogue.shapes import (
    BulkOut,
    ItemBody,
    ItemIn,
    ItemPatch,
    RejectedRow,
    StatusOut,
    StoredItemOut,
    StoredPageOut,
)
from service.catalogue.status import status_of
from service.errors import Refused
from service.permit import permit
from service.uploads import read_form
from store import ItemChanged, NotFound, StoredItem, StoreError
from vocabulary import Right

router = APIRouter(prefix="/api/catalogue", tags=["catalogue"], dependencies=[Depends(limit_address)])
_VIEW: Final = permit(Right.CATALOGUE_VIEW)
_EDIT: Final = permit(Right.CATALOGUE_EDIT)
_TAG: Final = re.compile(r'"(\d{1,15})"')
_CONFLICTS: Final[dict[int | str, dict[str, Any]]] = {412: {"description": "it has changed since that version"}}
_FILE: Final = {"type": "string", "format": "binary"}
_IMPORT_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": _FILE,
                        "mapping": {"type": "string", "description": "JSON object: field → column; empty: proposed"},
                        "currency": {"type": "string"},
                        "dry_run": {"type": "string", "enum": ["true", "false"]},
                        "update": {"type": "string", "enum": ["true", "false"]},
                    },
                }
            }
        },
    }
}


def actor_of(caller: Caller) -> str:
    """Who the audit says has done it: the account, or the program's key."""
    if caller.account is not None:
        return caller.account.id
    assert caller.program is not None, "the right to edit is an account's or a program's"
    return caller.program.actor


def _expected(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The version that the caller has seen. Raises: Refused (422 bad_if_match)."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Refused("bad_if_match", 'If-Match holds no ETag of an item; expected the one that was given, as "12".')
    return int(found[1])


Expected = Annotated[int | None, Depends(_expected)]


@router.get("/items", dependencies=[_VIEW], summary="List items")
async def list_items(
    services: ServicesDep,
    category: Annotated[str | None, Query(max_length=100)] = None,
    text: Annotated[str | None, Query(max_length=200)] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> StoredPageOut:
    """By category and words, a page at a time."""
    async with services.db.reading() as tx:
        found, total = await tx.catalogue.stored_page(category=category, text=text, offset=offset, limit=limit)
        version = await tx.catalogue.version()
    return StoredPageOut(items=[StoredItemOut.of(one) for one in found], total=total, version=version)


@router.post("/items", status_code=201, dependencies=[_EDIT], summary="Add an item")
async def post_item(given: ItemIn, caller: CallerDep, services: ServicesDep, response: Response) -> StoredItemOut:
    """Refused if the id is taken (409 item_exists)."""
    try:
        async with services.db.transaction() as tx:
            stored = await add_item(tx, actor_of(caller), given.item(given.id))
    except ItemChanged:
        raise Refused(
            "item_exists", "There is an item with this id. Change it with PUT or PATCH.", status=409
        ) from None
    return _tagged(stored, response)


@router.patch("/items", dependencies=[_EDIT], summary="Set prices and stocks of many items")
async def patch_items(
    rows: Annotated[list[Any], Body(max_length=MOST_ROWS)], caller: CallerDep, services: ServicesDep
) -> BulkOut:
    """A list of {id, price, stock}. Rows that cannot be are told with their reason; the others hold."""
    async with services.db.transaction() as tx:
        bulk = await change_rows(tx, actor_of(caller), rows)
        version = await tx.catalogue.version()
    rejected = [RejectedRow(row=row, id=item_id, reason=reason) for row, item_id, reason in bulk.rejected]
    return BulkOut(changed=bulk.changed, rejected=rejected, version=version)


@router.get("/items/{item_id}", dependencies=[_VIEW], summary="Read an item")
async def get_item(item_id: str, services: ServicesDep, response: Response) -> StoredItemOut:
    """With its version as ETag."""
    async with services.db.reading() as tx:
        stored = await tx.catalogue.stored(item_id)
    if stored is None:
        raise _unknown()
    return _tagged(stored, response)


@router.put("/items/{item_id}", dependencies=[_EDIT], responses=_CONFLICTS, summary="Add or replace an item")
async def replace_item(
    item_id: str, given: ItemBody, expected: Expected, caller: CallerDep, services: ServicesDep, response: Response
) -> StoredItemOut:
    """With If-Match only in place of that version."""
    whole = ItemIn.model_validate({"id": item_id, **given.model_dump()})
    async with services.db.transaction() as tx:
        return _tagged(await _told(put_item(tx, actor_of(caller), whole.item(item_id), expected=expected)), response)


@router.patch("/items/{item_id}", dependencies=[_EDIT], responses=_CONFLICTS, summary="Change an item")
async def patch_item(
    item_id: str, patch: ItemPatch, expected: Expected, caller: CallerDep, services: ServicesDep, response: Response
) -> StoredItemOut:
    """What is not named stays. With If-Match only that version is changed."""
    async with services.db.transaction() as tx:
        return _tagged(await _told(change_item(tx, actor_of(caller), item_id, patch, expected=expected)), response)


@router.delete(
    "/items/{item_id}", status_code=204, dependencies=[_EDIT], responses=_CONFLICTS, summary="Delete an item"
)
async def remove_item(item_id: str, expected: Expected, caller: CallerDep, services: ServicesDep) -> None:
    """With If-Match only that version."""
    async with services.db.transaction() as tx:
        if not await _told(delete_item(tx, actor_of(caller), item_id, expected=expected)):
            raise _unknown()


@router.post("/import", dependencies=[_EDIT], openapi_extra=_IMPORT_BODY, summary="Import a file")
async def import_file(request: Request, caller: CallerDep, services: ServicesDep) -> ImportOut:
    """CSV, TSV, JSON, JSON Lines or Parquet of any column names. dry_run: nothing is stored, and the mapping that is
    proposed comes back. update: other items stay."""
    form = await read_form(request, field="file")
    return await services.importer.of_form(actor_of(caller), form)


@router.get("/status", dependencies=[_VIEW], summary="How the catalogue stands")
async def get_status(services: ServicesDep) -> StatusOut:
    """Items, version, what holds for all of them."""
    async with services.db.reading() as tx:
        return StatusOut.of(await status_of(tx))


def _tagged(stored: StoredItem, response: Response) -> StoredItemOut:
    response.headers["ETag"] = f'"{stored.version}"'
    return StoredItemOut.of(stored)


async def _told(work: Any) -> Any:
    """The result; the store's refusals in the words of the API. Raises: Refused (404, 412)."""
    try:
        return await work
    except ItemChanged as err:
        raise Refused("item_changed", str(err), status=412) from None
    except NotFound:
        raise _unknown() from None
    except StoreError as err:
        if err.code != "item_invalid":
            raise
        raise Refused("item_invalid", str(err)) from None


def _unknown() -> Refused:
    return Refused("unknown_item", "There is no item with this id. List them at /api/catalogue/items.", status=404)
