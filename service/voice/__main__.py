"""`python -m service.voice`: live calls. Sound has an event loop of its own, apart from the desk's."""

import logging
import sys

import uvicorn

from privacy import PrivacyError, Secrets, configure_logging
from service.calls.wire import LARGEST_PAYLOAD
from service.starting import bound, read_settings
from service.voice.app import create_app
from service.voice.pipeline import quieten

log = logging.getLogger("service.voice")

# A message's head comes on top of its payload.
_LARGEST_FRAME = LARGEST_PAYLOAD + 512 * 1024


def main() -> int:
    """Serve until stopped; the exit code. 2: it will not start better a second time."""
    settings = read_settings()
    if settings is None:
        return 2
    configure_logging(settings.log_level)
    quieten()
    listener = bound(settings.voice_host, settings.voice_port, "ATTUNE_VOICE_PORT")
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


if __name__ == "__main__":
    sys.exit(main())
