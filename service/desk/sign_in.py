"""Signing in and out: plain pages that need no script."""

from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from service.accounts.cookie import clear_session, set_session
from service.desk.lockout import Lockout
from service.desk.visit import Desk
from service.errors import NotAllowed, Refused, ServiceError
from service.permit import public
from vocabulary import STAFF_ROLES, Role

ASSETS: Final = Path(__file__).resolve().parent / "assets"
_ASSET_TYPES: Final = {
    "desk.css": "text/css; charset=utf-8",
    "office.css": "text/css; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def sign_in_router(desk: Desk, lockout: Lockout) -> APIRouter:
    """The routes `/desk/login`, `/desk/signed-out` and the staff pages' own files."""
    router = APIRouter(
        prefix="/desk", include_in_schema=False, dependencies=[public("staff sign in here; nothing else is shown")]
    )

    @router.get("/login")
    async def login_page(request: Request) -> Response:
        try:
            await desk.signed_in(request)
        except NotAllowed:
            return _page()
        return RedirectResponse("/desk/", status_code=303)

    @router.post("/login")
    async def login(request: Request) -> Response:
        if not _same_origin(request):
            return _page("Please sign in from this page.", status=403)
        async with request.form(max_files=0, max_fields=8) as form:
            email, password = form.get("email"), form.get("password")
        if not isinstance(email, str) or not isinstance(password, str) or not email or not password:
            return _page("Please enter your e-mail and your password.", status=422)
        try:
            token, role = await _sign_in(desk, lockout, email, password, request.client.host if request.client else "")
        except ServiceError as err:
            return _page(err.message, email=email, status=err.status_code)
        response = RedirectResponse("/desk/", status_code=303)
        set_session(request, response, token, role)
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


async def _sign_in(desk: Desk, lockout: Lockout, email: str, password: str, address: str) -> tuple[str, Role]:
    lockout.check(email, address)
    async with desk.db.reading() as tx:
        member = await tx.accounts.verify_password(email, password)
    if member is None or member.role not in STAFF_ROLES:
        lockout.failed(email, address)
        raise NotAllowed("wrong_password", "E-mail or password is wrong.")
    lockout.succeeded(email, address)
    async with desk.db.transaction() as tx:
        return await tx.sessions.open(member.id), member.role


def _same_origin(request: Request) -> bool:
    """Browsers name the page that a form comes from; a form on another site could sign a victim in."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _page(message: str = "", *, email: str = "", status: int = 200, kind: str = "problem") -> HTMLResponse:
    line = f'<p class="sign-in-{kind}" role="alert">{escape(message)}</p>' if message else ""
    html = _TEMPLATE.substitute(message=line, email=escape(email, quote=True))
    return HTMLResponse(
        html, status_code=status, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    )


_TEMPLATE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Attune desk</title>
<link rel="icon" href="/desk/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/desk/assets/desk.css">
</head>
<body class="sign-in-body">
<main class="sign-in">
<p class="brand"><img src="/desk/assets/mark.svg" alt="" width="28" height="28"> Attune desk</p>
<h1>Sign in</h1>
$message
<form method="post" action="/desk/login">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus value="$email">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
<p class="sign-in-hint">No account? An administrator makes one with <code>attune user create</code>.</p>
</main>
</body>
</html>
""")
