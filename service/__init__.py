"""The web process: chat, storefront, staff pages and API over one database and one assistant."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.app import create_app
    from service.channels import SenderStatus, describe_senders
    from service.learning import Learner, refit
    from service.papers import papers_in_force
    from service.protection import production_problems
    from service.rights.archive import archive
    from service.settings import Settings
    from service.statistics import PrivateStatistics

__all__ = [
    "Learner",
    "PrivateStatistics",
    "SenderStatus",
    "Settings",
    "archive",
    "create_app",
    "describe_senders",
    "papers_in_force",
    "production_problems",
    "refit",
]

# Loaded when they are asked for: transcribing workers import this package too, and do without the web framework (about
# 100 MB each).
_MODULES = {
    "Learner": "service.learning",
    "PrivateStatistics": "service.statistics",
    "SenderStatus": "service.channels",
    "Settings": "service.settings",
    "archive": "service.rights",
    "create_app": "service.app",
    "describe_senders": "service.channels",
    "papers_in_force": "service.papers",
    "production_problems": "service.protection",
    "refit": "service.learning",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'service' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
