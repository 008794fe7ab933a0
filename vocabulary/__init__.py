"""The words that every room shares. Imports nothing of ours."""

from vocabulary.decision import (
    Decision,
    Escalation,
    EscalationState,
    Item,
    Mode,
    Relation,
    RelationKind,
    Suggestion,
)
from vocabulary.emotion import (
    Assessment,
    CustomerState,
    DialogueEvidence,
    Emotion,
    Feature,
    ModalityScore,
    ScoreError,
    StateName,
)
from vocabulary.encoding import TextEncoder
from vocabulary.labels import LABELS, Author, MessageStatus, Modality, Owner, Purpose, Role, Signal
from vocabulary.media import ANOTHER_VOICE, SAMPLE_RATE_HZ, Clip, ClipError

__all__ = [
    "ANOTHER_VOICE",
    "LABELS",
    "SAMPLE_RATE_HZ",
    "Assessment",
    "Author",
    "Clip",
    "ClipError",
    "CustomerState",
    "Decision",
    "DialogueEvidence",
    "Emotion",
    "Escalation",
    "EscalationState",
    "Feature",
    "Item",
    "MessageStatus",
    "Modality",
    "ModalityScore",
    "Mode",
    "Owner",
    "Purpose",
    "Relation",
    "RelationKind",
    "Role",
    "ScoreError",
    "Signal",
    "StateName",
    "Suggestion",
    "TextEncoder",
]
