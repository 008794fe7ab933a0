"""The privacy room's errors.

PrivacyError
├── KeyFileError      the key or secrets file cannot be created, read or trusted
├── DecryptionError   a ciphertext cannot be opened
├── RedactionError    personal data cannot be looked for, or not be put back
├── WeakPassword      a password that guessing would find, or of a length that is not taken
└── ContactInvalid    no e-mail address or telephone number
"""


class PrivacyError(Exception):
    """Base of every error of this room."""

    code = "privacy"
    retryable = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class KeyFileError(PrivacyError):
    """A key or secrets file cannot be created, read or trusted."""

    code = "key_file"


class DecryptionError(PrivacyError):
    """A ciphertext cannot be opened: unknown key, wrong purpose, or altered."""

    code = "decryption"


class RedactionError(PrivacyError):
    """Personal data cannot be looked for (code presidio_missing), or not be put back (originals_differ)."""

    code = "redaction"


class WeakPassword(PrivacyError):  # noqa: N818 - reads as a sentence where it is caught
    """A password that guessing would find (code weak_password), or of a length that is not taken (password_length)."""

    code = "weak_password"


class ContactInvalid(PrivacyError):  # noqa: N818
    """No e-mail address (code email_invalid) or no telephone number (phone_invalid)."""

    code = "contact_invalid"
