"""The passwords that the processes of one installation use among themselves."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from privacy.errors import KeyFileError
from privacy.files import read_or_create

# 32 random bytes; shorter ones are somebody's own idea and are refused.
_LEAST_CHARACTERS = 32


@dataclass(frozen=True, repr=False)
class Secrets:
    """Random, made at the first start, never shown and never logged.

    rasa_token: opens Rasa's HTTP interface. operator_token: opens every conversation to the command line.
    session_secret: signs the cookies of the staff pages.
    """

    rasa_token: str
    operator_token: str
    session_secret: str

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Open the secrets file; the first start makes it. Raises: KeyFileError."""
        content = read_or_create(path, _new_file)
        try:
            raw = json.loads(content)
            values = {field.name: str(raw[field.name]) for field in fields(cls)}
        except (ValueError, KeyError, TypeError):
            names = ", ".join(field.name for field in fields(cls))
            raise KeyFileError(
                f"{path} is not a secrets file; expected JSON with {names}. "
                "Delete it to have new secrets made, and restart every process.",
                code="secrets_file",
            ) from None
        for name, value in values.items():
            if len(value) < _LEAST_CHARACTERS:
                raise KeyFileError(
                    f"{name} in {path} has {len(value)} characters; expected {_LEAST_CHARACTERS} or more. "
                    "Delete the file to have new secrets made, and restart every process.",
                    code="secrets_file",
                )
        return cls(**values)

    @property
    def voice_token(self) -> str:
        """Opens a voice process to the web process. Derived, so that an installation's file from before it serves."""
        return hmac.new(self.rasa_token.encode(), b"attune voice", hashlib.sha256).hexdigest()

    @property
    def metrics_token(self) -> str:
        """Opens the figures of the processes, and nothing else. Derived as voice_token."""
        return hmac.new(self.rasa_token.encode(), b"attune metrics", hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return "Secrets(...)"


def _new_file() -> bytes:
    values = {field.name: secrets.token_urlsafe(32) for field in fields(Secrets)}
    return json.dumps(values, indent=2).encode() + b"\n"
