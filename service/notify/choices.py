"""What a person has chosen to be told, and on which channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

CHOSEN_KINDS: Final = ("answer_waiting", "data_request", "follow_up")
"""The kinds that a person chooses by channel."""

# A follow-up was not asked for: it is opt-in. To subscribe a browser is a choice by itself.
_DEFAULTS: Final[dict[str, bool]] = {"answer_waiting": True, "data_request": True, "follow_up": False}


@dataclass(frozen=True)
class Choices:
    """By channel, whether each of CHOSEN_KINDS is wanted."""

    mail: Mapping[str, bool]
    push: Mapping[str, bool]

    @classmethod
    def stored(cls, settings: Mapping[str, Any]) -> Self:
        """From what is stored with the account; what was never answered is as by default."""
        return cls(**{channel: _merged(settings.get(channel)) for channel in ("mail", "push")})

    def to_store(self) -> dict[str, dict[str, bool]]:
        """The form that stored() takes."""
        return {"mail": dict(self.mail), "push": dict(self.push)}


def _merged(settings: Any) -> dict[str, bool]:
    given = settings if isinstance(settings, Mapping) else {}
    return {kind: bool(given.get(kind, _DEFAULTS[kind])) for kind in CHOSEN_KINDS}
