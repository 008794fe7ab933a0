"""Spoken clips for the acceptance tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flite import Speak


@pytest.fixture(scope="session")
def flite_clip(speak: Speak) -> Callable[[str], Path]:
    """Speak a sentence into a WAV file; skips where flite is not installed."""
    return lambda text: speak(text, "slt")
