"""Every table, by topic. Rows stay inside the store; other rooms get frozen dataclasses."""

from store.schema.base import Base
from store.schema.behaviour import HelpOfferRow, StepBatchRow
from store.schema.calls import CallRow, CallTurnRow, TelephoneCallRow
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
    CatalogueFactRow,
    ComplaintRow,
    CounterRow,
    ItemRow,
    OrderLineRow,
    OrderRow,
    PlanRow,
    RemovedItemRow,
    ReturnRow,
)
from store.schema.suggestions import InteractionRow, ProgramKeyRow, SlateRow

__all__ = [
    "AccountRow",
    "AssessmentRow",
    "AuditRow",
    "Base",
    "CallRow",
    "CallTurnRow",
    "CatalogueFactRow",
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
    "InteractionRow",
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
    "ProgramKeyRow",
    "PushSubscriptionRow",
    "ReceiptRow",
    "RecoveryCodeRow",
    "RemovedItemRow",
    "RetentionRunRow",
    "ReturnRow",
    "SessionRow",
    "SlateRow",
    "SocialLoginRow",
    "SpeakerBaselineRow",
    "StepBatchRow",
    "SuggestionFeedbackRow",
    "TelephoneCallRow",
    "VerdictRow",
]
