"""The application behind a real server in this process, for sockets and browsers."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from fastapi import FastAPI

from service.protection import server_config
from service.protection.gate import GateLimits


@asynccontextmanager
async def served(
    app: FastAPI, *, lifespan: Literal["auto", "on", "off"] = "off", limits: GateLimits | None = None
) -> AsyncIterator[str]:
    """The host and port at which `app` is served, as the product serves it.

    lifespan: "off" if the test has started it already. limits: of connections, in place of the settings'.
    """
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    if hasattr(app.state, "services"):
        config = server_config(app, app.state.services.settings, limits, lifespan)
    else:
        config = uvicorn.Config(app, lifespan=lifespan, log_config=None)

    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - the server has no event to await
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        for connection in tuple(server.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        # A transport frees its socket in the loop's next rounds; after the test there are none.
        await asyncio.sleep(0.01)
        listener.close()
