"""One customer turn, read out of Rasa's tracker. The only file that reads tracker dictionaries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from vocabulary import Author, DialogueEvidence, Mode

FALLBACK_INTENTS: Final = frozenset({"nlu_fallback", "out_of_scope"})
# Intents that answer the assistant or keep the talk going; saying them twice is no repeated request.
_CONVERSATIONAL_INTENTS: Final = frozenset(
    {"inform", "affirm", "deny", "greet", "thank", "goodbye", "help", "attune_repeat", "praise"}
)
_DECLINES: Final = "deny"
PERSON_INTENT: Final = "attune_talk_to_person"
COMPLAINT_INTENT: Final = "complaint"
OUTCOME_SLOT: Final = "attune_outcome"
PENDING_SLOT: Final = "attune_pending_intent"
CLARIFY_RESPONSE: Final = "utter_attune_clarify"
SHOWN_SLOT: Final = "attune_shown_items"
_REQUESTED_SLOT: Final = "requested_slot"
_BETWEEN_TURNS: Final = ("action_listen", "action_extract_slots")
RESOLVED: Final = "resolved"
REFUSED: Final = "refused"


@dataclass(frozen=True)
class Entity:
    """One entity of the customer's message, as the recogniser read it."""

    name: str
    value: str


@dataclass(frozen=True)
class Earlier:
    """A message before this turn. message_id: the customer's own, or of the one that the assistant answered."""

    author: Author
    message_id: str
    text: str


@dataclass(frozen=True)
class Turn:
    """What an action may know of the conversation at this moment.

    conversation_id: Rasa's sender id, a pseudonym. message_id: the inbox's id, or the tracker event's id on a
    stock channel. text: what the customer wrote or said; None for a button. clip_id: the media store's id, if spoken.
    frame_ids: the same of the pictures that came with it.
    earlier: what the customer and the assistant said before this message in this session, oldest first; without
    buttons, and without what the assistant said before the customer's first words.
    pending_intent: what the assistant's last words asked about ("would you like to ...?"); None once another message
    has come in between, so that a later "yes" never starts an old request.
    already_answered: something was said to this message before this action.
    clarified: the neutral question after an unsure reading was asked in this session.
    """

    conversation_id: str
    message_id: str
    text: str | None
    intent: str | None
    intent_ranking: tuple[str, ...]
    entities: tuple[Entity, ...]
    slots: Mapping[str, Any]
    active_form: str | None
    requested_slot: str | None
    clip_id: str | None
    latest_bot_texts: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    evidence: DialogueEvidence
    pending_intent: str | None = None
    already_answered: bool = False
    frame_ids: tuple[str, ...] = ()
    clarified: bool = False

    @classmethod
    def from_tracker(cls, tracker: Mapping[str, Any]) -> Self:
        """Read the tracker that Rasa sends with an action call.

        Raises: KeyError if the tracker has no sender id.
        """
        session = _current_session(tracker.get("events") or [])
        users = [event for event in session if event.get("event") == "user"]
        latest = users[-1] if users else {}
        parsed = tracker.get("latest_message") or {}
        metadata = _message_metadata(users)
        intent = (parsed.get("intent") or {}).get("name")
        text = parsed.get("text") or None
        loop = tracker.get("active_loop") or {}
        slots = tracker.get("slots") or {}
        return cls(
            conversation_id=str(tracker["sender_id"]),
            message_id=str(metadata.get("message_id") or latest.get("message_id") or ""),
            text=None if text is None or text.startswith("/") else text,
            intent=intent,
            intent_ranking=tuple(str(ranked.get("name")) for ranked in parsed.get("intent_ranking") or []),
            entities=tuple(
                Entity(str(entity["entity"]), str(entity["value"]))
                for entity in parsed.get("entities") or []
                if entity.get("value") is not None
            ),
            slots=slots,
            active_form=loop.get("name"),
            requested_slot=slots.get("requested_slot"),
            clip_id=metadata.get("clip_id"),
            frame_ids=tuple(str(one) for one in metadata.get("frame_ids") or ()),
            latest_bot_texts=_latest_bot_texts(session),
            earlier=_earlier(session, latest, str(metadata.get("message_id") or "")),
            evidence=_evidence(session, intent),
            pending_intent=_pending_intent(session, str(metadata.get("message_id") or "")),
            already_answered=_already_answered(session),
            clarified=any(
                event.get("event") == "bot" and (event.get("metadata") or {}).get("utter_action") == CLARIFY_RESPONSE
                for event in session
            ),
        )

    @property
    def mode(self) -> Mode:
        """How the assistant speaks in this turn."""
        return Mode(self.slots.get("attune_mode") or Mode.NEUTRAL)

    def slot(self, name: str) -> Any:
        """A slot's value; None if it is empty or does not exist."""
        return self.slots.get(name)

    @property
    def earlier_texts(self) -> tuple[tuple[str, str], ...]:
        """The customer's messages before this one, oldest first, with their message ids (empty on a stock channel)."""
        return tuple((said.message_id, said.text) for said in self.earlier if said.author is Author.CUSTOMER)

    @property
    def shown_items(self) -> tuple[str, ...]:
        """Ids of the items that the assistant has named last, in the order in which the customer saw them."""
        return tuple(str(self.slot(SHOWN_SLOT) or "").split())

    def entity(self, name: str) -> str | None:
        """The last value of one kind of entity in this message."""
        values = [entity.value for entity in self.entities if entity.name == name]
        return values[-1] if values else None


def _current_session(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    for position in range(len(events) - 1, -1, -1):
        if events[position].get("event") in ("session_started", "restart"):
            return list(events[position + 1 :])
    return list(events)


def _message_metadata(users: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    # A confirmed intent and Rasa's fallback add user events of their own; they belong to the message before them.
    for event in reversed(users):
        metadata = event.get("metadata") or {}
        if metadata.get("message_id"):
            return dict(metadata)
    return {}


def _latest_bot_texts(session: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    texts: list[str] = []
    for event in reversed(session):
        if event.get("event") == "bot" and event.get("text"):
            texts.append(str(event["text"]))
        elif event.get("event") == "user" and texts:
            break
    return tuple(reversed(texts))


def _already_answered(session: Sequence[Mapping[str, Any]]) -> bool:
    for event in reversed(session):
        if event.get("event") == "bot":
            return True
        if event.get("event") == "user":
            return False
    return False


def _pending_intent(session: Sequence[Mapping[str, Any]], message_id: str) -> str | None:
    here = True
    for event in reversed(session):
        if event.get("event") == "slot" and event.get("name") == PENDING_SLOT:
            return str(event["value"]) if event.get("value") else None
        if event.get("event") == "user":
            of_message = message_id and (event.get("metadata") or {}).get("message_id") == message_id
            if not here and not of_message:
                return None
            here = False
    return None


def _earlier(session: Sequence[Mapping[str, Any]], latest: Mapping[str, Any], message_id: str) -> tuple[Earlier, ...]:
    said: list[Earlier] = []
    answered: str | None = None
    for event in session:
        text, of_message = str(event.get("text") or ""), (event.get("metadata") or {}).get("message_id")
        if event.get("event") == "user":
            if event is latest or (message_id and of_message == message_id):
                break
            # Rasa's fallback replays a message's event; the same message was said once.
            replayed = of_message is not None and of_message == answered
            # A message without an id of its own came from inside Rasa; what is answered is the one before it.
            answered = str(of_message or answered or "")
            if text and not text.startswith("/") and not replayed:
                said.append(Earlier(Author.CUSTOMER, str(of_message or ""), text))
        elif event.get("event") == "bot" and text and answered is not None:
            said.append(Earlier(Author.BOT, answered, text))
    return tuple(said)


def _intents(session: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for event in session:
        if event.get("event") == "user":
            yield str(((event.get("parse_data") or {}).get("intent") or {}).get("name") or "")


def _evidence(session: Sequence[Mapping[str, Any]], intent: str | None) -> DialogueEvidence:
    intents = list(_intents(session))
    fallbacks = 0
    for position, name in reversed(list(enumerate(intents))):
        if name in FALLBACK_INTENTS:
            fallbacks += 1
        elif name != _DECLINES or not position or intents[position - 1] not in FALLBACK_INTENTS:
            # "No, something else" to our own guess is no understanding yet, and no failure of its own.
            break
    outcomes = [
        str(event.get("value") or "").rpartition(":")[2]
        for event in session
        if event.get("event") == "slot" and event.get("name") == OUTCOME_SLOT
    ]
    return DialogueEvidence(
        fallbacks=fallbacks,
        repeats=_repeats(session, intent),
        action_failures=outcomes.count(REFUSED),
        asks_for_person=intent == PERSON_INTENT,
        resolved=_resolved_since_previous_message(session),
        reasked_slots=_reasked_slots(session),
        complained=COMPLAINT_INTENT in intents,
    )


def _repeats(session: Sequence[Mapping[str, Any]], intent: str | None) -> int:
    if intent is None or intent in _CONVERSATIONAL_INTENTS or intent in FALLBACK_INTENTS:
        return 0
    count = 0
    seen_messages: set[str] = set()
    for event in session:
        if event.get("event") == "slot" and event.get("name") == OUTCOME_SLOT:
            if str(event.get("value") or "").endswith(f":{RESOLVED}"):
                count = 0
        elif event.get("event") == "user":
            # Rasa's fallback replays a message's event; the same message counts once.
            key = str((event.get("metadata") or {}).get("message_id") or event.get("message_id") or "")
            name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
            if name == intent and (not key or key not in seen_messages):
                count += 1
            seen_messages.add(key)
    return max(0, count - 1)


def _reasked_slots(session: Sequence[Mapping[str, Any]]) -> int:
    """How often in a row a form asked for the slot that the customer's message before should have filled.

    A question in between is no failure: the form asks again after another action has answered it.
    """
    count = 0
    form = ""
    asked: str | None = None
    other_action = False
    for event in session:
        kind, name = event.get("event"), str(event.get("name") or "")
        if kind == "action":
            other_action = other_action or name not in (form, *_BETWEEN_TURNS)
        elif kind == "user":
            other_action = False
        elif kind == "active_loop":
            form, asked, count = name, None, 0
        elif kind == "slot" and name == _REQUESTED_SLOT:
            slot = str(event["value"]) if event.get("value") else None
            if slot is None or slot != asked:
                count = 0
            elif not other_action:
                count += 1
            asked = slot
    return count


def _resolved_since_previous_message(session: Sequence[Mapping[str, Any]]) -> bool:
    users_passed = 0
    for event in reversed(session):
        if event.get("event") == "user":
            users_passed += 1
            if users_passed == 2:
                return False
        elif event.get("event") == "slot" and event.get("name") == OUTCOME_SLOT:
            return str(event.get("value") or "").endswith(f":{RESOLVED}")
    return False
