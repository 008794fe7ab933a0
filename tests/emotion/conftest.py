"""The shipped models, opened once."""

from pathlib import Path

import pytest
from hypothesis import settings

from emotion import TextScorer, VoiceScorer

MODELS = Path(__file__).resolve().parent.parent.parent / "models"


# A busy machine is no counter-example.
settings.register_profile("emotion", deadline=None)
settings.load_profile("emotion")


@pytest.fixture(scope="session")
def text_scorer() -> TextScorer:
    return TextScorer(MODELS / "text_emotion")


@pytest.fixture(scope="session")
def voice_scorer() -> VoiceScorer:
    return VoiceScorer(MODELS / "voice_emotion")
