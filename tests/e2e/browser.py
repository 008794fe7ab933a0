"""Finding the browser that the tests drive."""

import shutil
from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, SettingsConfigDict

CHROMIUM_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Runs as root in a container, and never calls out."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserSettings(BaseSettings):
    """chromium: ATTUNE_TEST_CHROMIUM, the browser's program; empty means: look for it in PATH."""

    model_config = SettingsConfigDict(env_prefix="ATTUNE_TEST_")

    chromium: Path | None = None


def chromium_path() -> str | None:
    """The browser's program, or None when there is none on this machine."""
    chosen = BrowserSettings().chromium
    if chosen is not None:
        return str(chosen) if chosen.is_file() else None
    return next((path for path in map(shutil.which, _NAMES) if path), None)
