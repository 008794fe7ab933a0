"""What the processes of this room do alike when they start."""

import os
import socket
import sys

from pydantic import ValidationError

from service.settings import Settings


def read_settings() -> Settings | None:
    """The settings of the environment; None, with a line for each wrong one."""
    # Whatever this process writes is nobody else's on this machine.
    os.umask(0o077)
    try:
        return Settings()
    except ValidationError as err:
        for problem in err.errors():
            name = "_".join(("ATTUNE", *(str(part) for part in problem["loc"]))).upper()
            sys.stderr.write(f"{name}: {problem['msg']}. Correct it in the environment and start again.\n")
        return None


def bound(host: str, port: int, setting: str) -> socket.socket | None:
    """A listening socket; None, with a line that says what to do, if the address cannot be had.

    setting: what sets another port, such as ATTUNE_WEB_PORT.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Listening is what fails when another process has the port under SO_REUSEADDR.
        listener.listen(2048)
    except OSError as err:
        listener.close()
        sys.stderr.write(
            f"{host}:{port} cannot be used ({err.strerror}); expected a free address. "
            f"Stop the other process, or set {setting} to another port.\n"
        )
        return None
    listener.set_inheritable(True)
    return listener
