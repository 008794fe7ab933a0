"""Which messages outside the chat a person gets, and the browsers that take them."""

from fastapi import APIRouter, Depends
from pydantic import Field

from service.access import ServicesDep, limit_address
from service.errors import Refused
from service.notify import Choices
from service.notify.push import PushServices, VapidKey, check_browser_keys
from service.permit import SignedInDep, permit
from service.shapes import In
from store import Account
from vocabulary import Right

router = APIRouter(prefix="/api/me", tags=["me"], dependencies=[Depends(limit_address), permit(Right.ACCOUNT_OWN)])


class KindsIn(In):
    """What is wanted on one channel."""

    answer_waiting: bool = Field(description="an answer waits, and you were away")
    data_request: bool = Field(description="a request about your data is done")
    follow_up: bool = Field(description="we ask later whether it was solved")


class ChoicesIn(In):
    """What is wanted, by channel. Messages about the account itself are always sent."""

    mail: KindsIn
    push: KindsIn


class ChoicesOut(ChoicesIn):
    """The choices. push_key: what a browser subscribes with. mail_address: whether there is a proved one."""

    push_key: str
    mail_address: bool


class BrowserKeys(In):
    """The keys of a browser's subscription, base64url."""

    p256dh: str = Field(max_length=100)
    auth: str = Field(max_length=30)


class BrowserIn(In):
    """A browser's subscription, as PushSubscription.toJSON() gives it."""

    endpoint: str = Field(max_length=2000)
    keys: BrowserKeys
    expirationTime: int | None = None  # noqa: N815 - the browser's own name


class EndpointIn(In):
    """The address of a subscription."""

    endpoint: str = Field(max_length=2000)


@router.get("/notifications", summary="Which messages you get outside the chat")
async def get_choices(signed_in: SignedInDep, services: ServicesDep) -> ChoicesOut:
    """What was never answered is as by default: no follow-ups."""
    account = signed_in.account
    async with services.db.reading() as tx:
        choices = Choices.stored(await tx.accounts.notification_settings(account.id))
    return _out(services, choices, account)


@router.put("/notifications", summary="Choose which messages you get outside the chat")
async def put_choices(chosen: ChoicesIn, signed_in: SignedInDep, services: ServicesDep) -> ChoicesOut:
    """Holds for every message that is not in the outbox yet."""
    account = signed_in.account
    choices = Choices.stored(chosen.model_dump())
    async with services.db.transaction() as tx:
        await tx.accounts.set_notification_settings(account.id, choices.to_store())
    return _out(services, choices, account)


@router.post("/push", status_code=204, summary="Let this browser take notifications")
async def add_browser(browser: BrowserIn, signed_in: SignedInDep, services: ServicesDep) -> None:
    """The browser is asked for permission first, by the page. Up to ten browsers; the oldest makes room."""
    if not PushServices(services.settings.push_services).knows(browser.endpoint):
        raise Refused(
            "unknown_push_service",
            "This browser's push service is not known here. An administrator can name it in ATTUNE_PUSH_SERVICES.",
        )
    if not check_browser_keys(browser.keys.p256dh, browser.keys.auth):
        raise Refused("invalid_keys", "These are no keys of a push subscription. Subscribe again.")
    async with services.db.transaction() as tx:
        await tx.push.add(
            signed_in.account.id, endpoint=browser.endpoint, p256dh=browser.keys.p256dh, auth=browser.keys.auth
        )


@router.delete("/push", status_code=204, summary="Send nothing more to this browser")
async def remove_browser(browser: EndpointIn, signed_in: SignedInDep, services: ServicesDep) -> None:
    """Done as well if it was not there."""
    async with services.db.transaction() as tx:
        await tx.push.remove(signed_in.account.id, browser.endpoint)


def _out(services: ServicesDep, choices: Choices, account: Account) -> ChoicesOut:
    return ChoicesOut(
        mail=KindsIn(**choices.mail),
        push=KindsIn(**choices.push),
        push_key=VapidKey(services.secrets.session_secret).public,
        mail_address=account.email is not None and account.email_verified,
    )
