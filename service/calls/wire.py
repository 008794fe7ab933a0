"""What the web process and a voice process say to each other about one call.

One WebSocket for each call, opened by the web process at `/calls/{call}` of the voice process, with the token of
`Secrets.voice_token`. Every message is one binary frame: the length of a JSON object (4 bytes, big-endian), the object
itself, and a payload (the clip of `Heard`, the picture of `Picture`). When the socket ends, the call has ended.
"""

import struct
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vocabulary import Author, Owner

LARGEST_PAYLOAD: Final = 8 * 1024 * 1024
"""Bytes: four minutes of 16-bit sound at 16 kHz."""
_LARGEST_HEAD: Final = 256 * 1024
_LENGTH: Final = struct.Struct(">I")


class WireError(ValueError):
    """Bytes that are no message of this protocol; the sender has another version or is a stranger."""

    code = "wire"
    retryable = False


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Manner(_Message):
    """How sentences are spoken. rate: times the voice's usual pace. pause_s: silence after each sentence."""

    rate: float = Field(default=1.0, ge=0.5, le=2.0)
    pause_s: float = Field(default=0.15, ge=0, le=3)


class IceServer(_Message):
    """A STUN or TURN server. urls as RTCIceServer has them."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None


# From the web process to the voice process.


class Start(_Message):
    """The first message. offer: the browser's SDP; None for a call whose sound comes by WebSocket.

    voice, face: as Permitted. camera: the browser sends pictures as a second track.
    """

    type: Literal["start"] = "start"
    transport: Literal["webrtc", "websocket", "telephone"]
    offer: str | None = Field(default=None, max_length=65_536)
    ice_servers: tuple[IceServer, ...] = ()
    camera: bool = False
    voice: bool = False
    face: bool = False
    owner: Owner = Owner.BOT
    manner: Manner = Manner()


class Offer(_Message):
    """The browser's new SDP after its network changed; answered by Answer."""

    type: Literal["offer"] = "offer"
    sdp: str = Field(max_length=65_536)


class Sentence(_Message):
    """One sentence to read out. text: as it is spoken. part, start, end: where it stands, as service.speaking.Part."""

    text: str = Field(max_length=2_000)
    part: Literal["text", "suggestion", "buttons"] = "text"
    start: int | None = None
    end: int | None = None


class Say(_Message):
    """Read a message out, after what is being read. reply: the message's id. answers: the customer's message, if any.

    awaits: what the answer asks for, if it is a number or a proof that the customer has to look up; the end of their
    turn is waited for longer. interruptible: False for what must be heard whole, such as that a person takes over.
    """

    type: Literal["say"] = "say"
    reply: str
    author: Author
    sentences: tuple[Sentence, ...]
    answers: str | None = None
    manner: Manner = Manner()
    awaits: str | None = None
    interruptible: bool = True


class Permitted(_Message):
    """Whether pictures are taken, from the very next one on. voice: whether clips come along with what was heard."""

    type: Literal["permitted"] = "permitted"
    voice: bool
    face: bool


class Owned(_Message):
    """Who answers the customer now. While a person is awaited, the customer hears that they hold."""

    type: Literal["owned"] = "owned"
    owner: Owner


class Taken(_Message):
    """A Heard message is in the inbox (text as stored), or was refused (code, and words for the customer)."""

    type: Literal["taken"] = "taken"
    message: str
    text: str = ""
    code: str | None = None
    says: str = ""


class Stop(_Message):
    """Say nothing more of what is queued, and listen."""

    type: Literal["stop"] = "stop"


class End(_Message):
    """Hang up. because: asked, erased, signed_out, too_long, shutdown."""

    type: Literal["end"] = "end"
    because: str


# From the voice process to the web process.


class Answer(_Message):
    """The SDP that answers an offer. sdp: None where there was no offer."""

    type: Literal["answer"] = "answer"
    sdp: str | None = None


class Ready(_Message):
    """Sound flows both ways. engine, voice: what hears and what speaks, in words."""

    type: Literal["ready"] = "ready"
    engine: str = ""
    voice: str = ""


class Word(_Message):
    """One word heard. confidence in [0, 1]; None where the engine gives none."""

    text: str
    confidence: float | None = None


class Stages(_Message):
    """When what happened, in seconds after the customer's last sound of the turn (may be 0). None: did not happen.

    first_audio: the first sample of the answer left for the customer.
    """

    turn_end: float | None = None
    transcript: float | None = None
    accepted: float | None = None
    answered: float | None = None
    spoken: float | None = None
    first_audio: float | None = None


class Heard(_Message):
    """A whole turn of the customer. message: an id made for it. Payload: the clip, 16-bit little-endian mono at 16 kHz,
    without pre-roll, the turn's segments joined; empty without leave for the voice.

    interrupted: the reply that the customer broke off. seconds: of speech.
    """

    type: Literal["heard"] = "heard"
    message: str
    text: str
    words: tuple[Word, ...] = ()
    seconds: float
    interrupted: str | None = None
    stages: Stages = Stages()


class Picture(_Message):
    """One picture of the customer's face for the message that comes next. Payload: a JPEG."""

    type: Literal["picture"] = "picture"
    message: str


class Said(_Message):
    """How far a reply has been read out: its sentence `index` began, ended, was broken off, or goes on."""

    type: Literal["said"] = "said"
    reply: str
    index: int
    state: Literal["began", "ended", "broken_off", "resumed"]


class Measured(_Message):
    """The stages of a turn, once its answer has begun to sound."""

    type: Literal["measured"] = "measured"
    message: str
    stages: Stages


class NotHeard(_Message):
    """The customer made a sound that was no words, or that the recogniser refused. code as service.hearing gives."""

    type: Literal["not_heard"] = "not_heard"
    code: str


class Trouble(_Message):
    """Something is out of order while the call goes on: recogniser, voice, camera, microphone, network."""

    type: Literal["trouble"] = "trouble"
    code: str


class Ended(_Message):
    """The call has ended on this side. late, frames: frames of 20 ms that left late, and all of them."""

    type: Literal["ended"] = "ended"
    because: str
    frames: int = 0
    late: int = 0


ToVoice = Start | Offer | Say | Permitted | Owned | Taken | Stop | End
ToWeb = Answer | Ready | Heard | Picture | Said | Measured | NotHeard | Trouble | Ended
_messages: TypeAdapter[ToVoice | ToWeb] = TypeAdapter(Annotated[ToVoice | ToWeb, Field(discriminator="type")])


def pack(message: ToVoice | ToWeb, payload: bytes = b"") -> bytes:
    """One frame of the socket. Raises: WireError when the payload is too large."""
    if len(payload) > LARGEST_PAYLOAD:
        raise WireError(f"a payload of {len(payload)} bytes; at most {LARGEST_PAYLOAD} are allowed.")
    head = message.model_dump_json(exclude_defaults=False).encode()
    return _LENGTH.pack(len(head)) + head + payload


def unpack(frame: bytes) -> tuple[ToVoice | ToWeb, bytes]:
    """A frame's message and payload. Raises: WireError, which names no content."""
    if len(frame) < _LENGTH.size:
        raise WireError(f"a frame of {len(frame)} bytes; expected a length first.")
    (length,) = _LENGTH.unpack_from(frame)
    end = _LENGTH.size + length
    if length > _LARGEST_HEAD or end > len(frame) or len(frame) - end > LARGEST_PAYLOAD:
        raise WireError(f"a frame of {len(frame)} bytes that announces {length}; it is cut short or too large.")
    try:
        return _messages.validate_json(frame[_LENGTH.size : end]), frame[end:]
    except ValidationError as err:
        raise WireError(
            f"a frame with {err.error_count()} errors; the processes may have different versions."
        ) from None
