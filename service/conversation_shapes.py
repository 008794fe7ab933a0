"""What the API takes and gives about a conversation as a whole: who answers it, and what the customer allows."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from privacy import plugin_signals
from service.shapes import In
from store import ConsentReceipt
from vocabulary import Signal


class ConsentIn(In):
    """An answer to the notice, for one signal."""

    signal: Literal["text", "voice", "face", "behaviour", "physiological", "gesture"] = Field(
        description="the last two only where an installed plug-in scores them"
    )
    granted: bool
    text_version: str | None = Field(
        default=None, max_length=40, description="version of the notice that was shown; needed to allow, not to forbid"
    )


class ConsentOut(BaseModel):
    """Which signals may be scored: the four, and the signal of each plug-in that is installed."""

    model_config = ConfigDict(extra="allow")

    text: bool
    voice: bool
    face: bool
    behaviour: bool

    @classmethod
    def of(cls, granted: frozenset[Signal]) -> "ConsentOut":
        return cls(
            text=Signal.TEXT in granted,
            voice=Signal.VOICE in granted,
            face=Signal.FACE in granted,
            behaviour=Signal.BEHAVIOUR in granted,
            **{signal.value: signal in granted for signal in sorted(plugin_signals())},
        )


class NoticeOut(BaseModel):
    """The text that is shown before anything is scored."""

    version: str
    text: str


class ConversationCreated(BaseModel):
    """A new conversation. token: opens it, is shown once. joined: it belongs to the signed-in account."""

    conversation: str
    token: str
    owner: str
    consent: ConsentOut
    notice: NoticeOut
    joined: bool = False


class ConversationOut(BaseModel):
    """Where a conversation stands. owner: bot, waiting (for a person) or agent; agent: the person's name.

    may_ask: whether a consent that is not given may be asked for now; the customer may always give one.
    """

    conversation: str
    owner: str
    consent: ConsentOut
    agent: str | None
    last_seq: int
    may_ask: bool = True


class ReceiptOut(BaseModel):
    """Proof of an answer to the notice."""

    id: str
    signal: str
    purpose: str
    granted: bool
    text_version: str
    at: str

    @classmethod
    def of(cls, receipt: ConsentReceipt) -> "ReceiptOut":
        return cls(
            id=str(receipt.id),
            signal=receipt.signal.value,
            purpose=receipt.purpose.value,
            granted=receipt.granted,
            text_version=receipt.text_version,
            at=receipt.at.isoformat(),
        )


class ConsentAnswered(BaseModel):
    """The receipt, and what holds from the next message on."""

    receipt: ReceiptOut
    consent: ConsentOut
    may_ask: bool = True
