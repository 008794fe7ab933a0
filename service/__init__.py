"""The web process: chat, storefront, staff pages and API over one database and one assistant."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.app import create_app
    from service.channels import SenderStatus, describe_senders
    from service.settings import Settings
    from service.statistics import PrivateStatistics

__all__ = ["PrivateStatistics", "SenderStatus", "Settings", "create_app", "describe_senders", "production_problems"]


def __getattr__(name: str) -> Any:
    # Transcribing workers import this package too, and do without the web framework (about 100 MB each).
    if name == "create_app":
        from service.app import create_app

        return create_app
    if name == "Settings":
        from service.settings import Settings

        return Settings
    if name == "PrivateStatistics":
        from service.statistics import PrivateStatistics

        return PrivateStatistics
    if name in ("SenderStatus", "describe_senders"):
        from service import channels

        return getattr(channels, name)
    if name == "production_problems":
        from service.protection import production_problems

        return production_problems
    raise AttributeError(f"module 'service' has no attribute {name!r}")
