"""Answers read out, sentence by sentence."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from service.access import CustomerConversation, ServicesDep, limit_address
from service.context import Services
from service.errors import Refused
from service.permit import permit
from service.shapes import ErrorOut
from service.speaking import Part
from store import Conversation
from vocabulary import Right

router = APIRouter(
    prefix="/api/conversations/{conversation_id}/messages/{message_id}/speech",
    tags=["speech"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)
_NOT_ITS: dict[int | str, dict[str, Any]] = {403: {"model": ErrorOut, "description": "the customer's own message"}}
_SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}, "description": "the sound"}
}


class PartOut(BaseModel):
    """What a sentence belongs to. start, end: its place in the message's text; null outside of it."""

    part: Literal["text", "suggestion", "buttons"]
    start: int | None = Field(description="in UTF-16 units, as JavaScript counts")
    end: int | None


class SpeechOut(BaseModel):
    """How a message is read out. sentences: how many there are, 0 if it has nothing to read."""

    sentences: int
    engine: str
    parts: list[PartOut]


@router.get("", responses=_NOT_ITS, summary="How an answer is read out")
async def read_out(conversation: CustomerConversation, message_id: str, services: ServicesDep) -> SpeechOut:
    """The sentences of an answer of the assistant or of an agent."""
    parts = await _parts(services, conversation, message_id)
    return SpeechOut(
        sentences=len(parts),
        engine=services.speaker.engine,
        parts=[PartOut(part=part.part, start=part.start, end=part.end) for part in parts],
    )


@router.get("/{index}", response_class=Response, responses=_NOT_ITS | _SOUND, summary="The sound of one sentence")
async def read_sentence(
    conversation: CustomerConversation,
    message_id: str,
    index: Annotated[int, Path(ge=0, le=20_000, description="position of the sentence, from 0")],
    services: ServicesDep,
) -> Response:
    """A WAV file, 16-bit mono. It is made for this request and kept nowhere."""
    parts = await _parts(services, conversation, message_id)
    if index >= len(parts):
        raise Refused("unknown_sentence", f"This message has {len(parts)} sentences, counted from 0.", status=404)
    sound = await services.speaker.speak(parts[index])
    return Response(sound.wav, media_type="audio/wav", headers={"Cache-Control": "no-store"})


async def _parts(services: Services, conversation: Conversation, message_id: str) -> list[Part]:
    services.speaker.limit.check(conversation.id)
    async with services.db.reading() as tx:
        message = await tx.inbox.get(conversation.id, message_id)
    if message is None:
        raise Refused("unknown_message", "This conversation has no message with this id.", status=404)
    return services.speaker.parts(message)
