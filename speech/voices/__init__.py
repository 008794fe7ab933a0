"""Whose voice is in a clip: the customer's alone, or somebody else's too."""

from speech.voices.channels import has_two_sides
from speech.voices.customer import customer_segments
from speech.voices.diarization import Diarizer
from speech.voices.diarization_setup import (
    DIARIZATION_REPOSITORY,
    DIARIZATION_TERMS_URL,
    DiarizationSetup,
    describe_diarization,
    pipeline_missing,
)
from speech.voices.suspicion import VOICES, Suspector, Suspicion, suspicion
from speech.voices.turns import SpeakerTurn

__all__ = [
    "DIARIZATION_REPOSITORY",
    "DIARIZATION_TERMS_URL",
    "VOICES",
    "DiarizationSetup",
    "Diarizer",
    "SpeakerTurn",
    "Suspector",
    "Suspicion",
    "customer_segments",
    "describe_diarization",
    "has_two_sides",
    "pipeline_missing",
    "suspicion",
]
