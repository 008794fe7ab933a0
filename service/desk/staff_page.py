"""The accounts, for admins."""

from nicegui import ui

from service.desk.element import Words
from service.desk.frame import page_frame
from service.desk.visit import Visit


async def draw_staff(visit: Visit) -> None:
    """Build the page."""
    members = await visit.work.staff(visit.token)
    with page_frame(visit, current="/desk/admin"):
        with ui.element("div").classes("page-head"):
            Words("h1", "Staff")
            ui.label(f"{len(members)} account{'' if len(members) == 1 else 's'}").classes("page-note")
        with ui.element("div").classes("panel table-panel"), ui.element("table").classes("staff"):
            with ui.element("thead"), ui.element("tr"):
                for title in ("Name", "E-mail", "Role", "Since"):
                    Words("th", title).props('scope="col"')
            with ui.element("tbody"):
                for member in members:
                    with ui.element("tr"):
                        for cell in (
                            member.name,
                            member.email or "",
                            member.role.value,
                            member.created_at.astimezone().strftime("%Y-%m-%d"),
                        ):
                            Words("td", cell)
        Words("p", "Accounts are made on the command line: attune user create.").classes("page-note")
