"""Customers with an account: find one."""

from collections.abc import Sequence

from nicegui import events, ui

from privacy import PSEUDONYM
from service.desk.element import button
from service.desk.frame import page_frame
from service.desk.parts import day, link, page_head, table
from service.desk.people_work import MOST_SHOWN
from service.desk.visit import Visit
from store import Account
from vocabulary import Right

_ON_ENTER = '(e) => { if (e.key === "Enter") emit(e.target.value); }'


async def draw_people(visit: Visit) -> None:
    """Build the page."""
    with page_frame(visit, current="/people"):
        page_head("People", "Every search and every page that you open here is on record.")
        search = ui.element("div").classes("find").props('role="search"')
        found = ui.element("div").props('aria-live="polite"')
        with search:
            text = (
                ui.input(placeholder="Name, e-mail, phone, or an id from a request")
                .props('outlined dense clearable aria-label="Find a customer" data-testid="desk-find"')
                .classes("find-text")
            )

            async def find(event: events.GenericEventArguments | None = None) -> None:
                wanted = str((event.args if event is not None else text.value) or "").strip()
                if _is_id(wanted):
                    ui.navigate.to(f"/people/{wanted}")
                    return
                people = await visit.desk.works.people.find(visit.token, wanted)
                found.clear()
                with found:
                    _draw_found(people)

            async def pressed() -> None:
                await find()

            text.on("keydown", visit.guarded(find, Right.PEOPLE_VIEW), js_handler=_ON_ENTER)
            button("Find", kind="primary", test_id="desk-find-go", on_click=visit.guarded(pressed, Right.PEOPLE_VIEW))


def _is_id(text: str) -> bool:
    return text[:2] in ("p_", "c_", "a_") and PSEUDONYM.fullmatch(text) is not None


def _draw_found(people: Sequence[Account]) -> None:
    if not people:
        with ui.element("div").classes("empty"):
            ui.label("Nobody found. Customers without an account are found by the id of their conversation.")
        return
    table(
        ("Name", "E-mail", "Phone", "State", "Since", "Last sign-in"),
        [
            (
                link(person.name or "Without a name", f"/desk/people/{person.id}"),
                person.email or "–",
                person.phone or "–",
                "closed" if person.disabled else "open",
                day(person.created_at),
                day(person.signed_in_at),
            )
            for person in people
        ],
        label="Customers that were found",
        test_id="desk-people",
    )
    if len(people) == MOST_SHOWN:
        ui.label(f"The first {MOST_SHOWN} are shown. Write more of the name to see others.").classes("page-note")
