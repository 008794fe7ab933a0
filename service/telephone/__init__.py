"""Calls by telephone, through a provider that carries their sound over WebSockets."""

from service.telephone.telephone import Telephone

__all__ = ["Telephone"]
