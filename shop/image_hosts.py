"""Where the catalogue's pictures lie: what a page of the shop lets its browser load, and nothing beside it."""

import logging

from store import Database, StoreError

log = logging.getLogger(__name__)


class ImageHosts:
    """The hosts of the items' pictures, read anew whenever the catalogue has changed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._version: int | None = None
        self._sources = "'self'"

    async def sources(self) -> str:
        """For `img-src` of a content policy: "'self' https://pictures.example".

        While the database cannot be read, what was read last: a page without pictures is better than no page.
        """
        try:
            async with self._db.reading() as tx:
                version = await tx.catalogue.version()
                if version != self._version:
                    hosts = await tx.catalogue.image_hosts()
                    self._sources = " ".join(("'self'", *(f"https://{host}" for host in hosts)))
                    self._version = version
        except StoreError as err:
            log.warning("hosts of pictures not read", extra={"code": err.code})
        return self._sources
