"""One's own account: details, password, browsers, second factor."""

from fastapi import APIRouter, Depends, Request, Response

from service.access import ServicesDep, limit_address
from service.accounts.cookie import clear_session, session_token
from service.accounts.shapes import (
    AccountOut,
    CodeIn,
    DetailsIn,
    EnrolmentOut,
    LoginsOut,
    NewEmailIn,
    PasswordIn,
    ProofIn,
    RecoveryOut,
    SessionOut,
    SessionsOut,
    StateOut,
)
from service.permit import SignedInDep, permit, public
from service.routes.account import signed_in_response
from service.visitors import VisitorDep, limit_proofs
from store import Details
from vocabulary import Right

router = APIRouter(
    prefix="/api/account", tags=["account"], dependencies=[Depends(limit_address), permit(Right.ACCOUNT_OWN)]
)
leaving_router = APIRouter(
    prefix="/api/account",
    tags=["account"],
    dependencies=[Depends(limit_address), public("a session that has ended already may be left as well")],
)


@leaving_router.post("/logout", summary="Sign out")
async def logout(request: Request, response: Response, services: ServicesDep) -> StateOut:
    """Ends this browser's session and closes what it has open; without one there is nothing to do."""
    token = session_token(request)
    if token is not None:
        await services.accounts.sign_in.sign_out(token)
    clear_session(request, response)
    return StateOut(state="signed_out")


@router.post("/logout-everywhere", summary="Sign out every browser")
async def logout_everywhere(
    request: Request, response: Response, services: ServicesDep, signed_in: SignedInDep
) -> StateOut:
    """This one as well; everything that is open closes."""
    await services.accounts.sign_in.sign_out_everywhere(signed_in.account.id)
    clear_session(request, response)
    return StateOut(state="signed_out")


@router.get("", summary="Who is signed in")
async def account(services: ServicesDep, signed_in: SignedInDep) -> AccountOut:
    """401 not_signed_in without a session."""
    await services.accounts.own.seen(signed_in)
    required = services.accounts.sign_in.second_factor_missing(signed_in.account)
    return AccountOut.of(signed_in.account, second_factor_required=required)


@router.patch("", summary="Change name, language or birth year")
async def change_details(
    body: DetailsIn, request: Request, response: Response, services: ServicesDep, signed_in: SignedInDep
) -> AccountOut:
    """What is not sent stays; null removes."""
    changes: Details = {}
    if "name" in body.model_fields_set:
        changes["name"] = body.name or ""
    if "language" in body.model_fields_set:
        changes["language"] = body.language
    if "birth_year" in body.model_fields_set:
        changes["birth_year"] = body.birth_year
    changed = await services.accounts.own.change_details(signed_in.account, **changes)
    return signed_in_response(request, response, services, changed)


@router.post("/password", summary="Choose another password", dependencies=[Depends(limit_proofs)])
async def change_password(
    body: PasswordIn,
    request: Request,
    response: Response,
    services: ServicesDep,
    signed_in: SignedInDep,
    visitor: VisitorDep,
) -> AccountOut:
    """Every other browser is signed out; this one gets a new session."""
    opened = await services.accounts.own.change_password(signed_in, body.current, body.new, visitor)
    return signed_in_response(request, response, services, opened)


@router.post("/email", status_code=202, summary="Use another address", dependencies=[Depends(limit_proofs)])
async def change_email(
    body: NewEmailIn, services: ServicesDep, signed_in: SignedInDep, visitor: VisitorDep
) -> StateOut:
    """A mail with a link goes to the new address; the old one holds until it is opened."""
    await services.accounts.own.change_email(signed_in, body.email, body.password, visitor)
    return StateOut(state="check_mail")


@router.get("/sessions", summary="Every browser that is signed in")
async def sessions(services: ServicesDep, signed_in: SignedInDep) -> SessionsOut:
    """Latest first."""
    found = await services.accounts.own.sessions(signed_in.account)
    return SessionsOut(sessions=[SessionOut.of(one, signed_in.session_id) for one in found])


@router.delete("/sessions/{session_id}", summary="Sign out one browser")
async def end_session(session_id: str, services: ServicesDep, signed_in: SignedInDep) -> StateOut:
    """What it has open closes at once."""
    await services.accounts.own.end_session(signed_in.account, session_id)
    return StateOut(state="signed_out")


@router.get("/logins", summary="Providers that open the account")
async def logins(services: ServicesDep, signed_in: SignedInDep) -> LoginsOut:
    """By id."""
    return LoginsOut(providers=list(await services.accounts.providers.linked(signed_in.account)))


@router.delete("/logins/{provider_id}", summary="A provider opens the account no more")
async def unlink(provider_id: str, services: ServicesDep, signed_in: SignedInDep) -> LoginsOut:
    """409 last_way where nothing else opens the account."""
    await services.accounts.providers.unlink(signed_in.account, provider_id)
    return LoginsOut(providers=list(await services.accounts.providers.linked(signed_in.account)))


@router.post("/second-factor/start", summary="Begin with an authenticator app")
async def second_factor_start(services: ServicesDep, signed_in: SignedInDep) -> EnrolmentOut:
    """The secret as a picture; it counts once a code of the app has come."""
    made = await services.accounts.second_factors.start(signed_in.account)
    return EnrolmentOut(secret=made.secret, uri=made.uri, qr_svg=made.qr_svg)


@router.post("/second-factor/confirm", summary="The first code of the app", dependencies=[Depends(limit_proofs)])
async def second_factor_confirm(
    body: CodeIn,
    request: Request,
    response: Response,
    services: ServicesDep,
    signed_in: SignedInDep,
    visitor: VisitorDep,
) -> RecoveryOut:
    """Gives the recovery codes, this once. Every other browser is signed out; this one gets a new session."""
    opened, codes = await services.accounts.second_factors.confirm(signed_in, body.code, visitor)
    signed_in_response(request, response, services, opened)
    return RecoveryOut(recovery_codes=list(codes))


@router.delete("/second-factor", summary="Do without the app", dependencies=[Depends(limit_proofs)])
async def second_factor_remove(
    body: ProofIn,
    request: Request,
    response: Response,
    services: ServicesDep,
    signed_in: SignedInDep,
    visitor: VisitorDep,
) -> AccountOut:
    """Needs the password. Every other browser is signed out."""
    opened = await services.accounts.second_factors.remove(signed_in, body.password, visitor)
    return signed_in_response(request, response, services, opened)
