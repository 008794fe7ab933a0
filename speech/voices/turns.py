"""What a diarization answers with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpeakerTurn:
    """One person speaks from start_s to end_s. speaker: a name that holds within one clip only."""

    start_s: float
    end_s: float
    speaker: str
