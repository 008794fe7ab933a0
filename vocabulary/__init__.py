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
from vocabulary.dialogue import Said
from vocabulary.emotion import (
    Absent,
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
from vocabulary.labels import FINE_SENTIMENTS, LABELS, Author, MessageStatus, Modality, Owner, Purpose, Role, Signal
from vocabulary.media import ANOTHER_VOICE, SAMPLE_RATE_HZ, Clip, ClipError, Frame, FrameError

__all__ = [
    "ANOTHER_VOICE",
    "FINE_SENTIMENTS",
    "LABELS",
    "SAMPLE_RATE_HZ",
    "Absent",
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
    "Frame",
    "FrameError",
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
    "Said",
    "ScoreError",
    "Signal",
    "StateName",
    "Suggestion",
    "TextEncoder",
]
