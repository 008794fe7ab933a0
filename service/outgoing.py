"""What all connections to other machines share."""

import ssl
from functools import cache

import httpx


@cache
def tls() -> ssl.SSLContext:
    """How a client checks certificates. Reading the authorities takes some 40 ms, so one context serves all."""
    return httpx.create_ssl_context(trust_env=False)
