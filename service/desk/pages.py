"""Where the staff pages live: everything beneath /desk."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import app as nicegui_app
from nicegui import ui

from service.context import Services
from service.desk.case_page import draw_case
from service.desk.cookie import SessionCookie
from service.desk.lockout import Lockout
from service.desk.queue_page import draw_queue
from service.desk.sign_in import ASSETS, sign_in_router
from service.desk.staff_page import draw_staff
from service.desk.visit import Desk
from service.desk.work import DeskWork
from service.errors import NotAllowed, Refused
from vocabulary import Role


def attach_desk(app: FastAPI, services: Services) -> None:
    """Add the staff pages to the application. NiceGUI is one per process: the last application has them."""
    settings = services.settings
    lockout = Lockout(attempts=settings.desk_sign_in_attempts, lock_s=settings.desk_lock_s)
    work = DeskWork(services.db, services.hub, lockout, max_chars=settings.max_message_chars)
    cookie = SessionCookie(services.secrets.session_secret)
    desk = Desk(work, cookie, services.hub)
    app.state.desk = desk
    app.include_router(sign_in_router(work, cookie))
    _define_pages(desk)
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


def _define_pages(desk: Desk) -> None:
    # Paths are relative to /desk.
    @ui.page("/", title="Queue · Attune desk")
    async def queue(request: Request) -> Response | None:
        try:
            await draw_queue(await desk.visit(request))
        except NotAllowed:
            return _to_sign_in()
        return None

    @ui.page("/conversations/{conversation_id}", title="Conversation · Attune desk")
    async def case(request: Request, conversation_id: str) -> Response | None:
        try:
            await draw_case(await desk.visit(request), conversation_id)
        except NotAllowed:
            return _to_sign_in()
        except Refused:
            return RedirectResponse("/desk/", status_code=303)
        return None

    @ui.page("/admin", title="Staff · Attune desk")
    async def staff(request: Request) -> Response | None:
        try:
            await draw_staff(await desk.visit(request, Role.ADMIN))
        except NotAllowed as err:
            return _to_sign_in() if err.status_code == 401 else RedirectResponse("/desk/", status_code=303)
        return None


def _to_sign_in() -> Response:
    return RedirectResponse("/desk/login", status_code=303)
