"""The database and the media store: the only rooms where data outlives a turn."""

from store.accounts import SESSION_LENGTHS, Account, CodeKind, SignedIn, SignedInBrowser, Taken
from store.assessments import StoredAssessment
from store.audit_check import AuditReport
from store.audit_entry import AuditEntry
from store.behaviour import PastStep
from store.consents import ConsentReceipt
from store.conversations import Conversation, NewConversation
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
from store.staff import StaffMember
from store.transaction import Transaction
from store.verdicts import Verdict

__all__ = [
    "SESSION_LENGTHS",
    "Account",
    "AlreadyClaimed",
    "AlreadyExists",
    "AuditEntry",
    "AuditRefused",
    "AuditReport",
    "Button",
    "CodeKind",
    "Complaint",
    "ConsentReceipt",
    "Conversation",
    "Database",
    "Delivery",
    "EscalationStateError",
    "Event",
    "HeardWord",
    "MediaError",
    "MediaStore",
    "Message",
    "NewConversation",
    "NotFound",
    "NotificationRecord",
    "Order",
    "OrderLine",
    "OrderStateError",
    "OrderStatus",
    "PastStep",
    "Plan",
    "PlanStatus",
    "PlanTier",
    "PushSubscription",
    "Received",
    "RefundStatus",
    "Reply",
    "Return",
    "ReturnStatus",
    "SignedIn",
    "SignedInBrowser",
    "StaffMember",
    "StoreBusy",
    "StoreError",
    "StoreSettings",
    "StoreUnavailable",
    "StoredAssessment",
    "Taken",
    "Transaction",
    "Verdict",
]
