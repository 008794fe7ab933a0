"""The domain's responses, rendered as Rasa does, without Rasa."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOMAIN_FILE = Path(__file__).parents[3] / "domain.yml"
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


@cache
def domain() -> dict[str, Any]:
    """The domain file."""
    return dict(yaml.safe_load(DOMAIN_FILE.read_text()))


def variations(response: str, mode: str = "neutral") -> list[dict[str, Any]]:
    """The variations that Rasa chooses from in this mode: fitting conditions first, else those without one."""
    known = domain()["responses"][response]
    fitting = [one for one in known if any(c["value"] == mode for c in one.get("condition", []))]
    return fitting or [one for one in known if "condition" not in one]


def placeholders(response: str) -> set[str]:
    """Every variable that any variation of a response needs."""
    return {name for one in domain()["responses"][response] for name in PLACEHOLDER.findall(one["text"])}


def render(message: dict[str, Any], mode: str = "neutral") -> str:
    """The first fitting text of a dispatched message; fails if a variable of any variation is missing."""
    if not message.get("response"):
        return str(message.get("text") or "")
    response = message["response"]
    missing = placeholders(response) - set(message)
    assert not missing, f"{response} needs {sorted(missing)}"
    text = variations(response, mode)[0]["text"]
    return PLACEHOLDER.sub(lambda found: str(message[found[1]]), text)
