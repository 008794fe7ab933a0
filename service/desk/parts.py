"""Parts that the office pages share: tables that fold up on a phone, facts, questions before something is lost."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from nicegui import ui

from service.desk.element import Words, button
from service.desk.visit import Visit
from vocabulary import Right

Cell = str | Callable[[], Any]
"""Text, or what draws the cell."""


def page_head(title: str, note: str = "") -> None:
    """The heading of a page with a line beside it."""
    with ui.element("div").classes("page-head"):
        Words("h1", title)
        if note:
            ui.label(note).classes("page-note")


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, label: str, test_id: str) -> None:
    """A table; on a narrow screen each row becomes a block with its headings. Headings and label are fixed words."""
    with (
        ui.element("div").classes("panel table-panel"),
        ui.element("table").classes("office").props(f'aria-label="{label}" data-testid="{test_id}"'),
    ):
        with ui.element("thead"), ui.element("tr"):
            for heading in headings:
                Words("th", heading).props('scope="col"')
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for heading, cell in zip(headings, row, strict=True):
                        _cell(heading, cell)


def _cell(heading: str, cell: Cell) -> None:
    if isinstance(cell, str):
        Words("td", cell).props(f'data-label="{heading}"')
        return
    with ui.element("td").props(f'data-label="{heading}"'), ui.element("div"):
        cell()


def link(text: str, address: str) -> Callable[[], None]:
    """A cell that leads to another page of the desk. The address holds ids only."""

    def draw() -> None:
        Words("a", text).props(f'href="{address}"')

    return draw


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values, one below the other."""
    with ui.element("dl").classes("facts"):
        for name, value in pairs:
            with ui.element("div"):
                Words("dt", name)
                Words("dd", value)


def field(label: str, test_id: str, value: str = "") -> ui.input:
    """A line to write in. The label is fixed words."""
    return (
        ui.input(label=label, value=value)
        .props(f'outlined dense aria-label="{label}" data-testid="{test_id}"')
        .classes("field")
    )


def ask(
    visit: Visit,
    question: str,
    yes: str,
    on_yes: Callable[..., Awaitable[Any]],
    right: Right,
    *,
    wants_text: bool = False,
) -> None:
    """Ask before something that one click must not do. wants_text: on_yes gets what the member wrote, never nothing."""
    with ui.dialog() as dialog, ui.element("div").classes("panel ask").props('role="alertdialog" aria-modal="true"'):
        Words("p", question)
        text = ui.textarea().props('outlined autogrow aria-label="Your words" data-testid="desk-words"')
        text.set_visibility(wants_text)

        async def agreed() -> None:
            words = str(text.value or "").strip()
            if wants_text and not words:
                ui.notify("Please write a few words first.", type="warning")
                return
            dialog.close()
            await (on_yes(words) if wants_text else on_yes())

        async def cancelled() -> None:
            dialog.close()

        with ui.element("div").classes("card-actions"):
            button(yes, kind="primary", test_id="desk-yes", on_click=visit.guarded(agreed, right))
            button("Cancel", kind="secondary", test_id="desk-no", on_click=visit.guarded(cancelled, right))
    dialog.open()


def day(at: datetime | None) -> str:
    """A date here, or a dash."""
    return at.astimezone().strftime("%Y-%m-%d") if at else "–"


def day_and_time(at: datetime | None) -> str:
    """Date and time here, or a dash."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "–"


def yes_no(value: bool) -> str:
    """A truth in a word."""
    return "yes" if value else "no"
