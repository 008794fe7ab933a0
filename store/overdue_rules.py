"""Which rows are past their time: one rule for each type of data of privacy/places.toml."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from store.erasure.journal import DONE
from store.erasure.subject import Subject
from store.notifications import WAITING
from store.schema import (
    AssessmentRow,
    Base,
    CallRow,
    CallTurnRow,
    DataRequestRow,
    ErasedIdRow,
    ErasureRow,
    EventRow,
    InteractionRow,
    MessageRow,
    NotificationRow,
    OneTimeCodeRow,
    ReceiptRow,
    RetentionRunRow,
    SessionRow,
    SlateRow,
    VerdictRow,
)
from store.transcript import UNANSWERED


@dataclass(frozen=True)
class Rule:
    """Rows that go when `at` is before the limit. whose: the column that says which person they belong to."""

    row: type[Base]
    at: Any
    where: tuple[ColumnElement[bool], ...] = ()
    whose: Any = None

    def due(self, before: datetime, only: Subject | None) -> ColumnElement[bool] | None:
        """The condition; None if rows of this kind belong to nobody and one person is asked for."""
        due = and_(self.at < before, *self.where)
        if only is None:
            return due
        return None if self.whose is None else and_(due, self.whose.in_([*only.owners]))


def rules() -> dict[str, tuple[Rule, ...]]:
    """The rules by type of data; types whose rows go with their person have none."""
    settled = NotificationRow.state != WAITING
    return {
        "readings": (
            Rule(VerdictRow, VerdictRow.at, whose=VerdictRow.conversation_id),
            Rule(AssessmentRow, AssessmentRow.at, whose=AssessmentRow.conversation_id),
        ),
        "receipts": (Rule(ReceiptRow, ReceiptRow.at, whose=ReceiptRow.conversation_id),),
        "events": (Rule(EventRow, EventRow.at, whose=EventRow.conversation_id),),
        "calls": (
            Rule(CallTurnRow, CallTurnRow.at, whose=CallTurnRow.conversation_id),
            Rule(CallRow, CallRow.began_at, (CallRow.ended_at.is_not(None),), whose=CallRow.conversation_id),
        ),
        "interactions": (Rule(InteractionRow, InteractionRow.at, whose=InteractionRow.subject),),
        "slates": (Rule(SlateRow, SlateRow.at, whose=SlateRow.conversation_id),),
        "sign_in": (
            Rule(SessionRow, SessionRow.expires_at, whose=SessionRow.account_id),
            Rule(OneTimeCodeRow, OneTimeCodeRow.expires_at, whose=OneTimeCodeRow.account_id),
        ),
        "notifications": (
            Rule(NotificationRow, NotificationRow.created_at, (settled,), whose=NotificationRow.account_id),
        ),
        "requests": (
            Rule(DataRequestRow, DataRequestRow.done_at, (DataRequestRow.done_at.is_not(None),), DataRequestRow.owner),
        ),
        "erasures": (
            Rule(ErasureRow, ErasureRow.at, (ErasureRow.state == DONE,)),
            Rule(ErasedIdRow, ErasedIdRow.at),
        ),
        "reports": (Rule(RetentionRunRow, RetentionRunRow.at),),
    }


def originals_due(before: datetime, only: Subject | None) -> ColumnElement[bool]:
    """Messages whose placeholders become final: answered ones from before a time."""
    answered = or_(MessageRow.status.is_(None), MessageRow.status.not_in(UNANSWERED))
    due = and_(MessageRow.originals.is_not(None), MessageRow.created_at < before, answered)
    return due if only is None else and_(due, MessageRow.conversation_id.in_(only.conversations))
