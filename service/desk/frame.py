"""What every staff page has around its content."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from service.desk.element import Words, button
from service.desk.visit import Visit
from vocabulary import Role


@contextmanager
def page_frame(visit: Visit, *, current: str) -> Iterator[None]:
    """The header with the navigation, and the main part around the block. current: path of this page."""
    ui.add_head_html('<link rel="stylesheet" href="/desk/assets/desk.css">')
    with ui.element("header").classes("top"):
        with ui.element("a").props('href="/desk/" aria-label="Attune desk, queue"').classes("brand"):
            ui.element("img").props('src="/desk/assets/mark.svg" alt="" width=26 height=26')
            ui.label("Attune desk")
        with ui.element("nav").props('aria-label="Pages"').classes("pages"):
            _link("Queue", "/desk/", current)
            if visit.member.role is Role.ADMIN:
                _link("Staff", "/desk/admin", current)
        with ui.element("div").classes("me"):
            ui.label(visit.member.name).classes("me-name")

            async def sign_out() -> None:
                await visit.desk.sign_out(visit.token)

            button("Sign out", kind="quiet", test_id="desk-sign-out", on_click=visit.guarded(sign_out))
    with ui.element("main").classes("main"):
        yield


def _link(text: str, path: str, current: str) -> None:
    state = ' aria-current="page"' if path == current else ""
    Words("a", text).props(f'href="{path}"{state}')
