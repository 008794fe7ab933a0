"""Who people are: accounts, how they sign in, and how they are reached. Nothing here says how anybody felt.

Emotion is stored under a pseudonym (`customers`). The way from one to the other is sealed on both sides, so that it
ends when a key is destroyed.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.base import Base


class AccountRow(Base):
    """One person who signs in: a customer, or a member of staff.

    sealed, by the account's own key: e-mail, phone, name, language, birth year, the customer's pseudonym, and settings
    of notification. email_fingerprint, phone_fingerprint: find the account without a clear address.
    password_hash: argon2id; None where there is no password. totp: the sealed secret of the second factor.
    email_verified_at, phone_verified_at: when the person proved to read that address.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), index=True)
    email_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    email_verified_at: Mapped[datetime | None]
    phone_verified_at: Mapped[datetime | None]
    totp: Mapped[str | None] = mapped_column(Text)
    totp_last_step: Mapped[int | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class SessionRow(Base):
    """A signed-in browser; the token itself is not stored. sealed: the device in words.

    second_factor_at: when a code of the second factor was given in this session.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]


class OneTimeCodeRow(Base):
    """A code or link that works once. target_fingerprint: the address that it was sent to.

    kind: verify_email, reset_password, sign_in_phone, change_email. sealed: what it leads to.
    """

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_target", "kind", "target_fingerprint"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    target_fingerprint: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCodeRow(Base):
    """One of the codes that replace a lost second factor, each once."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class SocialLoginRow(Base):
    """An outside provider's word that somebody is this account. fingerprint: of the provider and its subject."""

    __tablename__ = "social_logins"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    provider: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class PushSubscriptionRow(Base):
    """A browser that takes notifications. sealed: its address and keys. fingerprint: of its address."""

    __tablename__ = "push_subscriptions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class NotificationRow(Base):
    """One message to a person outside the chat. channel: mail, push or phone. sealed: address and words.

    state: waiting, sent, failed. due_at: when it is tried next. account_id: None for an address without account.
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_work", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
