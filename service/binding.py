"""The address that a server of ours listens at."""

import socket
import sys


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
