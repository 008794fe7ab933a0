"""Who uses the product, and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is. What each role may do is data: privacy/rights.toml."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


STAFF_ROLES = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR})
"""Roles that work for the shop. No signal of theirs is ever scored."""


OF_AGE = 18
"""From this age on emotion may be assessed, with consent."""


class Right(StrEnum):
    """One thing that a caller may be allowed to do. OWN: only with what belongs to the caller."""

    CONVERSATION_OWN = "conversation.own"
    ACCOUNT_OWN = "account.own"
    PROFILE_OWN = "profile.own"
    DATA_OWN = "data.own"
    QUEUE_VIEW = "queue.view"
    CASE_VIEW = "case.view"
    CASE_ANSWER = "case.answer"
    CASE_JUDGE = "case.judge"
    CASE_REVEAL = "case.reveal"
    PEOPLE_VIEW = "people.view"
    PEOPLE_EDIT = "people.edit"
    PEOPLE_DELETE = "people.delete"
    STAFF_MANAGE = "staff.manage"
    EMOTION_AGGREGATE = "emotion.aggregate"
    EMOTION_RELEASE = "emotion.release"
    EMOTION_PERSON = "emotion.person"
    REQUESTS_VIEW = "requests.view"
    REQUESTS_ACT = "requests.act"
    AUDIT_VIEW = "audit.view"
    AUDIT_EXPORT = "audit.export"
    CATALOGUE_VIEW = "catalogue.view"
    CATALOGUE_EDIT = "catalogue.edit"
    SUGGESTIONS_VIEW = "suggestions.view"
    SUGGESTIONS_TUNE = "suggestions.tune"
    PAPERS_VIEW = "papers.view"
    METRICS_VIEW = "metrics.view"
