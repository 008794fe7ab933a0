"""What the API takes and gives. These shapes are not the stored ones: nothing reaches a customer by accident."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from store import Message
from vocabulary import MessageStatus, Suggestion

# The pattern is checked again in the intake, which the socket shares.
MessageId = Field(
    min_length=8,
    max_length=64,
    description="made by the client, a UUID for example",
    examples=["0b6f1c0e-4f0e-4f9f-9a51-2f4c7d7f9a11"],
)


class In(BaseModel):
    """Base of what is taken: unknown fields are an error, so that a typing mistake is no silent default."""

    model_config = ConfigDict(extra="forbid")


class TextIn(In):
    """A typed message."""

    id: str = MessageId
    text: str = Field(description="up to 4,000 characters; control characters are removed")


class CorrectionIn(In):
    """What the customer meant, where a spoken message was heard wrongly. id: of the correction."""

    id: str = MessageId
    text: str = Field(description="up to 4,000 characters; control characters are removed")


class ButtonIn(In):
    """The choice of a button that the assistant offered."""

    id: str = MessageId
    reply_id: str = Field(max_length=64, description="id of the message that shows the button")
    index: int = Field(ge=0, le=50, description="position of the button, from 0")


class PersonIn(In):
    """The wish to talk to a person."""

    id: str = MessageId


class AcceptedOut(BaseModel):
    """The message is stored. repeated: its id was known, and nothing new was stored."""

    id: str
    seq: int
    repeated: bool
    transcript: str | None = None


class CorrectedOut(BaseModel):
    """The correction is stored. id, seq: of the message that holds the text.

    replaced: the spoken message had not left yet, and has this text now. repeated: this was stored before.
    """

    id: str
    seq: int
    corrects: str
    text: str
    replaced: bool
    repeated: bool


class ButtonOut(BaseModel):
    """A button. Its payload stays here: clients choose by position."""

    title: str


class SuggestionOut(BaseModel):
    """An item offered, with the reason. price: in the currency; null if there is none."""

    id: str
    title: str
    price: float | None
    category: str
    score: float
    reason: str
    image: str | None
    url: str | None
    currency: str

    @classmethod
    def of(cls, suggestion: Suggestion) -> "SuggestionOut":
        return cls(**suggestion.to_dict())


class MessageOut(BaseModel):
    """One message as customers see it. seq: 1, 2, … in the conversation, over all authors.

    spoken: its text is what was heard. corrects: id of the spoken message that this one puts right. corrected_by: id
    of the correction of this one. misheard: what was heard, where the correction took its place.
    """

    seq: int
    id: str
    author: str
    text: str
    created_at: str
    reply_to: str | None
    buttons: list[ButtonOut]
    suggestions: list[SuggestionOut]
    image: str | None
    answered: bool
    spoken: bool = False
    corrects: str | None = None
    corrected_by: str | None = None
    misheard: str | None = None

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        return cls(
            seq=message.seq,
            id=message.id,
            author=message.author.value,
            text=message.text,
            created_at=message.created_at.isoformat(),
            reply_to=message.reply_to,
            buttons=[ButtonOut(title=button.title) for button in message.buttons],
            suggestions=[SuggestionOut.of(suggestion) for suggestion in message.suggestions],
            image=message.image,
            answered=message.status in (None, MessageStatus.ANSWERED),
            spoken=message.spoken,
            corrects=message.corrects,
            corrected_by=message.corrected_by,
            misheard=message.misheard,
        )


class MessagesOut(BaseModel):
    """Messages in order of seq."""

    messages: list[MessageOut]
    owner: str


class ReplyOut(BaseModel):
    """One reply of a turn."""

    id: str
    text: str
    buttons: list[ButtonOut]
    suggestions: list[SuggestionOut]
    image: str | None = None


class LateNotice(BaseModel):
    """Why an answer is late."""

    code: str
    text: str


class TurnOut(BaseModel):
    """One turn, whole. transcript: what was heard in a spoken message; null for a typed one.

    emotion and frustration are null without consent, and when nothing could be judged.
    voice_left_out: somebody else was heard in the recording, so its sound was not assessed.
    explanation: why, in two or three sentences. verdict: what the customer said about it: less_upset, as_shown or
    more_upset.
    status: received, sent or answered. notice: why the answer is late, while it is.
    """

    conversation: str
    message_id: str
    transcript: str | None
    replies: list[ReplyOut]
    emotion: dict[str, Any] | None
    frustration: float | None
    mode: str
    handoff: bool
    suggestions: list[SuggestionOut]
    status: str
    answered: bool
    notice: LateNotice | None = None
    voice_left_out: bool = False
    explanation: list[str] = []
    verdict: str | None = None


class ErrorDetail(BaseModel):
    """What is wrong, and whether sending the same again can help."""

    code: str
    message: str
    retryable: bool


class ErrorOut(BaseModel):
    """The shape of every error."""

    error: ErrorDetail
