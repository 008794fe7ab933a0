"""`python -m service`: one worker, because open sockets and drains live in its memory."""

import logging
import sys

import uvicorn

from privacy import PrivacyError, Secrets, configure_logging
from service.app import create_app
from service.notify import SenderInvalid
from service.protection import production_problems, server_config
from service.starting import bound, read_settings

log = logging.getLogger("service")


def main() -> int:
    """Serve until stopped; the exit code."""
    settings = read_settings()
    if settings is None:
        return 2
    configure_logging(settings.log_level)
    if settings.production and (problems := production_problems(settings)):
        sys.stderr.write("ATTUNE_PRODUCTION is set, but this is not ready for it:\n")
        sys.stderr.writelines(f"- {problem}\n" for problem in problems)
        return 2
    listener = bound(settings.web_host, settings.web_port, "ATTUNE_WEB_PORT")
    if listener is None:
        return 1
    try:
        configure_logging(settings.log_level, Secrets.load_or_create(settings.secrets_file).operator_token)
        app = create_app(settings)
    except (PrivacyError, SenderInvalid) as err:
        sys.stderr.write(f"{err}\n")
        return 2
    try:
        config = server_config(app, settings)
        config.load()
    except (OSError, ValueError) as err:
        # The library's own words: of a certificate and a key they name no content.
        sys.stderr.write(f"ATTUNE_TLS_CERT and ATTUNE_TLS_KEY cannot be used ({err}); expected a chain and its key.\n")
        return 2
    log.info("web process starting", extra={"host": settings.web_host, "port": settings.web_port})
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
