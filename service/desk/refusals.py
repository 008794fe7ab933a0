"""What the store refuses, in words for whoever filled in a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from service.errors import Refused
from store import AlreadyExists, StoreError

_WORDS: Final = {
    "email_invalid": "This is no e-mail address. Write it as name@host.example.",
    "name_invalid": "A name has 1 to 120 characters, without line breaks.",
    "role_change": "A customer's account never becomes a colleague's. Make an account of its own for them.",
}


@contextmanager
def told() -> Iterator[None]:
    """Inside, a form's mistake that the store finds is raised as Refused; other errors go on as they are."""
    try:
        yield
    except AlreadyExists:
        raise Refused("taken", "This address has an account already.", status=409) from None
    except StoreError as err:
        if err.code not in _WORDS:
            raise
        raise Refused(err.code, _WORDS[err.code]) from None
