"""The words that every room shares. Imports nothing of ours."""

from vocabulary.assessment import NEVER_ASSESSED, SAID_UNDER_AGE, Assessment, DialogueEvidence
from vocabulary.behaviour import LONGEST_VISIT_MS, MOST_TABS, STEP_NAME, Step, StepError, StepKind, in_order, latest
from vocabulary.catalogue import (
    CatalogueChanges,
    Interaction,
    InteractionKind,
    Item,
    Relation,
    RelationKind,
    Suggestion,
    say_price,
)
from vocabulary.decision import Decision, Escalation, EscalationState, Mode
from vocabulary.dialogue import Said
from vocabulary.emotion import DOUBT_HINTS, DOUBTED_FROM, Absent, Emotion, Feature, ModalityScore, ScoreError
from vocabulary.encoding import TextEncoder
from vocabulary.labels import (
    FINE_SENTIMENTS,
    LABELS,
    PLUGIN_MODALITIES,
    SCORER_ENTRY_POINTS,
    Author,
    MessageStatus,
    Modality,
    Owner,
    Purpose,
    Signal,
)
from vocabulary.media import ANOTHER_VOICE, SAMPLE_RATE_HZ, Clip, ClipError, Frame, FrameError
from vocabulary.people import OF_AGE, STAFF_ROLES, Right, Role
from vocabulary.state import CustomerState, Perceived, StateName
from vocabulary.visit import Visit

__all__ = [
    "ANOTHER_VOICE",
    "DOUBTED_FROM",
    "DOUBT_HINTS",
    "FINE_SENTIMENTS",
    "LABELS",
    "LONGEST_VISIT_MS",
    "MOST_TABS",
    "NEVER_ASSESSED",
    "OF_AGE",
    "PLUGIN_MODALITIES",
    "SAID_UNDER_AGE",
    "SAMPLE_RATE_HZ",
    "SCORER_ENTRY_POINTS",
    "STAFF_ROLES",
    "STEP_NAME",
    "Absent",
    "Assessment",
    "Author",
    "CatalogueChanges",
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
    "Interaction",
    "InteractionKind",
    "Item",
    "MessageStatus",
    "Modality",
    "ModalityScore",
    "Mode",
    "Owner",
    "Perceived",
    "Purpose",
    "Relation",
    "RelationKind",
    "Right",
    "Role",
    "Said",
    "ScoreError",
    "Signal",
    "StateName",
    "Step",
    "StepError",
    "StepKind",
    "Suggestion",
    "TextEncoder",
    "Visit",
    "in_order",
    "latest",
    "say_price",
]
