"""What the ledger and the inbox say about a message, read before anything of it is scored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from actions.turn import Turn
from journey import is_never_assessed
from store import Conversation, Transaction
from vocabulary import Author, Modality, Said, Signal, Step

NO_CONSENT: Final = "no consent"

SIGNAL_OF: Final = {modality: Signal(modality.value) for modality in Modality}
"""What must be allowed so that a modality may be scored: one signal each."""

_SPOKEN: Final = "spoken"
"""Receipt that the web process leaves for a spoken message."""

_EARLIER_MESSAGES: Final = 10
"""How many of the customer's messages before this one the text scorer may see, with the answers to them."""


@dataclass(frozen=True)
class Permission:
    """Whose message it is and what of it may be scored. Nothing in here was read without its consent.

    granted: signals that were allowed when the message came in, and have been ever since.
    received_at: None if it is no customer's message. since: from when on each granted signal may be read for this
    turn: its consent, or the assessment before, because what an earlier turn was scored with must not count twice.
    second_voice: somebody else was heard, so there is no clip. clip_belongs: the clip is this message's own.
    frame_ids: pictures of this message, in the media store. context: what was said before it.
    baseline: how the customer sounded in this session. steps: on the host's page, since the turn before.
    """

    conversation: Conversation | None = None
    granted: frozenset[Signal] = frozenset()
    received_at: datetime | None = None
    since: Mapping[Signal, datetime] = field(default_factory=dict)
    second_voice: bool = False
    clip_belongs: bool = False
    context: tuple[Said, ...] = ()
    baseline: Mapping[str, Any] | None = None
    steps: tuple[Step, ...] = ()
    frame_ids: tuple[str, ...] = ()

    @property
    def by_customer(self) -> bool:
        return self.received_at is not None

    def allows(self, modality: Modality) -> bool:
        """Whether this message's modality may be scored."""
        return self.by_customer and SIGNAL_OF[modality] in self.granted


async def read_permission(tx: Transaction, turn: Turn) -> Permission:
    """Look up the message, its customer's consent, and what else may be read under it."""
    conversation = await tx.conversations.get(turn.conversation_id)
    if conversation is None:
        return Permission()
    message = await tx.inbox.get(turn.conversation_id, turn.message_id)
    if message is None or message.author is not Author.CUSTOMER:
        return Permission(conversation)
    consents = await tx.consents.granted_since(conversation.customer_id)
    granted = allowed(consents, message.created_at)
    spoken = await tx.receipts.get(turn.conversation_id, turn.message_id, _SPOKEN) or {}
    before = await tx.assessments.latest(turn.conversation_id)
    since = {signal: consents[signal] if before is None else max(consents[signal], before.at) for signal in granted}
    steps: Sequence[Step] = ()
    if Signal.BEHAVIOUR in granted:
        steps = await tx.behaviour.recent(turn.conversation_id, since=since[Signal.BEHAVIOUR], until=message.created_at)
    own_frames = await tx.frames.of_message(turn.conversation_id, turn.message_id)
    return Permission(
        conversation,
        granted=granted,
        received_at=message.created_at,
        since=since,
        second_voice=spoken.get("second_voice") == "left_out",
        clip_belongs=turn.clip_id is not None and message.clip_id == turn.clip_id,
        context=await _context(tx, turn, consents.get(Signal.TEXT), conversation.handed_back_at),
        baseline=await tx.baselines.get(turn.conversation_id) if Signal.VOICE in granted else None,
        steps=tuple(steps),
        frame_ids=tuple(frame_id for frame_id in turn.frame_ids if frame_id in own_frames),
    )


def allowed(since: Mapping[Signal, datetime], received_at: datetime | None) -> frozenset[Signal]:
    """The signals that were allowed before the message came in: a yes holds from the next message on."""
    if received_at is None:
        return frozenset()
    return frozenset(signal for signal, at in since.items() if at <= received_at)


async def _context(
    tx: Transaction, turn: Turn, consented: datetime | None, handed_back: datetime | None
) -> tuple[Said, ...]:
    """What the customer and the assistant said before this message, for the scorer to compare it with.

    Nothing from before the consent or the last hand-back, nor any answer to such a message; never an agent's words, and
    nothing of a message that is never assessed.
    """
    if consented is None:
        return ()
    since = consented if handed_back is None else max(consented, handed_back)
    ids = list(dict.fromkeys(said.message_id for said in turn.earlier))[-_EARLIER_MESSAGES:]
    allowed_ids = await tx.inbox.received_since(turn.conversation_id, ids, since)
    left_out = {
        said.message_id
        for said in turn.earlier
        if said.message_id in allowed_ids and said.author is Author.CUSTOMER and is_never_assessed(said.text)
    }
    return tuple(Said(said.author, said.text) for said in turn.earlier if said.message_id in allowed_ids - left_out)
