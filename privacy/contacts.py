"""E-mail addresses and telephone numbers in the one form in which they are compared and stored."""

from typing import Final

from privacy.errors import ContactInvalid

# RFC 5321, 4.5.3.1.3: a path has at most 256 octets, its two angle brackets included.
_LONGEST_EMAIL: Final = 254
_LONGEST_PHONE: Final = 40


def normal_email(text: str) -> str:
    """The address without blanks and in small letters, as it is compared. Raises: ContactInvalid."""
    email = text.strip().lower()
    local, at, host = email.partition("@")
    if not local or not at or not host or "@" in host or len(email) > _LONGEST_EMAIL or not _is_plain(email):
        raise ContactInvalid(f"{text[:64]!r} is no e-mail address; expected name@host.", code="email_invalid")
    return email


def checked_email(text: str) -> str:
    """The same for an address that mail can be sent to on the internet. Raises: ContactInvalid."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return normal_email(validate_email(normal_email(text), check_deliverability=False).normalized)
    except EmailNotValidError:
        raise ContactInvalid(
            f"{text[:64]!r} is no e-mail address that can be written to; expected one such as name@example.org.",
            code="email_invalid",
        ) from None


def normal_phone(text: str, region: str | None = None) -> str:
    """A telephone number as E.164, such as +4915112345678. Raises: ContactInvalid.

    region: the country (ISO 3166-1, such as DE) of numbers without a country code; None: they are refused.
    """
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    try:
        number = parse(text[:_LONGEST_PHONE], region) if len(text) <= _LONGEST_PHONE else None
    except NumberParseException:
        number = None
    if number is None or not is_valid_number(number):
        raise ContactInvalid(
            f"{text[:_LONGEST_PHONE]!r} is no telephone number; expected one with its country code, such as "
            "+49 1511 2345678.",
            code="phone_invalid",
        )
    return format_number(number, PhoneNumberFormat.E164)


def _is_plain(text: str) -> bool:
    return text.isprintable() and not any(character.isspace() for character in text)
