"""Consent rules, encryption and pseudonyms: pure, apart from two small secret files."""

from privacy.audit import LONGEST_PURPOSE, SELF, AuditError, Chain, Detail, Head, Link, rendered_details
from privacy.audit_head import HeadFile
from privacy.consent import (
    NOTICE_TEXT,
    NOTICE_VERSION,
    DatedEntry,
    LedgerEntry,
    consented_since,
    effective_consent,
    plugin_signals,
)
from privacy.data_keys import DataKey, key_id_of
from privacy.errors import DecryptionError, KeyFileError, PrivacyError
from privacy.keyring import KeyRing
from privacy.logs import ContentFreeFormatter, configure_logging
from privacy.pseudonyms import PSEUDONYM, hash_token, new_id, new_token
from privacy.rights import STRANGERS, RightsError, read_rights, rights_of
from privacy.secrets import Secrets

__all__ = [
    "LONGEST_PURPOSE",
    "NOTICE_TEXT",
    "NOTICE_VERSION",
    "PSEUDONYM",
    "SELF",
    "STRANGERS",
    "AuditError",
    "Chain",
    "ContentFreeFormatter",
    "DataKey",
    "DatedEntry",
    "DecryptionError",
    "Detail",
    "Head",
    "HeadFile",
    "KeyFileError",
    "KeyRing",
    "LedgerEntry",
    "Link",
    "PrivacyError",
    "RightsError",
    "Secrets",
    "configure_logging",
    "consented_since",
    "effective_consent",
    "hash_token",
    "key_id_of",
    "new_id",
    "new_token",
    "plugin_signals",
    "read_rights",
    "rendered_details",
    "rights_of",
]
