"""The service room's errors, and the one shape in which every error leaves the process.

ServiceError
├── Refused          the caller must change something (400, 404, 409, 413, 422, 429)
├── NotAllowed       wrong or missing token, or a right that the caller lacks (401, 403)
└── Unavailable      try again later (503)
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi import HTTPException as FastAPIHTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from store import AlreadyExists, NotFound, StoreError

log = logging.getLogger(__name__)


class ServiceError(FastAPIHTTPException):
    """Base of every error of this room. It is FastAPI's exception, so that its body parsing lets it through."""

    code = "service"
    retryable = False
    status = 500

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        headers = None if retry_after_s is None else {"Retry-After": str(max(1, round(retry_after_s)))}
        super().__init__(self.status if status is None else status, detail=message, headers=headers)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Refused(ServiceError):  # noqa: N818 - reads as a sentence where it is caught
    """The caller must change something."""

    status = 422


class NotAllowed(ServiceError):  # noqa: N818
    """The caller has no right to this."""

    status = 401


class Unavailable(ServiceError):  # noqa: N818
    """The caller may try again later."""

    retryable = True
    status = 503


def error_body(code: str, message: str, *, retryable: bool) -> dict[str, Any]:
    """The one error shape of the product."""
    return {"error": {"code": code, "message": message, "retryable": retryable}}


def refusal_of_store(error: StoreError) -> ServiceError:
    """What a caller is told when the store refuses; the store's own words are for the operator."""
    if isinstance(error, AlreadyExists):
        return Refused("id_taken", "This id belongs to another message. Use a fresh one, such as a UUID.", status=409)
    if isinstance(error, NotFound):
        return Refused("not_found", f"There is no such {error.kind}.", status=404)
    return Unavailable(
        error.code, "This could not be stored right now. Please send it again in a moment.", retry_after_s=2
    )


def install_error_handlers(app: FastAPI) -> None:
    """Give every error of the application the one shape."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return _response(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _response(request, _refusal_of(error))

    @app.exception_handler(StoreError)
    async def not_stored(request: Request, error: StoreError) -> JSONResponse:
        refusal = refusal_of_store(error)
        if refusal.status_code >= 500:
            log.error("store failed", extra={"code": error.code}, exc_info=error)
        return _response(request, refusal)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        # The message of a foreign exception may hold what a customer said: only its type is logged.
        log.error("request failed", extra={"error": type(error).__name__}, exc_info=error)
        body = error_body("internal", "Something went wrong here. Your message may be sent again.", retryable=True)
        return JSONResponse(body, status_code=500)


def _response(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error, ServiceError):
        body = error_body(error.code, error.message, retryable=error.retryable)
    else:
        code, message = _STOCK_MESSAGES.get(error.status_code, ("http_error", "The request was refused."))
        body = error_body(code, message.format(path=_short(request.url.path), method=request.method), retryable=False)
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


# Starlette and FastAPI raise these themselves, with details that may repeat the input.
_STOCK_MESSAGES: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request body could not be read. Send UTF-8 JSON, or a whole multipart form."),
    401: ("unauthorised", "This needs a token. Send it as 'Authorization: Bearer <token>'."),
    403: ("forbidden", "This is not allowed with these credentials."),
    404: ("not_found", "Nothing lives at {path}. The API is described at /openapi.json."),
    405: ("method_not_allowed", "{method} is not possible here. The API is described at /openapi.json."),
    413: ("too_large", "The request body is too large."),
    415: ("unsupported_media_type", "Send application/json."),
}


def _short(path: str) -> str:
    return path if len(path) <= 80 else f"{path[:80]}…"


def _refusal_of(error: RequestValidationError) -> Refused:
    """What to tell the caller: places and rules, never the values that were sent."""
    problems: Sequence[Mapping[str, Any]] = error.errors()
    first = problems[0] if problems else {"type": "unknown", "loc": (), "msg": "invalid"}
    if first["type"] == "json_invalid":
        return Refused("invalid_json", "The body is not valid JSON. Send one JSON object in UTF-8.", status=400)
    place = ".".join(str(part) for part in first["loc"][1:])
    if not place and first["type"] in ("missing", "model_attributes_type", "dict_type"):
        return Refused(
            "body_expected",
            "One JSON object is expected as the body, with 'Content-Type: application/json'.",
        )
    return Refused("invalid_field", f"{place or 'The request'}: {first['msg']}.")
