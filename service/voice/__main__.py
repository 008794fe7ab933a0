"""`python -m service.voice`: live calls. Sound has an event loop of its own, apart from the desk's."""

import logging
import os
import socket
import sys

import uvicorn
from pydantic import ValidationError

from privacy import PrivacyError, Secrets, configure_logging
from service.calls.wire import LARGEST_PAYLOAD
from service.settings import Settings
from service.voice.app import create_app
from service.voice.pipeline import quieten

log = logging.getLogger("service.voice")

# A message's head comes on top of its payload.
_LARGEST_FRAME = LARGEST_PAYLOAD + 512 * 1024


def main() -> int:
    """Serve until stopped; the exit code. 2: it will not start better a second time."""
    os.umask(0o077)
    try:
        settings = Settings()
    except ValidationError as err:
        for problem in err.errors():
            name = "_".join(("ATTUNE", *(str(part) for part in problem["loc"]))).upper()
            sys.stderr.write(f"{name}: {problem['msg']}. Correct it in the environment and start again.\n")
        return 2
    configure_logging(settings.log_level)
    quieten()
    listener = _listen(settings)
    if listener is None:
        return 2
    try:
        configure_logging(settings.log_level, Secrets.load_or_create(settings.secrets_file).operator_token)
        app = create_app(settings)
    except PrivacyError as err:
        sys.stderr.write(f"{err}\n")
        return 2
    log.info("voice process starting", extra={"host": settings.voice_host, "port": settings.voice_port})
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws_max_size=_LARGEST_FRAME,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=3,
        )
    )
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _listen(settings: Settings) -> socket.socket | None:
    """The bound socket; None, with a line that says what to do, if the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.voice_host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.voice_host, settings.voice_port))
        listener.listen(256)
    except OSError as err:
        listener.close()
        sys.stderr.write(
            f"{settings.voice_host}:{settings.voice_port} cannot be used ({err.strerror}); expected a free address. "
            "Stop the other process, or set ATTUNE_VOICE_PORT to another port.\n"
        )
        return None
    listener.set_inheritable(True)
    return listener


if __name__ == "__main__":
    sys.exit(main())
