"""E-mail addresses and telephone numbers as people give them, with the API's words for what is none."""

from privacy import ContactInvalid, checked_email, normal_phone
from service.errors import Refused


def given_email(text: str) -> str:
    """The address, normal. Raises: Refused (422 email_invalid)."""
    try:
        return checked_email(text)
    except ContactInvalid as err:
        raise Refused(err.code, "This is no e-mail address; one looks like name@example.org.") from None


def given_phone(text: str, region: str | None) -> str:
    """The number as E.164. Raises: Refused (422 phone_invalid)."""
    try:
        return normal_phone(text, region)
    except ContactInvalid as err:
        raise Refused(
            err.code, "This is no telephone number; enter it with its country code, such as +49 1511 2345678."
        ) from None
