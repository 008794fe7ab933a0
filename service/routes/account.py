"""Signing in and registering: what people without a session call."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from service.access import ServicesDep, limit_address
from service.accounts.cookie import is_secure, set_session
from service.accounts.registration import VERIFY_WITHIN, Registration
from service.accounts.shapes import (
    AccountOut,
    EmailIn,
    LoginIn,
    NewPasswordIn,
    PhoneCodeIn,
    PhoneIn,
    RegisterIn,
    StateOut,
    VerifyIn,
)
from service.accounts.sign_in import Opened
from service.caller import CallerDep
from service.context import Services
from service.permit import public
from service.visitors import VisitorDep, limit_proofs
from store import Account

MARK: Final = "attune_registering"
_VERIFY: Final = "/api/account/verify"


def signed_in_response(
    request: Request, response: Response, services: Services, opened: Opened | Account
) -> AccountOut:
    """The account, with the cookie of its new session if one has begun."""
    if isinstance(opened, Opened):
        set_session(request, response, opened.token, opened.account.role)
        opened = opened.account
    required = services.accounts.sign_in.second_factor_missing(opened)
    return AccountOut.of(opened, second_factor_required=required)


router = APIRouter(
    prefix="/api/account",
    tags=["account"],
    dependencies=[
        Depends(limit_address),
        Depends(limit_proofs),
        public("whoever signs in has no session yet; tries are counted and slowed down"),
    ],
)


@router.post("/register", status_code=202, summary="Ask for an account")
async def register(body: RegisterIn, request: Request, response: Response, services: ServicesDep) -> StateOut:
    """A mail with a link makes the account. The answer is the same if the address has one already."""
    mark = await services.accounts.registrations.register(
        Registration(body.email, body.password, body.name, body.language, body.birth_year)
    )
    response.set_cookie(
        MARK,
        mark,
        max_age=int(VERIFY_WITHIN.total_seconds()),
        path=_VERIFY,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    return StateOut(state="check_mail")


@router.post("/verify", summary="Open the link of a mail")
async def verify(
    body: VerifyIn, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep, caller: CallerDep
) -> AccountOut:
    """Makes the account and signs in, or puts a new address in place of the old one. 401 password_needed in another
    browser than the one that registered."""
    opened = await services.accounts.registrations.verify(
        body.token, visitor, caller.signed_in, mark=request.cookies.get(MARK, ""), password=body.password
    )
    response.delete_cookie(MARK, path=_VERIFY)
    return signed_in_response(request, response, services, opened)


@router.post("/login", summary="Sign in with e-mail and password")
async def login(
    body: LoginIn, request: Request, response: Response, services: ServicesDep, visitor: VisitorDep
) -> AccountOut:
    """401 wrong_credentials, or 401 second_factor: send all three. 429 locked after five wrong tries."""
    opened = await services.accounts.sign_in.by_password(body.email, body.password, body.code, visitor)
    return signed_in_response(request, response, services, opened)


@router.post("/phone/start", status_code=202, summary="Ask for a code by telephone")
async def phone_start(body: PhoneIn, services: ServicesDep) -> StateOut:
    """Sends six digits that hold for ten minutes."""
    await services.accounts.phones.start(body.phone)
    return StateOut(state="check_phone")


@router.post("/phone/confirm", summary="Sign in with the code, or add the number to the account")
async def phone_confirm(
    body: PhoneCodeIn,
    request: Request,
    response: Response,
    services: ServicesDep,
    visitor: VisitorDep,
    caller: CallerDep,
) -> AccountOut:
    """The first code of a number makes its account. Five wrong tries end a code."""
    opened = await services.accounts.phones.confirm(
        body.phone, body.code, body.second_factor, visitor, caller.signed_in
    )
    return signed_in_response(request, response, services, opened)


@router.post("/reset", status_code=202, summary="Ask for a new password")
async def reset(body: EmailIn, services: ServicesDep) -> StateOut:
    """A mail with a link, if the address has an account. The answer is the same if not."""
    await services.accounts.registrations.reset(body.email)
    return StateOut(state="check_mail")


@router.post("/reset/confirm", summary="Choose the new password")
async def reset_confirm(body: NewPasswordIn, services: ServicesDep) -> StateOut:
    """Every session of the account ends; sign in with the new password."""
    await services.accounts.registrations.set_new_password(body.token, body.password)
    return StateOut(state="changed")
