"""Pictures of the customer's face, sent before the message that they belong to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from service.access import SendingConversation, ServicesDep, limit_address
from service.permit import permit
from service.uploads import read_file
from vocabulary import Right

router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["messages"],
    dependencies=[Depends(limit_address), permit(Right.CONVERSATION_OWN)],
)

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "image/*": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {"image": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class FramesOut(BaseModel):
    """How many pictures the message has now."""

    message_id: str
    frames: int


@router.post("/frames", status_code=201, openapi_extra=_BODY, summary="Attach a picture of the customer's face")
async def attach_frame(
    conversation: SendingConversation,
    request: Request,
    services: ServicesDep,
    message_id: Annotated[str, Query(min_length=8, max_length=64, description="of the message to be sent next")],
) -> FramesOut:
    """JPEG, PNG, WebP or GIF, up to 5 MB, up to five for a message, and only with consent to the face.

    Send the message itself, typed or spoken, with the same id afterwards. A picture is kept encrypted until that
    turn is over, at the latest for minutes; its expression is scored, nobody is recognised, no person sees it.
    """
    data = await read_file(request, field="image")
    return FramesOut(message_id=message_id, frames=await services.pictures.attach(conversation, message_id, data))
