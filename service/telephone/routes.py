"""What the telephone provider asks: what to do with a call, how it stands, and where its sound goes."""

from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response, WebSocket

from service.access import ServicesDep, limit_address
from service.context import Services
from service.errors import Refused, ServiceError
from service.permit import public
from service.telephone.stream import carry
from service.telephone.telephone import PREFIX
from service.telephone.twiml import MEDIA_TYPE

SIGNATURE: Final = "x-twilio-signature"
_MOST_FIELDS: Final = 200

router = APIRouter(
    prefix=PREFIX,
    tags=["telephone"],
    dependencies=[public("the provider's signature is checked inside, over address and body")],
)


async def _signed(request: Request, services: ServicesDep) -> dict[str, str]:
    """The fields of a form that the provider has signed. Raises: Refused, NotAllowed."""
    body = await request.body()
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Refused("invalid_form", "The body is no form; expected application/x-www-form-urlencoded.") from None
    query = f"?{request.url.query}" if request.url.query else ""
    given = request.headers.get(SIGNATURE, "")
    return services.telephone.check_form(given, f"{request.url.path}{query}", fields)


SignedForm = Annotated[dict[str, str], Depends(_signed)]


class Document(Response):
    """TwiML."""

    media_type = MEDIA_TYPE


@router.post(
    "/voice", summary="A call comes in (Twilio)", dependencies=[Depends(limit_address)], response_class=Document
)
async def call_arrives(form: SignedForm, services: ServicesDep) -> Document:
    """For the number's setting "A call comes in". Answers TwiML that connects the call, or says why not."""
    return Document(await services.telephone.arrives(form))


@router.post(
    "/after",
    summary="A call's stream has ended (Twilio)",
    dependencies=[Depends(limit_address)],
    response_class=Document,
)
async def stream_ended(form: SignedForm, services: ServicesDep) -> Document:
    """Named in our own TwiML. Answers what follows: the line again if it was interrupted, or the end."""
    return Document(await services.telephone.follows(form))


@router.post("/status", status_code=204, summary="How a call stands (Twilio)", dependencies=[Depends(limit_address)])
async def call_status(form: SignedForm, services: ServicesDep) -> None:
    """For the number's setting "Call status changes". A call that is over there is over here."""
    await services.telephone.status(form)


@router.websocket("/media")
async def call_sound(socket: WebSocket) -> None:
    """The call's sound (Twilio Media Streams). Signed, and opened by the ticket that its TwiML holds."""
    services: Services = socket.app.state.services
    try:
        services.telephone.check_socket(socket.headers.get(SIGNATURE, ""))
    except ServiceError:
        # Before it is accepted: the provider is told 403, and notes it.
        await socket.close()
        return
    await socket.accept()
    await carry(socket, services.telephone, services.secrets.voice_token)
