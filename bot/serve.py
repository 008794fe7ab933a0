"""`python -m bot.serve`: start `rasa run` with its settings from the environment.

The token goes through the environment because arguments are visible to every user of the machine.

ATTUNE_RASA_MODEL: path of the trained model. ATTUNE_RASA_PORT: default 5005. AUTH_TOKEN: required.
"""

import os
import sys
import warnings
from pathlib import Path


def _drop(*_args: object, **_kwargs: object) -> None:
    """Show no warning."""


def arguments() -> list[str]:
    """What `rasa` is called with. A token may begin with a dash, so it stands in one piece with its option."""
    return [
        "run",
        "--enable-api",
        "--interface",
        "127.0.0.1",
        "--port",
        os.environ.get("ATTUNE_RASA_PORT", "5005"),
        f"--auth-token={os.environ['AUTH_TOKEN']}",
        "--model",
        os.environ["ATTUNE_RASA_MODEL"],
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]


def main() -> int:
    """Run Rasa until stopped; 2 when a setting is missing."""
    missing = [name for name in ("AUTH_TOKEN", "ATTUNE_RASA_MODEL") if not os.environ.get(name)]
    if missing:
        sys.stderr.write(f"{' and '.join(missing)} not set. Start the processes with `attune up`, which sets them.\n")
        return 2
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Rasa 3.6 and its libraries are closed for new versions; their warnings about each other tell nobody anything.
    # Rasa sets the filters anew, so the warnings are dropped where they would be shown.
    warnings.showwarning = _drop
    # The folder holds Rasa's own files; its plain name is what the interpreter finds first.
    sys.path.insert(0, str(Path.cwd()))
    sys.argv = ["rasa", *arguments()]
    from rasa.__main__ import main as rasa

    rasa()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
