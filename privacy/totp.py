"""The second factor: codes from a time (RFC 6238), and codes that replace a lost telephone."""

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

PERIOD_S: Final = 30
# One step before and after: clocks differ, and a code is typed slowly.
_TOLERATED_STEPS: Final = 1
# Letters and digits without those that are mistaken for each other; 31^16 is about 79 bits.
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_CODES: Final = 10
_GROUPS: Final = 4


def new_totp_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return pyotp.random_base32()


def totp_uri(secret: str, account: str, issuer: str) -> str:
    """What the QR code says to the app (otpauth://…)."""
    return pyotp.TOTP(secret, interval=PERIOD_S).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, at: datetime, after_step: int | None) -> int | None:
    """The time step that a code belongs to, or None if it is wrong, too old, or not later than after_step.

    A step that was used must be remembered and given as after_step: each code opens once (RFC 6238, 5.2).
    """
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp = pyotp.TOTP(secret, interval=PERIOD_S)
    now = int(at.timestamp()) // PERIOD_S
    found = None
    for step in range(now - _TOLERATED_STEPS, now + _TOLERATED_STEPS + 1):
        if hmac.compare_digest(totp.at(step * PERIOD_S), digits) and (after_step is None or step > after_step):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes such as `7kqm-p2ad-x9fe-3hvt`; each is random enough to be stored as a plain hash."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))
        for _ in range(_RECOVERY_CODES)
    ]


def normal_recovery_code(text: str) -> str:
    """The code as it was given out, however it was typed."""
    return "".join(character for character in text.lower() if character in _ALPHABET)
