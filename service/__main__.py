"""`python -m service`: one worker, because open sockets and drains live in its memory."""

import logging
import os
import sys

import uvicorn
from pydantic import ValidationError

from privacy import PrivacyError, Secrets, configure_logging
from service.app import create_app
from service.binding import bound
from service.notify import SenderInvalid
from service.protection import production_problems, server_config
from service.settings import Settings

log = logging.getLogger("service")


def main() -> int:
    """Serve until stopped; the exit code."""
    # Whatever this process writes is nobody else's on this machine.
    os.umask(0o077)
    try:
        settings = Settings()
    except ValidationError as err:
        for problem in err.errors():
            name = "_".join(("ATTUNE", *(str(part) for part in problem["loc"]))).upper()
            sys.stderr.write(f"{name}: {problem['msg']}. Correct it in the environment and start again.\n")
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
