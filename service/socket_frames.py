"""The frames that a chat page sends over its socket, and how any socket's text is received."""

from typing import Annotated, Any, Literal

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field

from service.shapes import ButtonIn, PersonIn, TextIn


class AuthFrame(BaseModel):
    """The first frame. after: seq of the last message that the page has; later ones are sent again.

    token: the conversation's; empty if the customer is signed in and the conversation is theirs.
    """

    model_config = ConfigDict(extra="ignore")

    type: Literal["auth"]
    token: str = Field(default="", max_length=200)
    after: int = Field(default=0, ge=0)


class TextFrame(TextIn):
    """A typed message."""

    type: Literal["message"]


class ButtonFrame(ButtonIn):
    """The choice of a button."""

    type: Literal["button"]


class PersonFrame(PersonIn):
    """The wish to talk to a person."""

    type: Literal["person"]


class PingFrame(BaseModel):
    """Is the line alive?"""

    type: Literal["ping"]


ClientFrame = Annotated[TextFrame | ButtonFrame | PersonFrame | PingFrame, Field(discriminator="type")]


async def receive_text(socket: WebSocket) -> str:
    """The next text frame; empty for one that is no text. Raises: WebSocketDisconnect."""
    event: Any = await socket.receive()
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(event.get("code", 1000))
    text = event.get("text")
    return text if isinstance(text, str) else ""
