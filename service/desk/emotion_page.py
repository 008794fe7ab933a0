"""How customers felt, week by week and all together. No figure here tells about one person."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.parts import page_head, table
from service.desk.visit import Visit
from service.statistics import Budget
from store import Released
from vocabulary import Right, StateName

_NOTE = (
    "Only customers who allow it are counted, each once a week. Every figure carries noise, so that nobody can be "
    "found in it; ± says how far it may be from the true one in nineteen of twenty weeks."
)


async def draw_emotion(visit: Visit) -> None:
    """Build the page."""
    page = EmotionPage(visit)
    with page_frame(visit, current="/emotion"):
        page_head("How customers felt", _NOTE)
        page.shown = ui.element("div")
    await page.draw()


class EmotionPage:
    """The weeks that were released, and the button for the latest one."""

    shown: ui.element

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._figures = visit.desk.works.figures

    async def draw(self) -> None:
        """Read what was released and show it."""
        weeks = await self._figures.known(self._visit.token)
        budget = await self._figures.budget(self._visit.token)
        self.shown.clear()
        with self.shown:
            if weeks:
                _draw_weeks(weeks)
            else:
                with ui.element("div").classes("empty"):
                    Words("h2", "No week was released yet")
                    ui.label("A week can be released once it is over.")
            self._draw_budget(budget)

    def _draw_budget(self, budget: Budget) -> None:
        with ui.element("section").classes("panel"):
            Words("h2", "What it costs")
            ui.label(
                f"Each release takes a little privacy. {budget.period}: {budget.spent:.2g} of {budget.limit:.2g} "
                f"(epsilon) is spent."
            ).classes("panel-note").props('data-testid="desk-budget"')
            if self._visit.may(Right.EMOTION_RELEASE):
                release = self._visit.guarded(self._release, Right.EMOTION_RELEASE)
                button("Release last week", kind="primary", test_id="desk-release", on_click=release)

    async def _release(self) -> None:
        await self._figures.release(self._visit.token)
        await self.draw()


def _draw_weeks(weeks: Sequence[Released]) -> None:
    shown = [week for week in reversed(weeks) if not week.result["withheld"]][-26:]
    if shown:
        with ui.element("section").classes("panel"):
            Words("h2", "Mean frustration by week")
            ui.echart(week_chart(shown)).classes("chart").props('data-testid="desk-weeks-chart"')
    states = [state.value for state in StateName]
    table(
        ("Week", "Customers", "Mean frustration", *states),
        [_row(week, states) for week in weeks],
        label="Figures by week",
        test_id="desk-weeks",
    )


def _row(week: Released, states: Sequence[str]) -> list[str]:
    result = week.result
    name = week.query.partition(":")[2]
    if result["withheld"]:
        return [name, "too few to say", *["–"] * (len(states) + 1)]
    within = result["within"]
    return [
        name,
        f"{result['customers']} ± {within['customers']:g}",
        f"{result['frustration']:g} ± {within['frustration']:g}",
        *("few" if result["states"].get(state) is None else str(result["states"][state]) for state in states),
    ]


def week_chart(weeks: Sequence[Released]) -> dict[str, Any]:
    """ECharts options: mean frustration, 0 to 100, one point a week, oldest first."""
    names = [week.query.partition(":")[2] for week in weeks]
    means = [week.result["frustration"] for week in weeks]
    words = ", ".join(f"{name}: {mean:g}" for name, mean in zip(names, means, strict=True))
    return {
        "animation": False,
        "aria": {"enabled": True, "description": f"Mean frustration from 0 to 100 by week. {words}"},
        "grid": {"left": 30, "right": 14, "top": 12, "bottom": 24},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0, "max": 100, "interval": 50},
        "series": [{"type": "line", "data": means, "symbolSize": 9, "lineStyle": {"color": "#7d8b8f", "width": 2}}],
    }
