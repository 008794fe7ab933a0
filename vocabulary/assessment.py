"""What one turn's assessment rests on, beside what is sensed, and what is stored of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vocabulary.emotion import Emotion, ModalityScore
from vocabulary.labels import Modality
from vocabulary.state import CustomerState

NEVER_ASSESSED: Final = "a topic that is never assessed"
"""Why nothing of a turn was scored; which topic it was is not kept."""

SAID_UNDER_AGE: Final = "said to be under 18"
"""The same of a turn in which the customer said so; from then on there is no consent."""


@dataclass(frozen=True)
class DialogueEvidence:
    """Facts of the dialogue itself, not of the customer's expression: they need no consent to be read.

    fallbacks: turns in a row, up to this one, in which the assistant did not understand.
    repeats: how often the intent of this turn was asked before in this session without being resolved.
    action_failures: actions in this session that ended in a refusal or an error.
    reasked_slots: how often in a row, up to this turn, a form asked again for what it had just asked.
    complained: the customer has complained in this session.
    asks_for_person: the customer asks for a human agent in this turn.
    sensitive_topic: this turn's topic should go to a person (complaint, legal threat, safety); None if not.
    resolved: this turn or the one before it completed what the customer asked for.
    """

    fallbacks: int = 0
    repeats: int = 0
    action_failures: int = 0
    asks_for_person: bool = False
    sensitive_topic: str | None = None
    resolved: bool = False
    reasked_slots: int = 0
    complained: bool = False

    @property
    def friction(self) -> int:
        """All failures of the assistant together."""
        return self.fallbacks + self.repeats + self.action_failures + self.reasked_slots


@dataclass(frozen=True)
class Assessment:
    """Everything that one turn's assessment stores, and nothing more.

    scores: one per modality that was present, permitted and able to judge; absent ones are missing, never neutral.
    absent: why a modality is missing, by modality ("no consent", "no clip", "too short", ...).
    emotion, state: None when nothing could be scored.
    """

    conversation_id: str
    message_id: str
    scores: tuple[ModalityScore, ...] = ()
    absent: Mapping[Modality, str] = field(default_factory=dict)
    emotion: Emotion | None = None
    state: CustomerState | None = None

    @property
    def was_left_out(self) -> bool:
        """Whether this turn was about something that is never assessed: the customer state goes on as it was."""
        return NEVER_ASSESSED in self.absent.values()
