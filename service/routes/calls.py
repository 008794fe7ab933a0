"""Calls over HTTP: beginning one, a new offer after the network changed, hanging up, and sound by WebSocket."""

import asyncio
import contextlib
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError

from service.access import CustomerConversation, SendingConversation, ServicesDep, limit_address, open_conversation
from service.addresses import address_key, address_of
from service.caller import GUEST, OPERATOR, CallerDep, caller_of
from service.calls.call import Call
from service.calls.passing import pass_on
from service.calls.wire import IceServer
from service.context import Services
from service.errors import Refused, ServiceError, Unavailable
from service.permit import checks_itself, permit
from service.shapes import In
from service.socket_frames import AuthFrame
from store import StoreError
from vocabulary import Right, Signal

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/calls",
    tags=["calls"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)
sound_router = APIRouter()

CLOSE_PROTOCOL: Final = 4400
CLOSE_WRONG_TOKEN: Final = 4401
CLOSE_UNKNOWN: Final = 4404
CLOSE_AUTH_TIMEOUT: Final = 4408
CLOSE_TRY_AGAIN: Final = 1013
_AUTH_WITHIN_S: Final = 10.0
_LONGEST_AUTH: Final = 2_000

CallId = Annotated[str, Path(min_length=8, max_length=64)]


class CallIn(In):
    """A call to begin. offer: the browser's SDP with its candidates; needed for webrtc."""

    transport: Literal["webrtc", "websocket"]
    offer: str | None = Field(default=None, max_length=65_536)
    camera: bool = False


class OfferIn(In):
    """The browser's new SDP after its network changed."""

    offer: str = Field(min_length=1, max_length=65_536)


class IceServerOut(BaseModel):
    """A STUN or TURN server, as RTCIceServer has it."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class CallOut(BaseModel):
    """A call that goes on. answer: the SDP for the browser; null where there was no offer."""

    call: str
    answer: str | None
    ice_servers: list[IceServerOut]


class AnswerOut(BaseModel):
    """The SDP that answers a new offer."""

    answer: str | None


class CallSettingsOut(BaseModel):
    """Whether a call would be taken now. because: voice_down or calls_full, where not.

    covered: signals that are scored in calls by the answers so far; a yes to a notice without calls covers none.
    """

    available: bool
    because: str | None
    transports: list[Literal["webrtc", "websocket"]]
    ice_servers: list[IceServerOut]
    max_seconds: float
    covered: list[Signal]


@router.get("/settings", summary="Can this conversation be a call?")
async def call_settings(conversation: CustomerConversation, services: ServicesDep) -> CallSettingsOut:
    """Ask before the button is shown; a call may still be refused a moment later."""
    because = await services.calls.processes.why_none()
    async with services.db.reading() as tx:
        covered = await tx.consents.granted_in_calls(conversation.customer_id)
    return CallSettingsOut(
        available=because is None,
        because=because,
        transports=["webrtc", "websocket"],
        ice_servers=_ice_servers(services),
        max_seconds=services.settings.call_seconds,
        covered=sorted(covered),
    )


@router.post("", status_code=201, summary="Begin a call")
async def begin_call(
    conversation: SendingConversation, wish: CallIn, request: Request, services: ServicesDep, caller: CallerDep
) -> CallOut:
    """One at a time: a call that this conversation has already ends with the reason `elsewhere`.

    What is said becomes messages of the conversation; answers are read out and stand there as well. Sound and pictures
    are scored only with consent, which may change in mid-call. 503 `calls_full` or `voice_down`: go on in the chat.
    """
    call, answer = await services.calls.begin(
        conversation,
        transport=wish.transport,
        offer=wish.offer,
        camera=wish.camera,
        signed_in=caller.signed_in,
        is_guest=caller.kind == GUEST,
        address=None if caller.kind == OPERATOR else address_key(address_of(request)),
    )
    return CallOut(call=call.id, answer=answer, ice_servers=_ice_servers(services))


@router.post("/{call_id}/offer", summary="Offer a call's sound anew")
async def renew_call(
    conversation: SendingConversation, call_id: CallId, wish: OfferIn, services: ServicesDep
) -> AnswerOut:
    """After a change of network. The call goes on meanwhile; nothing that was said is lost."""
    call = services.calls.of(conversation.id, call_id)
    if call.transport != "webrtc":
        raise Refused("no_offers", "This call's sound comes by WebSocket; connect that again instead.", status=409)
    return AnswerOut(answer=await call.renew(wish.offer))


@router.delete("/{call_id}", status_code=204, summary="Hang up")
async def end_call(conversation: CustomerConversation, call_id: CallId, services: ServicesDep) -> None:
    """The conversation goes on in the chat. Hanging up twice is no error."""
    with contextlib.suppress(Refused):
        await services.calls.of(conversation.id, call_id).end("asked")


@sound_router.websocket(
    "/api/conversations/{conversation_id}/calls/{call_id}/audio",
    dependencies=[checks_itself(Right.CONVERSATION_OWN, "the token is in the first frame, never in an address")],
)
async def call_audio(socket: WebSocket, conversation_id: str, call_id: str) -> None:
    """First frame: {"type": "auth", "token"} as on the chat socket. Then sound as binary frames of 16-bit little-endian
    mono at 16 kHz, 20 to 60 ms each, both ways, and JSON text frames as on the data channel of a WebRTC call."""
    services: Services = socket.app.state.services
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        call = await _call_of(socket, services, conversation_id, call_id)
        if call is None:
            return
        passing = asyncio.create_task(pass_on(socket, call.audio_url, services.secrets.voice_token))
        either: set[asyncio.Future[Any]] = {passing, call.ended}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not passing.done():
                # The voice process says goodbye on this line before it closes it.
                await asyncio.wait({passing}, timeout=1.0)
        finally:
            passing.cancel()
            await asyncio.gather(passing, return_exceptions=True)
        await socket.close(1000 if call.ended.done() else CLOSE_TRY_AGAIN, "the call has ended")


async def _call_of(socket: WebSocket, services: Services, conversation_id: str, call_id: str) -> Call | None:
    """The call that the first frame opens; None after closing the socket with the reason."""
    try:
        async with asyncio.timeout(_AUTH_WITHIN_S):
            event = await socket.receive()
        if event["type"] == "websocket.disconnect":
            return None
        text = event.get("text") or ""
        frame = AuthFrame.model_validate_json(text if len(text) <= _LONGEST_AUTH else "")
        caller = await caller_of(services, socket, conversation_id, frame.token)
        conversation = await open_conversation(services, conversation_id, caller)
        call = services.calls.of(conversation.id, call_id)
        if call.transport == "websocket":
            return call
        await socket.close(CLOSE_PROTOCOL, "this call has its sound by another way")
    except TimeoutError:
        await socket.close(CLOSE_AUTH_TIMEOUT, "the first frame must be auth, within 10 s")
    except (ValidationError, Refused) as err:
        unknown = isinstance(err, Refused) and err.code in ("unknown_conversation", "unknown_call")
        await socket.close(
            CLOSE_UNKNOWN if unknown else CLOSE_PROTOCOL,
            "unknown call" if unknown else "the first frame must be auth, with a token",
        )
    except Unavailable as err:
        await socket.close(CLOSE_TRY_AGAIN, err.code)
    except ServiceError as err:
        await socket.close(CLOSE_WRONG_TOKEN, err.code)
    except StoreError:
        await socket.close(CLOSE_TRY_AGAIN, "the database is busy; connect again")
    return None


def _ice_servers(services: Services) -> list[IceServerOut]:
    return [_ice_server(server) for server in services.calls.ice_servers]


def _ice_server(server: IceServer) -> IceServerOut:
    return IceServerOut(urls=list(server.urls), username=server.username, credential=server.credential)
