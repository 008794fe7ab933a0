"""Signing in and out: plain pages that need no script, on the same flow as every account."""

import json
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from privacy import DataKey, DecryptionError
from service.accounts.cookie import clear_session, set_session
from service.context import Services
from service.desk.frame import first_page
from service.desk.visit import Desk
from service.errors import NotAllowed, Refused, ServiceError
from service.permit import public
from service.visitors import get_visitor
from vocabulary import STAFF_ROLES

ASSETS: Final = Path(__file__).resolve().parent / "assets"
_ASSET_TYPES: Final = {
    "catalogue.js": "text/javascript; charset=utf-8",
    "desk.css": "text/css; charset=utf-8",
    "office.css": "text/css; charset=utf-8",
    "shop.css": "text/css; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SECOND_STEP_S: Final = 300.0
_PURPOSE: Final = "desk-second-step"


class SecondStep:
    """Carries what the first step asked for to the second one through the browser, sealed by a key of this process.

    So the password is in no page and on no disk, and nothing is kept here for those who never come back.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._key = DataKey.new()
        self._clock = clock

    def seal(self, email: str, password: str) -> str:
        """What the form of the second step holds."""
        value = json.dumps([email, password, self._clock() + _SECOND_STEP_S])
        return self._key.encrypt(value.encode("utf-8", "surrogatepass"), purpose=_PURPOSE)

    def open(self, sealed: str) -> tuple[str, str] | None:
        """E-mail and password; None when it is not ours, or older than five minutes."""
        try:
            email, password, until = json.loads(self._key.decrypt(sealed, purpose=_PURPOSE))
        except (DecryptionError, ValueError):
            return None
        return (email, password) if self._clock() < until else None


def sign_in_router(desk: Desk, services: Services) -> APIRouter:
    """The routes `/desk/login`, `/desk/signed-out` and the staff pages' own files."""
    router = APIRouter(
        prefix="/desk", include_in_schema=False, dependencies=[public("staff sign in here; nothing else is shown")]
    )
    second_step = SecondStep()

    @router.get("/login")
    async def login_page(request: Request) -> Response:
        try:
            _, session = await desk.signed_in(request)
        except NotAllowed:
            return _page()
        return RedirectResponse(first_page(desk.gate.rights(session.account)), status_code=303)

    @router.post("/login")
    async def login(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=8) as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
        email, password, code = given.get("email", ""), given.get("password", ""), given.get("code", "").strip()
        if "step" in given:
            opened = second_step.open(given["step"])
            if opened is None:
                return _page("That took too long. Please sign in again.", status=401)
            email, password = opened
        if not email or not password:
            return _page("Please enter your e-mail and your password.", status=422)
        return await _sign_in(request, email, password, code)

    async def _sign_in(request: Request, email: str, password: str, code: str) -> Response:
        sign_in = services.accounts.sign_in
        try:
            opened = await sign_in.by_password(email, password, code or None, get_visitor(request))
        except NotAllowed as err:
            if err.code == "second_factor":
                return _code_page(second_step.seal(email, password), err.message if code else "")
            return _page(err.message, email=email, status=err.status_code)
        except ServiceError as err:
            return _page(err.message, email=email, status=err.status_code)
        is_staff = opened.account.role in STAFF_ROLES
        leads_to = first_page(desk.gate.rights(opened.account)) if is_staff else "/account"
        response = RedirectResponse(leads_to, status_code=303)
        set_session(request, response, opened.token, opened.account.role)
        return response

    @router.get("/signed-out")
    async def signed_out(request: Request) -> Response:
        response = _page("You are signed out.", kind="said")
        clear_session(request, response)
        return response

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        if name not in _ASSET_TYPES:
            raise Refused("not_found", "There is no such file.", status=404)
        return FileResponse(ASSETS / name, media_type=_ASSET_TYPES[name], headers={"Cache-Control": "no-cache"})

    return router


def _page(message: str = "", *, email: str = "", status: int = 200, kind: str = "problem") -> HTMLResponse:
    fields = _PASSWORD_FIELDS.substitute(email=escape(email, quote=True))
    return _html("Sign in", fields, "Sign in", message, status=status, kind=kind)


def _code_page(step: str, message: str) -> HTMLResponse:
    fields = _CODE_FIELDS.substitute(step=escape(step, quote=True))
    return _html("One more step", fields, "Go on", message, status=401 if message else 200)


def _html(
    title: str, fields: str, button: str, message: str, *, status: int = 200, kind: str = "problem"
) -> HTMLResponse:
    line = f'<p class="sign-in-{kind}" role="alert">{escape(message)}</p>' if message else ""
    html = _TEMPLATE.substitute(title=title, message=line, fields=fields, button=button)
    return HTMLResponse(
        html, status_code=status, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    )


_PASSWORD_FIELDS: Final = Template("""<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="$email">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>""")

_CODE_FIELDS: Final = Template("""<input type="hidden" name="step" value="$step">
<label for="code">Code of your authenticator app, or a recovery code</label>
<input id="code" name="code" inputmode="text" autocomplete="one-time-code" required autofocus maxlength="32">""")

_TEMPLATE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · Attune desk</title>
<link rel="icon" href="/desk/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/desk/assets/desk.css">
</head>
<body class="sign-in-body">
<main class="sign-in">
<p class="brand"><img src="/desk/assets/mark.svg" alt="" width="28" height="28"> Attune desk</p>
<h1>$title</h1>
$message
<form method="post" action="/desk/login">
$fields
<button type="submit">$button</button>
</form>
<p class="sign-in-hint"><a href="/account">Forgot your password?</a> Administrators make accounts on the page Staff.</p>
</main>
</body>
</html>
""")
