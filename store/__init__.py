"""The database and the media store: the only rooms where data outlives a turn."""

from store.accounts import SESSION_LENGTHS, Account, CodeKind, Details, SignedIn, SignedInBrowser, Taken
from store.assessments import StoredAssessment
from store.audit_check import AuditReport
from store.audit_entry import AuditEntry
from store.behaviour import PastStep
from store.bot_examples import BotExamples, example_source
from store.calls import STAGES as CALL_STAGES
from store.calls import CallTurn, StoredCall
from store.consents import Answered, ConsentReceipt
from store.conversations import Conversation, NewConversation
from store.customers import Customer
from store.database import Database
from store.erasure.certificate import Certificate, Preview
from store.erasure.eraser import Eraser, Unlearn
from store.erasure.journal import ErasureRunning
from store.erasure.subject import PersonUnknown, Subject
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
from store.export import Export, Exporter
from store.inbox import Received
from store.interactions import Mark
from store.items import ItemChanged, StoredItem
from store.lessons import Lessons, ended_by
from store.media import MediaStore
from store.messages import Button, HeardWord, Message, Reply
from store.notifications import Delivery, NotificationRecord
from store.people_history import Engagement, PastConversation
from store.profiles import Profile
from store.program_keys import PROGRAM_KEY_PREFIX, ProgramKey
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
from store.requests import DataRequest, RequestKind, RequestState
from store.retention import Report, Retention
from store.rotation import KeyInUse, Resealed, Retired, Rotated, Rotation
from store.settings import StoreSettings
from store.slates import StoredSlate
from store.statistics import BudgetSpent, Released, month_of
from store.suggestion_feedback import Feedback, Opinion
from store.telephone import TelephoneCall
from store.tracker import TrackerFile
from store.transaction import Transaction
from store.verdicts import Verdict

__all__ = [
    "CALL_STAGES",
    "PROGRAM_KEY_PREFIX",
    "SESSION_LENGTHS",
    "Account",
    "AlreadyClaimed",
    "AlreadyExists",
    "Answered",
    "AuditEntry",
    "AuditRefused",
    "AuditReport",
    "BotExamples",
    "BudgetSpent",
    "Button",
    "CallTurn",
    "Certificate",
    "CodeKind",
    "Complaint",
    "ConsentReceipt",
    "Conversation",
    "Customer",
    "DataRequest",
    "Database",
    "Delivery",
    "Details",
    "Engagement",
    "Eraser",
    "ErasureRunning",
    "EscalationStateError",
    "Event",
    "Export",
    "Exporter",
    "Feedback",
    "HeardWord",
    "ItemChanged",
    "KeyInUse",
    "Lessons",
    "Mark",
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
    "PersonUnknown",
    "Plan",
    "PlanStatus",
    "PlanTier",
    "Preview",
    "Profile",
    "ProgramKey",
    "PushSubscription",
    "Received",
    "RefundStatus",
    "Released",
    "Reply",
    "Report",
    "RequestKind",
    "RequestState",
    "Resealed",
    "Retention",
    "Retired",
    "Return",
    "ReturnStatus",
    "Rotated",
    "Rotation",
    "SignedIn",
    "SignedInBrowser",
    "StoreBusy",
    "StoreError",
    "StoreSettings",
    "StoreUnavailable",
    "StoredAssessment",
    "StoredCall",
    "StoredItem",
    "StoredSlate",
    "Subject",
    "Taken",
    "TelephoneCall",
    "TrackerFile",
    "Transaction",
    "Unlearn",
    "Verdict",
    "ended_by",
    "example_source",
    "month_of",
]
