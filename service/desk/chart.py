"""Frustration over the turns of one conversation, as an ECharts line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from service.desk.words import MODE_WORDS, level
from store import Message, StoredAssessment
from vocabulary import ANOTHER_VOICE, Author, Modality

COLOURS: Final = {"calm": "#2f7d6d", "raised": "#b26a00", "high": "#b3372f", "unknown": "#8a9499"}


@dataclass(frozen=True)
class TurnReading:
    """One customer turn beside its reading. frustration: None where nothing was scored.

    voice_left_out: another voice was heard in the recording, so that the words alone were scored.
    label: the emotion that was read. state: name of the customer state, since when. Empty where there is none.
    explanation: for agents, in a few sentences.
    """

    number: int
    message_id: str
    text: str
    frustration: float | None
    mode: str
    reason: str
    escalated: bool
    voice_left_out: bool = False
    since: datetime | None = None
    label: str = ""
    state: str = ""
    explanation: tuple[str, ...] = ()


def readings(messages: Sequence[Message], assessed: dict[str, StoredAssessment]) -> list[TurnReading]:
    """The customer's turns that the assistant took part in, in order."""
    turns: list[TurnReading] = []
    for message in messages:
        stored = assessed.get(message.id)
        if message.author is not Author.CUSTOMER or stored is None:
            continue
        state = stored.assessment.state
        turns.append(
            TurnReading(
                number=len(turns) + 1,
                message_id=message.id,
                text=message.text,
                frustration=state.frustration if state else None,
                mode=MODE_WORDS[stored.decision.mode],
                reason=stored.decision.reason,
                escalated=stored.decision.escalate,
                since=state.since if state else None,
                label=emotion.label if (emotion := stored.assessment.emotion) else "",
                state=state.name.value if state else "",
                explanation=stored.explanations.get("agent", ()) if state else (),
                voice_left_out=stored.assessment.absent.get(Modality.VOICE) == ANOTHER_VOICE,
            )
        )
    return turns


def chart_options(turns: Sequence[TurnReading]) -> dict[str, Any]:
    """ECharts options: one point a turn, 0 to 100, coloured by its band; a gap where nothing was scored."""
    return {
        "animation": False,
        "aria": {"enabled": True, "description": _in_words(turns)},
        "grid": {"left": 30, "right": 14, "top": 12, "bottom": 24},
        "tooltip": {"trigger": "axis", "confine": True, "formatter": "Turn {b}: frustration {c}"},
        "xAxis": {
            "type": "category",
            "data": [str(turn.number) for turn in turns],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": "#cfd6d4"}},
            "axisLabel": {"color": "#5b676b"},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": 100,
            "interval": 50,
            "splitLine": {"lineStyle": {"color": "#e6eae8"}},
            "axisLabel": {"color": "#5b676b"},
        },
        "series": [
            {
                "type": "line",
                "symbol": "circle",
                "symbolSize": 9,
                "connectNulls": False,
                "lineStyle": {"color": "#7d8b8f", "width": 2},
                "data": [
                    {
                        "value": None if turn.frustration is None else round(turn.frustration),
                        "itemStyle": {"color": COLOURS[level(turn.frustration)]},
                    }
                    for turn in turns
                ],
            }
        ],
    }


def _in_words(turns: Sequence[TurnReading]) -> str:
    points = [f"turn {turn.number}: {round(turn.frustration)}" for turn in turns if turn.frustration is not None]
    return "Frustration from 0 to 100 by turn. " + (", ".join(points) or "Nothing was scored.")
