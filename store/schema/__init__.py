"""Every table, by topic. Rows stay inside the store; other rooms get frozen dataclasses."""

from store.schema.base import Base
from store.schema.behaviour import HelpOfferRow, StepBatchRow
from store.schema.consent import ConsentRow
from store.schema.conversations import (
    ConversationRow,
    CustomerRow,
    EventRow,
    FrameRow,
    MessageRow,
    ProfileRow,
    ReceiptRow,
    SuggestionFeedbackRow,
)
from store.schema.emotion import AssessmentRow, EscalationRow, SpeakerBaselineRow, VerdictRow
from store.schema.people import (
    AccountRow,
    NotificationRow,
    OneTimeCodeRow,
    PushSubscriptionRow,
    RecoveryCodeRow,
    SessionRow,
    SocialLoginRow,
)
from store.schema.protection import (
    AuditRow,
    DataRequestRow,
    ErasedIdRow,
    ErasureRow,
    LeaseRow,
    PersonKeyRow,
    PrivacyBudgetRow,
    RetentionRunRow,
)
from store.schema.shop import (
    ComplaintRow,
    CounterRow,
    ItemRow,
    OrderLineRow,
    OrderRow,
    PlanRow,
    ReturnRow,
)

__all__ = [
    "AccountRow",
    "AssessmentRow",
    "AuditRow",
    "Base",
    "ComplaintRow",
    "ConsentRow",
    "ConversationRow",
    "CounterRow",
    "CustomerRow",
    "DataRequestRow",
    "ErasedIdRow",
    "ErasureRow",
    "EscalationRow",
    "EventRow",
    "FrameRow",
    "HelpOfferRow",
    "ItemRow",
    "LeaseRow",
    "MessageRow",
    "NotificationRow",
    "OneTimeCodeRow",
    "OrderLineRow",
    "OrderRow",
    "PersonKeyRow",
    "PlanRow",
    "PrivacyBudgetRow",
    "ProfileRow",
    "PushSubscriptionRow",
    "ReceiptRow",
    "RecoveryCodeRow",
    "RetentionRunRow",
    "ReturnRow",
    "SessionRow",
    "SocialLoginRow",
    "SpeakerBaselineRow",
    "StepBatchRow",
    "SuggestionFeedbackRow",
    "VerdictRow",
]
