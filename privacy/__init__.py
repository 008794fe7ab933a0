"""Consent rules, encryption and pseudonyms: pure, apart from two small secret files."""

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
from privacy.secrets import Secrets

__all__ = [
    "NOTICE_TEXT",
    "NOTICE_VERSION",
    "PSEUDONYM",
    "ContentFreeFormatter",
    "DataKey",
    "DatedEntry",
    "DecryptionError",
    "KeyFileError",
    "KeyRing",
    "LedgerEntry",
    "PrivacyError",
    "Secrets",
    "configure_logging",
    "consented_since",
    "effective_consent",
    "hash_token",
    "key_id_of",
    "new_id",
    "new_token",
    "plugin_signals",
]
