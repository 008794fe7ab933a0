"""Where an installation keeps its data."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from privacy import KeyRing, Period, PlacesError, periods

_REPOSITORY = Path(__file__).resolve().parent.parent
_UNSET = Path()


class StoreSettings(BaseSettings):
    """Read from the environment with the prefix ATTUNE_. Paths are absolute after loading."""

    model_config = SettingsConfigDict(env_prefix="ATTUNE_", extra="ignore")

    home: Path = _REPOSITORY / "var"
    database_url: str = ""
    key_file: Path = _UNSET
    keys: SecretStr = Field(default=SecretStr(""), description="the JSON of a key file, instead of the file")
    key_command: str = Field(
        default="", description="a command that prints the JSON of a key file, instead of the file"
    )
    secrets_file: Path = _UNSET
    audit_head_file: Path = _UNSET
    media_dir: Path = _UNSET
    media_ttl_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    tracker_db: Path = Field(default=_UNSET, description="the assistant's own database (SQLite)")
    bot_examples: Path = Field(
        default=_REPOSITORY / "data" / "nlu" / "from_conversations.yml",
        description="training file of the assistant that `attune bot example add` writes",
    )
    retention: str = Field(
        default="", description="times that differ from the shipped ones, such as conversations=180d,readings=30d"
    )
    request_days: int = Field(default=30, ge=1, le=365, description="days to answer a request about data")
    suggestions_file: Path = Field(
        default=_REPOSITORY / "data" / "suggestions.toml",
        description="how suggestions are ordered, and what a customer's state changes",
    )
    models_dir: Path = _REPOSITORY / "models"
    text_emotion_model: str = Field(
        default="",
        description="hub id or folder of a transformers text-classification model that reads how customers feel; "
        "empty: the model that ships",
    )
    encoder_dir: Path = _UNSET
    encoder_model: str = Field(
        default="",
        description="hub id or folder of a sentence-transformers model that reads the catalogue; empty: "
        "all-MiniLM-L6-v2, which the assistant uses as well",
    )
    index_dir: Path = _UNSET
    face_weights: Path | None = None
    voice_emotion_model: str = Field(
        default="", description="hub id or folder of a transformers audio-classification model; empty: the own model"
    )

    def keyring(self) -> KeyRing:
        """The keys of the installation; without keys and key_command the first call makes the file.

        Raises: KeyFileError.
        """
        return KeyRing.open(self.key_file, keys=self.keys.get_secret_value(), command=self.key_command)

    @field_validator("retention")
    @classmethod
    def _readable(cls, value: str) -> str:
        try:
            periods(value)
        except PlacesError as err:
            raise ValueError(str(err)) from None
        return value

    @property
    def periods(self) -> dict[str, Period]:
        """How long each type of data stays here."""
        found = periods(self.retention)
        found["media"] = replace(found["media"], length=timedelta(seconds=self.media_ttl_s))
        return found

    @property
    def catalogue_encoder_dir(self) -> Path:
        """The encoder of the catalogue: the assistant's own, unless another model is named."""
        if not self.encoder_model:
            return self.encoder_dir
        name = re.sub(r"[^A-Za-z0-9.]+", "-", self.encoder_model).strip("-.")
        return self.home / "encoders" / (name[-60:] or "model")

    @property
    def learned_dir(self) -> Path:
        """What suggestions have learned from people; made anew when somebody is erased."""
        return self.home / "learned"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.home = self.home.expanduser().resolve()
        self.database_url = self.database_url or f"sqlite+aiosqlite:///{self.home / 'attune.db'}"
        for name, default in (
            ("key_file", "keys.json"),
            ("secrets_file", "secrets.json"),
            ("audit_head_file", "audit.head"),
            ("media_dir", "media"),
            ("tracker_db", "tracker.db"),
            ("encoder_dir", "encoder"),
            ("index_dir", "index"),
        ):
            value: Path = getattr(self, name)
            path = self.home / default if value == _UNSET else value.expanduser().resolve()
            setattr(self, name, path)
        self.models_dir = self.models_dir.expanduser().resolve()
        self.bot_examples = self.bot_examples.expanduser().resolve()
        self.suggestions_file = self.suggestions_file.expanduser().resolve()
        if self.face_weights is not None:
            self.face_weights = self.face_weights.expanduser().resolve()
        return self
