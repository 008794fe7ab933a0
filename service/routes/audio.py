"""Spoken messages as files."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from service.access import SendingConversation, ServicesDep, limit_address
from service.errors import Refused
from service.hearing import Heard
from service.permit import permit
from service.routes.messages import WAITED, Wait, respond
from service.shapes import AcceptedOut, TurnOut
from service.uploads import read_file
from vocabulary import Right

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["messages"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)

_LOOK_EVERY_S: Final = 0.25
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "audio/*": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["audio"],
                    "properties": {"audio": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


@router.post("/audio", status_code=202, responses=WAITED, openapi_extra=_BODY, summary="Send a spoken message")
async def send_audio(
    conversation: SendingConversation,
    request: Request,
    services: ServicesDep,
    response: Response,
    message_id: Annotated[str, Query(alias="id", min_length=8, max_length=64)],
    wait: Wait = None,
) -> AcceptedOut | TurnOut:
    """WAV, FLAC, Ogg, MP3 or WebM. The transcript becomes the message; silence is refused and nothing is kept.

    The recording is kept only with consent to voice, encrypted, and only until the turn is over.
    """
    accepted = await services.intake.known(conversation, message_id)
    if accepted is None:
        heard = await _unless_gone(
            request,
            services.ears.listen(
                lambda: _sound(request), whose=conversation.customer_id, size_bytes=_announced_bytes(request)
            ),
        )
        accepted = await services.intake.spoken(
            conversation, message_id, heard.text, heard.clip, heard.words, two_sides=heard.two_sides
        )
    return await respond(services, response, conversation, accepted, wait, spoken=True)


def _announced_bytes(request: Request) -> int | None:
    announced = request.headers.get("content-length", "")
    return int(announced) if announced.isdigit() else None


async def _unless_gone(request: Request, listening: Coroutine[Any, Any, Heard]) -> Heard:
    """What is heard; given up when the caller hangs up before, so that others move on. Nothing is stored then.

    Raises: Refused with status 499, which nobody reads.
    """
    request.state.arrived = False
    work = asyncio.create_task(listening)
    try:
        while not (await asyncio.wait({work}, timeout=_LOOK_EVERY_S))[0]:
            # Before the body has arrived, its reader sees the end itself.
            if request.state.arrived and await request.is_disconnected():
                raise Refused("gone", "The caller hung up before the recording was heard.", status=499)
        return work.result()
    finally:
        work.cancel()


async def _sound(request: Request) -> bytes:
    """The file, raw or as the only file of a form. Its size is limited while it arrives."""
    sound = await read_file(request, field="audio")
    request.state.arrived = True
    return sound
