"""People's rights over their data: export, erasure, and the purge of what is past its time."""

from service.rights.archive import archive
from service.rights.keeper import Keeper
from service.rights.rights import Rights

__all__ = ["Keeper", "Rights", "archive"]
