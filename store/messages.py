"""Messages and replies as other rooms see them, and how their content is sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from privacy import Original, Redacted, restored
from store.schema import MessageRow
from store.vault import PersonSealer
from vocabulary import Author, MessageStatus, Suggestion

_PURPOSE = "message"
_HEARD = "heard"
_ORIGINALS = "originals"


@dataclass(frozen=True)
class HeardWord:
    """One word of a spoken message. confidence: 0 to 1; None where the recogniser cannot say."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a reply. payload: what it means to the assistant; it never leaves the server."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One answer of the assistant, before it is stored. awaits: as in Message."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    image: str | None = None
    awaits: str | None = None


@dataclass(frozen=True)
class Message:
    """One stored message.

    seq: 1, 2, … over all authors of the conversation. status: customer messages only.
    reply_to: id of the customer message that a bot message answers; None for notices.
    attempts: how often the message was given to the assistant.
    heard: a spoken message's words until it is answered; empty for every other.
    spoken: its text was heard. corrects: id of the spoken message that this one puts right.
    corrected_by: id of the correction; misheard: what was heard, where the correction took its place.
    text, misheard: with placeholders such as [email 1] for whoever asked for the redacted message, and for everybody
    once the originals are forgotten. revealable: there are originals.
    awaits: the name of the slot that the assistant asks for with this message, None if it asks for none.
    """

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    status: MessageStatus | None
    created_at: datetime
    answered_at: datetime | None = None
    reply_to: str | None = None
    clip_id: str | None = None
    payload: str | None = None
    buttons: tuple[Button, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    image: str | None = None
    attempts: int = 0
    staff_id: str | None = None
    heard: tuple[HeardWord, ...] = ()
    spoken: bool = False
    corrects: str | None = None
    corrected_by: str | None = None
    misheard: str | None = None
    revealable: bool = False
    awaits: str | None = None


@dataclass(frozen=True)
class SealedContent:
    """A message's content as it is stored. originals: of its placeholders; None where there are none."""

    sealed: str
    originals: str | None


def seal_content(
    sealer: PersonSealer,
    text: Redacted,
    reply: Reply | None = None,
    payload: str | None = None,
    misheard: Redacted | None = None,
) -> SealedContent:
    """Everything of a message that a person wrote or reads, as one ciphertext without personal data, and that.

    text: of the message. reply: what else a reply has beside its text.
    """
    reply = reply or Reply()
    content: dict[str, Any] = {"text": text.text}
    originals = {"text": text.originals}
    if payload is not None:
        content["payload"] = payload
    if misheard is not None:
        content["misheard"] = misheard.text
        originals["misheard"] = misheard.originals
    if reply.buttons:
        content["buttons"] = [[button.title, button.payload] for button in reply.buttons]
    if reply.suggestions:
        content["suggestions"] = [suggestion.to_dict() for suggestion in reply.suggestions]
    if reply.image is not None:
        content["image"] = reply.image
    if reply.awaits is not None:
        content["awaits"] = reply.awaits
    raw = {name: [one.to_list() for one in found] for name, found in originals.items() if found}
    return SealedContent(sealer.seal(content, _PURPOSE), sealer.seal(raw, _ORIGINALS) if raw else None)


def message_from_row(sealer: PersonSealer, row: MessageRow, *, redacted: bool = False) -> Message:
    """Open a stored message; without its originals and its words as they were heard if it is to be redacted."""
    originals = {} if redacted else _open_originals(sealer, row)
    content: Mapping[str, Any] = sealer.open(row.sealed, _PURPOSE)
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        text=_whole(content["text"], originals.get("text", ())),
        status=None if row.status is None else MessageStatus(row.status),
        created_at=row.created_at,
        answered_at=row.answered_at,
        reply_to=row.reply_to,
        clip_id=row.clip_id,
        payload=content.get("payload"),
        buttons=tuple(Button(title, payload) for title, payload in content.get("buttons", ())),
        suggestions=tuple(Suggestion.from_dict(raw) for raw in content.get("suggestions", ())),
        image=content.get("image"),
        attempts=row.attempts,
        staff_id=row.staff_id,
        heard=() if redacted else _open_heard(sealer, row.heard),
        spoken=bool(row.spoken),
        corrects=row.corrects,
        corrected_by=row.corrected_by,
        misheard=None
        if content.get("misheard") is None
        else _whole(content["misheard"], originals.get("misheard", ())),
        revealable=row.originals is not None,
        awaits=content.get("awaits"),
    )


def _open_originals(sealer: PersonSealer, row: MessageRow) -> dict[str, tuple[Original, ...]]:
    """What the placeholders stand for, by part of the message: text, misheard. Empty where there are none any more."""
    if row.originals is None:
        return {}
    raw: Mapping[str, Any] = sealer.open(row.originals, _ORIGINALS)
    return {name: tuple(Original.from_list(one) for one in found) for name, found in raw.items()}


def _whole(text: str, originals: tuple[Original, ...]) -> str:
    return restored(Redacted(text, originals)) if originals else text


def seal_heard(sealer: PersonSealer, heard: Sequence[HeardWord]) -> str | None:
    """The words of a spoken message as one ciphertext; None if there are none."""
    return sealer.seal([[word.text, word.confidence] for word in heard], _HEARD) if heard else None


def _open_heard(sealer: PersonSealer, sealed: str | None) -> tuple[HeardWord, ...]:
    if sealed is None:
        return ()
    return tuple(HeardWord(text, confidence) for text, confidence in sealer.open(sealed, _HEARD))
