"""Where an installation keeps its data."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_REPOSITORY = Path(__file__).resolve().parent.parent
_UNSET = Path()


class StoreSettings(BaseSettings):
    """Read from the environment with the prefix ATTUNE_. Paths are absolute after loading."""

    model_config = SettingsConfigDict(env_prefix="ATTUNE_", extra="ignore")

    home: Path = _REPOSITORY / "var"
    database_url: str = ""
    key_file: Path = _UNSET
    secrets_file: Path = _UNSET
    audit_head_file: Path = _UNSET
    media_dir: Path = _UNSET
    media_ttl_s: Annotated[float, Field(gt=0, le=3600)] = 300.0
    models_dir: Path = _REPOSITORY / "models"
    text_emotion_model: str = Field(
        default="",
        description="hub id or folder of a transformers text-classification model that reads how customers feel; "
        "empty: the model that ships",
    )
    encoder_dir: Path = _UNSET
    index_dir: Path = _UNSET
    face_weights: Path | None = None
    voice_emotion_model: str = Field(
        default="", description="hub id or folder of a transformers audio-classification model; empty: the own model"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.home = self.home.expanduser().resolve()
        self.database_url = self.database_url or f"sqlite+aiosqlite:///{self.home / 'attune.db'}"
        for name, default in (
            ("key_file", "keys.json"),
            ("secrets_file", "secrets.json"),
            ("audit_head_file", "audit.head"),
            ("media_dir", "media"),
            ("encoder_dir", "encoder"),
            ("index_dir", "index"),
        ):
            value: Path = getattr(self, name)
            path = self.home / default if value == _UNSET else value.expanduser().resolve()
            setattr(self, name, path)
        self.models_dir = self.models_dir.expanduser().resolve()
        if self.face_weights is not None:
            self.face_weights = self.face_weights.expanduser().resolve()
        return self
