"""Which rights each kind of caller has: read from rights.toml, checked as a whole."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from privacy.errors import PrivacyError
from vocabulary import Right, Role

STRANGERS: Final = ("anonymous", "guest", "operator", "program")
"""Callers without an account: nobody known, a conversation's token, the installation's own command line, a shop's own
program with a key."""

_FILE: Final = Path(__file__).with_name("rights.toml")


class RightsError(PrivacyError):
    """The table of rights names something that does not exist, or leaves somebody out."""

    code = "rights"


def rights_of(who: str) -> frozenset[Right]:
    """What a role, or one of STRANGERS, may do. Raises: RightsError for any other word."""
    table = _table()
    if who not in table:
        raise RightsError(f"{who!r} is no kind of caller; expected one of {', '.join(table)}.")
    return table[who]


def read_rights(text: str) -> dict[str, frozenset[Right]]:
    """The table that a TOML text holds, by kind of caller. Raises: RightsError.

    Every role and every stranger has a section with `rights`; no other section and no other key exists.
    """
    try:
        sections: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as err:
        raise RightsError(f"the table of rights is no TOML: {err}.") from None
    expected = (*STRANGERS, *Role)
    if wrong := set(sections) ^ set(expected):
        raise RightsError(
            f"the table of rights has {', '.join(sorted(sections))}; expected exactly {', '.join(expected)}. "
            f"Look at {', '.join(sorted(wrong))}."
        )
    return {who: _rights(who, section) for who, section in sections.items()}


def _rights(who: str, section: Any) -> frozenset[Right]:
    names = section.get("rights") if isinstance(section, dict) and set(section) == {"rights"} else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RightsError(f"[{who}] must hold one key, rights, a list of words; nothing else.")
    known = {right.value for right in Right}
    if unknown := [name for name in names if name not in known]:
        raise RightsError(f"[{who}] names the right {unknown[0]!r}; expected one of {', '.join(sorted(known))}.")
    if len(set(names)) < len(names):
        raise RightsError(f"[{who}] names a right twice; expected each once.")
    return frozenset(Right(name) for name in names)


@cache
def _table() -> dict[str, frozenset[Right]]:
    return read_rights(_FILE.read_text(encoding="utf-8"))
