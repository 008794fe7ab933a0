"""The server's own settings: TLS, limits of connections, and no word about what it is made of."""

from typing import Literal

from fastapi import FastAPI
from uvicorn import Config

from service.protection.gate import Gate, GateLimits
from service.protection.http_guard import guarded_http
from service.protection.socket_guard import guarded_sockets
from service.settings import Settings

_MOST_FRAME_BYTES = 256 * 1024


def server_config(
    app: FastAPI,
    settings: Settings,
    limits: GateLimits | None = None,
    lifespan: Literal["auto", "on", "off"] = "auto",
) -> Config:
    """How uvicorn serves the application. The gate is app.state.gate. limits: in place of the settings'."""
    gate = Gate(
        limits
        or GateLimits(
            connections=settings.max_connections,
            connections_of_address=settings.max_connections_of_address,
        ),
        by_address=not settings.behind_proxy,
    )
    app.state.gate = gate
    return Config(
        app,
        lifespan=lifespan,
        loop="uvloop",
        http=guarded_http(gate),
        ws=guarded_sockets(gate),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        ws_max_size=_MOST_FRAME_BYTES,
        # Compressed frames cost a window for each socket, and unpacking is work that a stranger asks for.
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
    )
