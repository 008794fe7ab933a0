"""The product's processes: what runs (Procfile), with which environment, on which ports."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from honcho.environ import parse_procfile

from actions import Settings as ActionSettings
from privacy import Secrets
from service import Settings as WebSettings

ROOT: Final = Path(__file__).resolve().parent.parent


class PortTakenError(Exception):
    """A port that a process needs is in use."""

    code = "port_taken"


@dataclass(frozen=True)
class Ports:
    """Loopback ports of the processes."""

    rasa: int
    actions: int
    web: int
    voice: int

    def check_free(self, host: str = "127.0.0.1") -> None:
        """Raises: PortTakenError naming the port and the setting that moves it."""
        for port, move in (
            (self.rasa, "ATTUNE_RASA_URL to http://127.0.0.1: and a free port"),
            (self.actions, "ATTUNE_ACTIONS_PORT to a free port"),
            (self.web, "ATTUNE_WEB_PORT to a free port"),
            (self.voice, "ATTUNE_VOICE_PORT to a free port"),
        ):
            if not port_is_free(host, port):
                raise PortTakenError(
                    f"port {port} on {host} is taken. Stop the other program (perhaps another Attune), or set {move}."
                )


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def process_commands() -> dict[str, str]:
    """Shell command of each process, by name, from the Procfile."""
    return dict(parse_procfile((ROOT / "Procfile").read_text()).processes)


def default_ports(web: WebSettings, actions: ActionSettings) -> Ports:
    """The ports that the settings name."""
    rasa_port = int(web.rasa_url.rsplit(":", 1)[1].rstrip("/"))
    return Ports(rasa=rasa_port, actions=actions.actions_port, web=web.web_port, voice=web.voice_port)


def process_environment(home: Path, model: Path, ports: Ports, settings: WebSettings) -> dict[str, str]:
    """The environment of all processes, on top of this one's."""
    secrets = Secrets.load_or_create(settings.secrets_file)
    own: Mapping[str, str] = {
        "ATTUNE_HOME": str(home),
        "ATTUNE_KEY_FILE": str(settings.key_file),
        "ATTUNE_ENCODER_DIR": str(settings.encoder_dir),
        "ATTUNE_TRACKER_DB": str(home / "tracker.db"),
        "ATTUNE_RASA_MODEL": str(model),
        "ATTUNE_RASA_PORT": str(ports.rasa),
        "ATTUNE_RASA_URL": f"http://127.0.0.1:{ports.rasa}",
        "ATTUNE_ACTIONS_PORT": str(ports.actions),
        "ATTUNE_ACTIONS_URL": f"http://127.0.0.1:{ports.actions}",
        "ATTUNE_ACTIONS_WEBHOOK": f"http://127.0.0.1:{ports.actions}/webhook",
        "ATTUNE_WEB_PORT": str(ports.web),
        "ATTUNE_VOICE_PORT": str(ports.voice),
        "AUTH_TOKEN": secrets.rasa_token,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        # Rasa's TensorFlow and the scorers share two cores; a thread pool each per library only fights.
        "OMP_NUM_THREADS": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # glibc keeps an arena of freed memory for each of many threads; two lose no speed here.
        "MALLOC_ARENA_MAX": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return {**os.environ, **own}
