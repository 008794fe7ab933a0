"""The privacy room's errors.

PrivacyError
├── KeyFileError      the key or secrets file cannot be created, read or trusted
└── DecryptionError   a ciphertext cannot be opened
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
