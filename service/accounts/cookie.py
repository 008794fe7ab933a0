"""The cookie that carries a session, of customers and staff alike."""

from typing import Final

from fastapi import Response
from starlette.requests import HTTPConnection

from store import SESSION_LENGTHS
from vocabulary import Role

PLAIN_NAME: Final = "attune_session"
SECURE_NAME: Final = "__Host-attune_session"
"""Browsers take this name only from this very host over TLS: no other site beside it can plant a session."""


def session_token(connection: HTTPConnection) -> str | None:
    """The session's token that the browser sent, or None. Over TLS only the name that nobody else can set counts."""
    return connection.cookies.get(_name(connection)) or None


def set_session(connection: HTTPConnection, response: Response, token: str, role: Role) -> None:
    """Sign in the browser: unreadable for scripts, never sent along from other sites' forms."""
    response.set_cookie(
        _name(connection),
        token,
        max_age=int(SESSION_LENGTHS[role].total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(connection),
    )


def clear_session(connection: HTTPConnection, response: Response) -> None:
    """Sign out the browser."""
    response.delete_cookie(_name(connection), path="/", secure=is_secure(connection), httponly=True, samesite="lax")


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the request came over TLS."""
    return connection.url.scheme in ("https", "wss")


def _name(connection: HTTPConnection) -> str:
    return SECURE_NAME if is_secure(connection) else PLAIN_NAME
