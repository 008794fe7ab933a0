"""Consent rules, encryption and pseudonyms: pure, apart from two small secret files."""

from privacy.audit import COMMAND, LONGEST_PURPOSE, SELF, START, AuditError, Chain, Detail, Head, Link, rendered_details
from privacy.audit_head import HeadFile
from privacy.consent import (
    DatedEntry,
    LedgerEntry,
    VersionedEntry,
    behaviour_uses,
    consented_since,
    effective_consent,
    may_be_under_age,
    plugin_signals,
    superseded,
)
from privacy.contacts import checked_email, normal_email, normal_phone
from privacy.data_keys import DataKey, key_id_of
from privacy.errors import ContactInvalid, DecryptionError, KeyFileError, PrivacyError, RedactionError, WeakPassword
from privacy.keyring import KeyRing
from privacy.logs import ContentFreeFormatter, configure_logging
from privacy.notice import (
    NOTICE_VERSION,
    SPOKEN_NOTICE_VERSION,
    SPOKEN_SIGNALS,
    Explained,
    Notice,
    SpokenNotice,
    notice,
    notice_text,
    spoken_notice,
)
from privacy.papers import InForce, Measure, Paper, UseCase, papers, red_lines
from privacy.passwords import LEAST_PASSWORD_LENGTH, check_password, hash_password, is_outdated, password_matches
from privacy.places import KEPT, LIVE, Basis, Holder, Outcome, Period, Place, PlacesError, periods, places
from privacy.pseudonyms import PSEUDONYM, hash_token, new_id, new_token
from privacy.redaction import Original, Redacted, Redactor, restored
from privacy.rights import STRANGERS, RightsError, read_rights, rights_of
from privacy.secrets import Secrets
from privacy.statistics import SMALLEST_GROUP, WEEK_COST, PersonInWeek, private_week
from privacy.totp import matching_step, new_recovery_codes, new_totp_secret, normal_recovery_code, totp_uri

__all__ = [
    "COMMAND",
    "KEPT",
    "LEAST_PASSWORD_LENGTH",
    "LIVE",
    "LONGEST_PURPOSE",
    "NOTICE_VERSION",
    "PSEUDONYM",
    "SELF",
    "SMALLEST_GROUP",
    "SPOKEN_NOTICE_VERSION",
    "SPOKEN_SIGNALS",
    "START",
    "STRANGERS",
    "WEEK_COST",
    "AuditError",
    "Basis",
    "Chain",
    "ContactInvalid",
    "ContentFreeFormatter",
    "DataKey",
    "DatedEntry",
    "DecryptionError",
    "Detail",
    "Explained",
    "Head",
    "HeadFile",
    "Holder",
    "InForce",
    "KeyFileError",
    "KeyRing",
    "LedgerEntry",
    "Link",
    "Measure",
    "Notice",
    "Original",
    "Outcome",
    "Paper",
    "Period",
    "PersonInWeek",
    "Place",
    "PlacesError",
    "PrivacyError",
    "Redacted",
    "RedactionError",
    "Redactor",
    "RightsError",
    "Secrets",
    "SpokenNotice",
    "UseCase",
    "VersionedEntry",
    "WeakPassword",
    "behaviour_uses",
    "check_password",
    "checked_email",
    "configure_logging",
    "consented_since",
    "effective_consent",
    "hash_password",
    "hash_token",
    "is_outdated",
    "key_id_of",
    "matching_step",
    "may_be_under_age",
    "new_id",
    "new_recovery_codes",
    "new_token",
    "new_totp_secret",
    "normal_email",
    "normal_phone",
    "normal_recovery_code",
    "notice",
    "notice_text",
    "papers",
    "password_matches",
    "periods",
    "places",
    "plugin_signals",
    "private_week",
    "read_rights",
    "red_lines",
    "rendered_details",
    "restored",
    "rights_of",
    "spoken_notice",
    "superseded",
    "totp_uri",
]
