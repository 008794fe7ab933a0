"""`python -m actions`: serve the custom actions to Rasa."""

import socket
import sys
import warnings

from actions.server import build_app
from actions.settings import Settings
from privacy import PrivacyError, Secrets, configure_logging
from recommender import RecommenderError
from store import StoreError


def _port_is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def main() -> int:
    """Run until stopped; exit code 2 when the port is taken or a key file is unusable."""
    settings = Settings()
    configure_logging()
    # Rasa 3.6 sends its own version; the newer SDK warns about each call (docs/decisions/0002).
    warnings.filterwarnings("ignore", message=".*versions of rasa and rasa_sdk might not be compatible.*")
    if _port_is_taken(settings.actions_host, settings.actions_port):
        sys.stderr.write(
            f"Port {settings.actions_port} on {settings.actions_host} is taken. "
            "Stop the other program or set ATTUNE_ACTIONS_PORT to a free port.\n"
        )
        return 2
    try:
        configure_logging(secret=Secrets.load_or_create(settings.secrets_file).operator_token)
        app = build_app(settings)
    except PrivacyError as err:
        sys.stderr.write(f"{err}\n")
        return 2
    try:
        app.run(
            host=settings.actions_host,
            port=settings.actions_port,
            single_process=True,
            motd=False,
            access_log=False,
        )
    except (RecommenderError, StoreError) as err:
        # While starting: a missing encoder, a database that cannot be read. Later errors end in their turn.
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
