"""Every table, by topic. Rows stay inside the store; other rooms get frozen dataclasses."""

from store.schema.base import Base
from store.schema.behaviour import HelpOfferRow, StepBatchRow
from store.schema.consent import ConsentRow
from store.schema.conversations import ConversationRow, CustomerRow, EventRow, FrameRow, MessageRow, ReceiptRow
from store.schema.emotion import AssessmentRow, EscalationRow, SpeakerBaselineRow, VerdictRow
from store.schema.shop import (
    ComplaintRow,
    CounterRow,
    ItemRow,
    OrderLineRow,
    OrderRow,
    PlanRow,
    ReturnRow,
)
from store.schema.staff import StaffRow, StaffSessionRow

__all__ = [
    "AssessmentRow",
    "Base",
    "ComplaintRow",
    "ConsentRow",
    "ConversationRow",
    "CounterRow",
    "CustomerRow",
    "EscalationRow",
    "EventRow",
    "FrameRow",
    "HelpOfferRow",
    "ItemRow",
    "MessageRow",
    "OrderLineRow",
    "OrderRow",
    "PlanRow",
    "ReceiptRow",
    "ReturnRow",
    "SpeakerBaselineRow",
    "StaffRow",
    "StaffSessionRow",
    "StepBatchRow",
    "VerdictRow",
]
