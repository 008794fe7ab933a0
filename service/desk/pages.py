"""Where the staff pages live: everything beneath /desk."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import app as nicegui_app
from nicegui import ui

from service.context import Services
from service.desk.audit_page import draw_audit
from service.desk.audit_work import AuditWork
from service.desk.case_page import draw_case
from service.desk.catalogue_page import draw_catalogue
from service.desk.catalogue_work import CatalogueWork
from service.desk.emotion_page import draw_emotion
from service.desk.figures_work import FiguresWork
from service.desk.frame import DESK_PAGES, first_page
from service.desk.gate import Gate
from service.desk.papers_page import draw_papers, papers_router
from service.desk.papers_work import PapersWork
from service.desk.people_page import draw_people
from service.desk.people_work import PeopleWork
from service.desk.person_page import draw_person
from service.desk.queue_page import draw_queue
from service.desk.requests_page import draw_requests
from service.desk.requests_work import RequestsWork
from service.desk.sign_in import ASSETS, sign_in_router
from service.desk.staff_page import draw_staff
from service.desk.staff_work import StaffWork
from service.desk.suggestions_page import draw_suggestions
from service.desk.suggestions_work import SuggestionsWork
from service.desk.visit import Desk, Visit, Works
from service.desk.work import DeskWork
from service.errors import NotAllowed, Refused

Draw = Callable[..., Awaitable[None]]

_DRAWN_BY: dict[str, Draw] = {
    "/": draw_queue,
    "/conversations/{key}": draw_case,
    "/people": draw_people,
    "/people/{key}": draw_person,
    "/requests": draw_requests,
    "/catalogue": draw_catalogue,
    "/suggestions": draw_suggestions,
    "/emotion": draw_emotion,
    "/papers": draw_papers,
    "/audit": draw_audit,
    "/admin": draw_staff,
}


def attach_desk(app: FastAPI, services: Services) -> None:
    """Add the staff pages to the application. NiceGUI is one per process: the last application has them."""
    settings = services.settings
    gate = Gate(admin_second_factor=settings.admin_second_factor)
    works = Works(
        cases=DeskWork(
            services.db,
            gate,
            services.hub,
            services.notifier,
            max_chars=settings.max_message_chars,
            read_out=services.calls.spoken,
        ),
        people=PeopleWork(services.db, gate, services.rights, services.sign_outs, services.consenting),
        requests=RequestsWork(
            services.db, gate, services.rights, services.notifier, timedelta(days=settings.request_days)
        ),
        figures=FiguresWork(services.db, gate, services.statistics),
        staff=StaffWork(services.db, gate, services.hub, services.sign_outs),
        audit=AuditWork(services.db, gate),
        papers=PapersWork(services.db, gate, settings),
        catalogue=CatalogueWork(services.db, gate),
        suggestions=SuggestionsWork(services.db, gate, settings, services.learner),
    )
    desk = Desk(services.db, gate, works, services.hub, services.sign_outs)
    app.state.desk = desk
    app.include_router(sign_in_router(desk, services))
    app.include_router(papers_router())
    for page in DESK_PAGES:
        _define(desk, page.path, page.title, _DRAWN_BY[page.path])
    # A second application in one process (tests) must not add its middleware to a stack that is in use.
    nicegui_app.middleware_stack = None
    nicegui_app.user_middleware.clear()
    ui.run_with(
        app,
        mount_path="/desk",
        title="Attune desk",
        favicon=ASSETS / "mark.svg",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10.0,
    )


def _define(desk: Desk, path: str, title: str, draw: Draw) -> None:
    """One page. Paths are relative to /desk; a page about one thing has its key at the end."""
    if path.endswith("{key}"):

        @ui.page(path, title=f"{title} · Attune desk")
        async def page_of_one(request: Request, key: str) -> Response | None:
            return await _open(desk, request, path, lambda visit: draw(visit, key))

    else:

        @ui.page(path, title=f"{title} · Attune desk")
        async def page(request: Request) -> Response | None:
            return await _open(desk, request, path, draw)


async def _open(desk: Desk, request: Request, path: str, draw: Callable[[Visit], Awaitable[None]]) -> Response | None:
    right = next(page.right for page in DESK_PAGES if page.path == path)
    try:
        await draw(await desk.visit(request, right))
    except NotAllowed as err:
        return RedirectResponse(await _instead(desk, request, err), status_code=303)
    except Refused:
        return RedirectResponse(f"/desk{path.removesuffix('{key}').rstrip('/')}", status_code=303)
    return None


async def _instead(desk: Desk, request: Request, error: NotAllowed) -> str:
    """Where a refused visitor is led: to the sign-in page, or to the first page that is open to them."""
    if error.status_code == 401:
        return "/desk/login"
    try:
        _, session = await desk.signed_in(request)
    except NotAllowed:
        # A customer's session: their own page.
        return "/account"
    return first_page(desk.gate.rights(session.account))
