"""Signing in by an outside provider: the browser leaves for it, and comes back."""

import logging
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse

from service.access import ServicesDep, limit_address
from service.accounts.cookie import is_secure, set_session
from service.accounts.oidc import OidcError
from service.accounts.providers import JOURNEY_S
from service.accounts.shapes import ProviderOut
from service.caller import CallerDep
from service.errors import NotAllowed
from service.permit import public
from service.visitors import VisitorDep, limit_proofs

log = logging.getLogger(__name__)
COOKIE: Final = "attune_journey"
_PATH: Final = "/api/account/providers"
_OWN: Final = ("same-origin", "none")

router = APIRouter(
    prefix=_PATH,
    tags=["account"],
    dependencies=[Depends(limit_address), public("whoever signs in has no session yet")],
)


@router.get("", summary="Ways to sign in by somebody else's account")
async def providers(services: ServicesDep) -> list[ProviderOut]:
    """Empty where none is set up."""
    return [ProviderOut(id=one.id, name=one.name) for one in services.accounts.providers.list()]


@router.get("/{provider_id}/start", status_code=302, summary="Leave for the provider")
async def start(
    provider_id: str,
    request: Request,
    services: ServicesDep,
    caller: CallerDep,
    next_path: Annotated[str, Query(alias="next", max_length=200)] = "/account",
) -> RedirectResponse:
    """Begun while signed in, the journey adds the provider to the account. `next`: a path on this site."""
    if request.headers.get("sec-fetch-site", _OWN[0]) not in _OWN:
        # A link on another site would add whoever is signed in at the provider: perhaps somebody else.
        return _failed(OidcError("invalid", "another site has begun the journey"))
    try:
        url, journey = await services.accounts.providers.start(provider_id, next_path, caller.signed_in)
    except OidcError as err:
        return _failed(err)
    response = RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE, journey, max_age=JOURNEY_S, path=_PATH, httponly=True, samesite="lax", secure=is_secure(request)
    )
    return response


@router.get(
    "/{provider_id}/back", status_code=302, summary="Come back from the provider", dependencies=[Depends(limit_proofs)]
)
async def back(
    provider_id: str, request: Request, services: ServicesDep, visitor: VisitorDep, caller: CallerDep
) -> RedirectResponse:
    """Leads on to `next`, or to the account page with `#error=<code>`."""
    query = {name: value[:4096] for name, value in request.query_params.items()}
    try:
        path, opened = await services.accounts.providers.back(
            provider_id, query, request.cookies.get(COOKIE, ""), visitor, caller.signed_in
        )
    except (OidcError, NotAllowed) as err:
        return _failed(err)
    response = _leading_to(path)
    if opened is not None:
        set_session(request, response, opened.token, opened.account.role)
    return response


def _failed(error: OidcError | NotAllowed) -> RedirectResponse:
    code = f"provider_{error.code}" if isinstance(error, OidcError) else error.code
    log.warning("sign-in by a provider refused", extra={"code": code})
    return _leading_to(f"/account#error={code}")


def _leading_to(path: str) -> RedirectResponse:
    response = RedirectResponse(path, status_code=302, headers={"Cache-Control": "no-store"})
    response.delete_cookie(COOKIE, path=_PATH)
    return response
