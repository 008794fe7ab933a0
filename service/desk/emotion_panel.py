"""How one customer felt over time: only for a purpose that is written down first."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from service.desk.chart import COLOURS
from service.desk.element import Words, button
from service.desk.parts import day_and_time, field, table
from service.desk.visit import Visit
from service.desk.words import level, level_words, state_words
from store import StoredAssessment
from vocabulary import Right

_MOST_POINTS = 200


def draw_emotion_panel(visit: Visit, owner: str) -> None:
    """The panel: closed until somebody says why it is needed."""
    with ui.element("section").classes("panel").props('data-testid="desk-emotion"'):
        Words("h2", "How they felt")
        ui.label(
            "Closed. If you need it for this customer, write down why: the reason is kept on record with your name, "
            "and the customer can learn of it."
        ).classes("panel-note")
        purpose = field("Why you need to see it", "desk-emotion-purpose")

        async def show() -> None:
            points = await visit.desk.works.people.emotion(visit.token, owner, str(purpose.value or ""))
            shown.clear()
            with shown:
                _draw(points)

        showing = visit.guarded(show, Right.EMOTION_PERSON)
        button("Show", kind="secondary", test_id="desk-emotion-show", on_click=showing)
        shown = ui.element("div")


def _draw(stored: Sequence[StoredAssessment]) -> None:
    points = [one for one in stored if one.assessment.state is not None][-_MOST_POINTS:]
    if not points:
        ui.label("Nothing was scored: the customer has not allowed it, or it has been deleted.").classes("panel-note")
        return
    ui.echart(person_chart(points)).classes("chart").props('data-testid="desk-person-chart"')
    rows = []
    for one in reversed(points[-20:]):
        state = one.assessment.state
        assert state is not None
        rows.append(
            (
                day_and_time(one.at),
                level_words(state.frustration),
                state_words(state.name.value, state.frustration) or "–",
            )
        )
    table(("When", "Frustration", "State"), rows, label="Frustration over time", test_id="desk-person-points")


def person_chart(points: Sequence[StoredAssessment]) -> dict[str, Any]:
    """ECharts options: frustration, 0 to 100, one point a scored turn, oldest first."""
    levels = [round(one.assessment.state.frustration) for one in points if one.assessment.state is not None]
    words = ", ".join(str(value) for value in levels[-20:])
    return {
        "animation": False,
        "aria": {"enabled": True, "description": f"Frustration from 0 to 100 over time. The latest: {words}"},
        "grid": {"left": 30, "right": 14, "top": 12, "bottom": 24},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": [day_and_time(one.at) for one in points], "axisLabel": {"show": False}},
        "yAxis": {"type": "value", "min": 0, "max": 100, "interval": 50},
        "series": [
            {
                "type": "line",
                "symbolSize": 8,
                "lineStyle": {"color": "#7d8b8f", "width": 2},
                "data": [{"value": value, "itemStyle": {"color": COLOURS[level(value)]}} for value in levels],
            }
        ],
    }
