"""A person's own rights over the wire: a copy of everything, erasure with a preview and a certificate, requests."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, StringConstraints

from service.access import ServicesDep, limit_address
from service.accounts.cookie import clear_session
from service.accounts.sign_in import Visitor
from service.caller import Caller, CallerDep
from service.context import Services
from service.errors import Refused, Unavailable
from service.permit import Person, PersonDep, permit
from service.shapes import In
from service.visitors import VisitorDep
from store import DataRequest, ErasureRunning, Preview
from vocabulary import Right

router = APIRouter(prefix="/api/me", tags=["me"], dependencies=[Depends(limit_address), permit(Right.DATA_OWN)])


class ErasureIn(In):
    """confirm: the person has seen the preview. password: of accounts that have one; others have just signed in."""

    confirm: Literal[True]
    password: Annotated[str, StringConstraints(max_length=1024)] | None = None


class ObjectionIn(In):
    """words: what the person wants to be done or left."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class PreviewOut(BaseModel):
    """What an erasure would do. stores: name, title, purpose, outcome, count and a note of each place."""

    stores: list[dict[str, Any]]
    backups: list[dict[str, Any]]

    @classmethod
    def of(cls, preview: Preview) -> Self:
        return cls(
            stores=[store.to_dict() for store in preview.stores],
            backups=[backup.to_dict() for backup in preview.backups],
        )


class CertificateOut(BaseModel):
    """What was deleted, and the search afterwards. ok: nothing is left."""

    certificate: dict[str, Any]


class RequestOut(BaseModel):
    """One request. kind: access, erase, correct, object. state: received, done, refused. due_at: by when."""

    id: str
    kind: str
    state: str
    words: str
    answer: str
    received_at: str
    due_at: str
    done_at: str | None

    @classmethod
    def of(cls, asked: DataRequest) -> Self:
        return cls(
            id=asked.id,
            kind=asked.kind.value,
            state=asked.state.value,
            words=asked.words,
            answer=asked.answer,
            received_at=asked.received_at.isoformat(),
            due_at=asked.due_at.isoformat(),
            done_at=None if asked.done_at is None else asked.done_at.isoformat(),
        )


@router.post("/export", summary="Everything that is stored of you, as one archive", response_class=Response)
async def export(person: PersonDep, services: ServicesDep) -> Response:
    """A zip file with data.json, index.html to read, and recordings that still wait."""
    services.rights_limit.check(_who(person))
    packed = await services.rights.export(_who(person))
    name = f"attune-data-{datetime.now(UTC):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(packed, media_type="application/zip", headers=headers)


@router.get("/erasure", summary="What an erasure would delete")
async def preview_erasure(person: PersonDep, services: ServicesDep) -> PreviewOut:
    """Place by place; what stays says why."""
    return PreviewOut.of(await services.rights.preview(_who(person)))


@router.post("/erasure", summary="Erase everything that is stored of you")
async def erase(
    asked: ErasureIn,
    request: Request,
    response: Response,
    person: PersonDep,
    services: ServicesDep,
    caller: CallerDep,
    visitor: VisitorDep,
) -> CertificateOut:
    """Cannot be undone. Ends every session and conversation; the certificate says what was deleted and searched."""
    services.rights_limit.check(_who(person))
    await _check_again(services, caller, asked, visitor)
    try:
        certificate = await services.rights.erase(_who(person))
    except ErasureRunning as err:
        raise Unavailable(err.code, "Your data is being erased already. Please wait a minute.") from None
    clear_session(request, response)
    response.headers["Cache-Control"] = "no-store"
    return CertificateOut(certificate=certificate.to_dict())


@router.get("/requests", summary="What you have asked about your data")
async def get_requests(person: PersonDep, services: ServicesDep) -> list[RequestOut]:
    """Oldest first, with the day by which each is answered."""
    async with services.db.reading() as tx:
        return [RequestOut.of(one) for one in await tx.requests.of_owners(_owners(person))]


@router.post("/objection", status_code=201, summary="Object to a use of your data, or ask for something else")
async def object_to_use(asked: ObjectionIn, person: PersonDep, services: ServicesDep) -> RequestOut:
    """A person of the shop answers within the legal time."""
    services.rights_limit.check(_who(person))
    return RequestOut.of(await services.rights.object(_who(person), asked.words))


def _who(person: Person) -> str:
    return person.customer_id if person.account is None else person.account.id


def _owners(person: Person) -> list[str]:
    return [person.customer_id, *([person.account.id] if person.account is not None else [])]


async def _check_again(services: Services, caller: Caller, asked: ErasureIn, visitor: Visitor) -> None:
    """A browser left open must not be enough. Guests have shown their conversation's token."""
    if caller.signed_in is None:
        return
    if caller.signed_in.account.has_password and asked.password is None:
        raise Refused("password_missing", "Please send your password to confirm the erasure.")
    await services.accounts.own.prove(caller.signed_in, asked.password, visitor)
