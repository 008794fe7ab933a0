"""One request of the channel, checked: ids, text or payload, and the ids of media."""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import RequestError

MAX_TEXT_CHARS = 10_000
"""Far above what a person types; the web service's own limit is lower."""

_SENDER = re.compile(r"[A-Za-z0-9_.:@+-]{1,128}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z_][\w./-]*)(?P<entities>\{.*\})?", re.DOTALL)
_MAX_FRAMES = 64

# Looks like the slash that was typed, and means nothing to Rasa.
_HARMLESS_SLASH = "\uff0f"


def escape(text: str) -> str:
    """Typed text as Rasa may see it: never a command, without control characters.

    Rasa strips a message and takes a leading "/" for a command ("/restart"), so that slash is replaced by its
    full-width form. Line breaks and tabs stay; other control characters go first, because one before the slash
    would hide it.
    """
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    stripped = kept.strip()
    return _HARMLESS_SLASH + stripped[1:] if stripped.startswith("/") else stripped


@dataclass(frozen=True)
class TurnRequest:
    """One customer message. text: what Rasa gets, escaped or a payload. intent: of a payload, else None."""

    sender: str
    message_id: str
    text: str
    intent: Optional[str]
    clip_id: Optional[str]
    frame_ids: Tuple[str, ...]

    @property
    def metadata(self) -> Dict[str, Any]:
        """What the tracker keeps beside the message: ids only, because the tracker is persisted."""
        return {"message_id": self.message_id, "clip_id": self.clip_id, "frame_ids": list(self.frame_ids)}


def parse(body: bytes) -> TurnRequest:
    """Read a request body. Raises: RequestError naming the field, what is allowed and what was sent."""
    raw = read_object(body)
    text, intent = _message(raw)
    metadata = raw.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise _invalid("metadata_invalid", "metadata is not an object; expected clip_id and frame_ids.")
    clip_id = metadata.get("clip_id")
    frame_ids = metadata.get("frame_ids") or []
    if clip_id is not None:
        _check_id("metadata.clip_id", clip_id, _MEDIA_ID)
    if not isinstance(frame_ids, list) or len(frame_ids) > _MAX_FRAMES:
        raise _invalid("metadata_invalid", f"metadata.frame_ids; expected a list of at most {_MAX_FRAMES} ids.")
    for frame_id in frame_ids:
        _check_id("metadata.frame_ids", frame_id, _MEDIA_ID)
    return TurnRequest(
        sender=parse_sender(raw),
        message_id=_check_id("message_id", raw.get("message_id"), _MESSAGE_ID),
        text=text,
        intent=intent,
        clip_id=clip_id,
        frame_ids=tuple(frame_ids),
    )


def read_object(body: bytes) -> Dict[str, Any]:
    """The body as a JSON object. Raises: RequestError (400)."""
    try:
        raw = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        # The cause holds what a customer wrote.
        raise RequestError(400, "not_json", "The body is not JSON in UTF-8; send an object.") from None
    if not isinstance(raw, dict):
        raise RequestError(400, "not_json", f"The body is a JSON {type(raw).__name__}; send an object.")
    return raw


def parse_sender(raw: Mapping[str, Any]) -> str:
    """The conversation id of a request. Raises: RequestError (422)."""
    return _check_id("sender", raw.get("sender"), _SENDER)


def _message(raw: Mapping[str, Any]) -> Tuple[str, Optional[str]]:
    text, payload = raw.get("text"), raw.get("payload")
    if (text is None) == (payload is None):
        raise _invalid("message_invalid", "Send exactly one of text and payload; the other is null or absent.")
    if text is not None:
        return _typed(text), None
    match = _PAYLOAD.fullmatch(payload) if isinstance(payload, str) and len(payload) <= MAX_TEXT_CHARS else None
    if match is None:
        raise _invalid("payload_invalid", 'payload; expected "/intent" or "/intent{...}" as a button holds it.')
    if match["entities"]:
        try:
            json.loads(match["entities"])
        except (ValueError, RecursionError):
            raise _invalid("payload_invalid", "The entities of payload are not a JSON object.") from None
    return payload, match["intent"].split("/")[0]


def _typed(text: Any) -> str:
    if not isinstance(text, str):
        raise _invalid("text_invalid", f"text is of type {type(text).__name__}; expected a string.")
    if len(text) > MAX_TEXT_CHARS:
        raise _invalid("text_too_long", f"text has {len(text)} characters; at most {MAX_TEXT_CHARS} are allowed.")
    escaped = escape(text)
    if not escaped:
        raise _invalid("text_empty", "text has no visible characters; send at least one.")
    return escaped


def _check_id(field: str, value: Any, allowed: "re.Pattern[str]") -> str:
    if not isinstance(value, str) or not allowed.fullmatch(value):
        shown = f"of {len(value)} characters" if isinstance(value, str) else f"of type {type(value).__name__}"
        raise _invalid(f"{field.split('.')[0]}_invalid", f"{field} {shown}; expected {allowed.pattern}.")
    return value


def _invalid(code: str, message: str) -> RequestError:
    return RequestError(422, code, message)
