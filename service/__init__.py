"""The web process: chat, storefront, staff pages and API over one database and one assistant."""

from service.app import create_app
from service.settings import Settings

__all__ = ["Settings", "create_app"]
