"""What every staff page has around its content, and which pages there are for whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from nicegui import ui

from service.desk.element import Words, button
from service.desk.visit import Visit
from vocabulary import Right


@dataclass(frozen=True)
class DeskPage:
    """One page. path: beneath /desk. right: what it takes to open it. listed: whether the navigation shows it."""

    path: str
    title: str
    right: Right
    listed: bool = True


DESK_PAGES: Final = (
    DeskPage("/", "Queue", Right.QUEUE_VIEW),
    DeskPage("/conversations/{key}", "Conversation", Right.CASE_VIEW, listed=False),
    DeskPage("/people", "People", Right.PEOPLE_VIEW),
    DeskPage("/people/{key}", "Person", Right.PEOPLE_VIEW, listed=False),
    DeskPage("/requests", "Requests", Right.REQUESTS_VIEW),
    DeskPage("/catalogue", "Catalogue", Right.CATALOGUE_VIEW),
    DeskPage("/suggestions", "Suggestions", Right.SUGGESTIONS_VIEW),
    DeskPage("/emotion", "Emotion", Right.EMOTION_AGGREGATE),
    DeskPage("/audit", "Audit", Right.AUDIT_VIEW),
    DeskPage("/papers", "Papers", Right.PAPERS_VIEW),
    DeskPage("/admin", "Staff", Right.STAFF_MANAGE),
)
_OWN_ACCOUNT: Final = "/account"
_SHOW_CURRENT: Final = (
    'document.querySelector(".pages [aria-current]")?.scrollIntoView({block: "nearest", inline: "center"})'
)


def first_page(rights: frozenset[Right]) -> str:
    """The address of the first page that is open with these rights; the own account if none is."""
    for page in DESK_PAGES:
        if page.listed and page.right in rights:
            return f"/desk{page.path}"
    return _OWN_ACCOUNT


@contextmanager
def page_frame(visit: Visit, *, current: str) -> Iterator[None]:
    """The header with the navigation, and the main part around the block. current: path of this page."""
    for sheet in ("desk.css", "office.css", "shop.css"):
        ui.add_head_html(f'<link rel="stylesheet" href="/desk/assets/{sheet}">')
    with ui.element("header").classes("top"):
        with ui.element("a").props(f'href="{first_page(visit.rights)}" aria-label="Attune desk"').classes("brand"):
            ui.element("img").props('src="/desk/assets/mark.svg" alt="" width=26 height=26')
            ui.label("Attune desk")
        with ui.element("nav").props('aria-label="Pages"').classes("pages"):
            for page in DESK_PAGES:
                if page.listed and visit.may(page.right):
                    state = ' aria-current="page"' if page.path == current else ""
                    Words("a", page.title).props(f'href="/desk{page.path}"{state}')
        with ui.element("div").classes("me"):
            Words("a", visit.member.name).props('href="/account" title="Your account"').classes("me-name")

            async def sign_out() -> None:
                await visit.desk.sign_out(visit.token)

            button(
                "Sign out", kind="quiet", test_id="desk-sign-out", on_click=visit.guarded(sign_out, Right.ACCOUNT_OWN)
            )
    # On a phone the row of pages scrolls sideways: the one that is open stands in sight.
    ui.run_javascript(_SHOW_CURRENT)
    with ui.element("main").classes("main"):
        yield
