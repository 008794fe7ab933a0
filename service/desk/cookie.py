"""The cookie that carries a staff session."""

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

NAME = "attune_desk"
# As long as the session in the database, which is what counts.
_MAX_AGE_S = 12 * 3600


class SessionCookie:
    """Signs the session's token, so that a made-up cookie never reaches the database."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="attune-desk")

    def read(self, request: Request) -> str | None:
        """The session's token, or None without a valid cookie."""
        try:
            token = self._signer.loads(request.cookies.get(NAME, ""), max_age=_MAX_AGE_S)
        except BadData:
            return None
        return token if isinstance(token, str) else None

    def set(self, request: Request, response: Response, token: str) -> None:
        """Sign in the browser: unreadable for scripts, never sent along from other sites' forms."""
        response.set_cookie(
            NAME,
            str(self._signer.dumps(token)),
            max_age=_MAX_AGE_S,
            path="/desk",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )

    def clear(self, response: Response) -> None:
        """Sign out the browser."""
        response.delete_cookie(NAME, path="/desk")
