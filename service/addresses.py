"""Network addresses: which are this machine's own, and what one counts as."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine that no other machine reaches."""


def address_of(connection: "HTTPConnection") -> str:
    """The network address that requests and tries are counted by."""
    return connection.client.host if connection.client else "unknown"


def address_key(address: str) -> str:
    """What an address counts as: an IPv6 address as its /64, because one subscriber has all of that."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed, 64), strict=False).network_address)
    return str(parsed)
