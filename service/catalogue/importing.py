"""A file becomes the catalogue: read beside the event loop, stored in one transaction, on record."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from recommender import Reading, ReadOptions, RecommenderError, read_catalogue
from service.catalogue.import_shapes import ImportOut
from service.errors import Refused, Unavailable
from service.uploads import Form
from store import Database, StoreError, Transaction

_PURPOSE: Final = "importing the catalogue"
_FIELDS: Final = frozenset(
    {"mapping", "currency", "decimal", "encoding", "separator", "relations", "dry_run", "update"}
)
_MOST_ROWS: Final = 500_000
_RELATIONS: Final = ("given", "propose", "none")


@dataclass(frozen=True)
class Import:
    """How a file is to be taken. update: other items stay; without it they go. dry_run: nothing is stored."""

    options: ReadOptions
    mapping: Mapping[str, Any] | None = None
    update: bool = False
    dry_run: bool = False

    @classmethod
    def of_fields(cls, fields: Mapping[str, str]) -> "Import":
        """From the fields of a form. Raises: Refused (422 invalid_field)."""
        if unknown := sorted(fields.keys() - _FIELDS):
            raise Refused(
                "invalid_field", f"{unknown[0]}: no field of an import; expected {', '.join(sorted(_FIELDS))}."
            )
        relations = fields.get("relations") or "given"
        if relations not in _RELATIONS:
            raise Refused("invalid_field", f"relations: expected one of {', '.join(_RELATIONS)}.")
        try:
            options = ReadOptions(
                currency=fields.get("currency") or None,
                decimal=fields.get("decimal") or None,
                encoding=fields.get("encoding") or None,
                separator=fields.get("separator") or None,
                relations=cast(Literal["given", "propose", "none"], relations),
                max_rows=_MOST_ROWS,
            )
        except RecommenderError as err:
            raise Refused("invalid_field", str(err)) from None
        return cls(options, _mapping(fields.get("mapping", "")), _flag(fields, "update"), _flag(fields, "dry_run"))


class Importer:
    """Imports of one process, one after the other: each may take much memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._turn = asyncio.Lock()

    async def of_form(self, actor: str, form: Form) -> ImportOut:
        """The import that a form asks for. Raises: Refused (422), Unavailable (503, another one is under way)."""
        return await self.run(actor, form.content, form.name, Import.of_fields(form.fields))

    async def run(self, actor: str, content: bytes, name: str, wanted: Import) -> ImportOut:
        """Read a file, and store it unless only a look is wanted. actor: who the audit says it was.

        Raises: Refused (422 file_unreadable, mapping_invalid, nothing_to_import), Unavailable (503 import_running).
        """
        if self._turn.locked():
            raise Unavailable("import_running", "Another import is under way. Send it again in a minute.")
        started = time.monotonic()
        async with self._turn:
            reading = await self.read(content, name, wanted)
            if wanted.dry_run:
                async with self._db.reading() as tx:
                    version = await tx.catalogue.version()
            else:
                async with self._db.transaction() as tx:
                    version = await keep(tx, actor, reading, update=wanted.update)
        spent_s = time.monotonic() - started
        return ImportOut.of(reading, stored=not wanted.dry_run, version=version, seconds=spent_s)

    async def read(self, content: bytes, name: str, wanted: Import) -> Reading:
        """What a file holds. Raises: Refused (422 file_unreadable, mapping_invalid)."""
        try:
            return await asyncio.to_thread(
                read_catalogue, content, name, mapping=wanted.mapping, options=wanted.options
            )
        except RecommenderError as err:
            raise Refused(err.code, str(err)) from None


async def keep(tx: Transaction, actor: str, reading: Reading, *, update: bool) -> int:
    """Make what was read the catalogue, or with `update` a part of it; gives the new version.

    Raises: Refused (422 nothing_to_import: no row is good, and the catalogue stays), StoreError.
    """
    if not reading.items:
        raise Refused("nothing_to_import", "No row of the file can be taken, so the catalogue stays as it is.")
    facts = {"currency": reading.currency}
    try:
        if update:
            version = await tx.catalogue.put(reading.items)
        else:
            version = await tx.catalogue.replace_all(reading.items, facts)
    except StoreError as err:
        if err.code != "item_invalid":
            raise
        raise Refused("item_invalid", str(err)) from None
    details = {"items": len(reading.items), "rejected": len(reading.rejected), "update": update}
    await tx.audit.add(actor, "catalogue.import", purpose=_PURPOSE, details=details)
    return version


def _mapping(text: str) -> Mapping[str, Any] | None:
    if not text.strip():
        return None
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise Refused("invalid_field", 'mapping: expected a JSON object, such as {"title": "Name"}.')
    return raw


def _flag(fields: Mapping[str, str], name: str) -> bool:
    value = fields.get(name, "false").strip().lower()
    if value not in ("true", "false"):
        raise Refused("invalid_field", f"{name}: expected true or false.")
    return value == "true"
