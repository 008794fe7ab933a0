"""The database and the media store: the only rooms where data outlives a turn."""

from store.accounts import SESSION_LENGTHS, Account, CodeKind, SignedIn, SignedInBrowser, Taken
from store.assessments import StoredAssessment
from store.audit_check import AuditReport
from store.audit_entry import AuditEntry
from store.behaviour import PastStep
from store.consents import Answered, ConsentReceipt
from store.conversations import Conversation, NewConversation
from store.customers import Customer
from store.database import Database
from store.errors import (
    AlreadyClaimed,
    AlreadyExists,
    AuditRefused,
    EscalationStateError,
    MediaError,
    NotFound,
    OrderStateError,
    StoreBusy,
    StoreError,
    StoreUnavailable,
)
from store.events import Event
from store.inbox import Received
from store.media import MediaStore
from store.messages import Button, HeardWord, Message, Reply
from store.notifications import Delivery, NotificationRecord
from store.people_history import Engagement, PastConversation
from store.profiles import Profile
from store.purchases import (
    Complaint,
    Order,
    OrderLine,
    OrderStatus,
    Plan,
    PlanStatus,
    PlanTier,
    RefundStatus,
    Return,
    ReturnStatus,
)
from store.push_subscriptions import PushSubscription
from store.settings import StoreSettings
from store.statistics import BudgetSpent, Released, month_of
from store.suggestion_feedback import Feedback, Opinion
from store.transaction import Transaction
from store.verdicts import Verdict

__all__ = [
    "SESSION_LENGTHS",
    "Account",
    "AlreadyClaimed",
    "AlreadyExists",
    "Answered",
    "AuditEntry",
    "AuditRefused",
    "AuditReport",
    "BudgetSpent",
    "Button",
    "CodeKind",
    "Complaint",
    "ConsentReceipt",
    "Conversation",
    "Customer",
    "Database",
    "Delivery",
    "Engagement",
    "EscalationStateError",
    "Event",
    "Feedback",
    "HeardWord",
    "MediaError",
    "MediaStore",
    "Message",
    "NewConversation",
    "NotFound",
    "NotificationRecord",
    "Opinion",
    "Order",
    "OrderLine",
    "OrderStateError",
    "OrderStatus",
    "PastConversation",
    "PastStep",
    "Plan",
    "PlanStatus",
    "PlanTier",
    "Profile",
    "PushSubscription",
    "Received",
    "RefundStatus",
    "Released",
    "Reply",
    "Return",
    "ReturnStatus",
    "SignedIn",
    "SignedInBrowser",
    "StoreBusy",
    "StoreError",
    "StoreSettings",
    "StoreUnavailable",
    "StoredAssessment",
    "Taken",
    "Transaction",
    "Verdict",
    "month_of",
]
