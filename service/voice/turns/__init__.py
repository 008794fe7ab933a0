"""Whose turn it is in a call: pure decisions on a clock that is given, without Pipecat, models or threads.

`TurnTaker` takes sounds, words and what the assistant plays, and says what is to be done. `EndJudge` is smart-turn,
which it asks for by a command; the pipeline runs it in a thread.
"""

from service.voice.turns.commands import (
    CancelBot,
    Command,
    IgnoredSound,
    JudgeEnd,
    PauseBot,
    ResumeBot,
    TranscribeSegment,
    TurnBegan,
    TurnEnded,
)
from service.voice.turns.end_judge import EndJudge, EndJudgeError
from service.voice.turns.settings import TurnSettings
from service.voice.turns.taker import TurnTaker

__all__ = [
    "CancelBot",
    "Command",
    "EndJudge",
    "EndJudgeError",
    "IgnoredSound",
    "JudgeEnd",
    "PauseBot",
    "ResumeBot",
    "TranscribeSegment",
    "TurnBegan",
    "TurnEnded",
    "TurnSettings",
    "TurnTaker",
]
