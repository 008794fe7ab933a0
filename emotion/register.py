"""The register of use cases: what emotion may be used for. A signal or a state that is not in it is refused."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from emotion.errors import RegisterError
from emotion.state.naming import MOST_STATES
from vocabulary import LABELS, Signal, StateName

MOST_SIGNALS: Final = 3
"""A use case has at most three key signals."""

_WORDS: Final = ("question", "action", "retention", "benefit")
_LISTS: Final = ("emotions", "signals", "states")
_STATES: Final = tuple(name for name in StateName if name is not StateName.CALM)


@dataclass(frozen=True)
class UseCase:
    """One thing that emotion is used for.

    emotions: labels that it looks for. question: what it wants to know of the customer. signals: one to three key
    signals. states: one to three states; calm is the absence of a state and not counted. action: what follows from
    each state. retention: what is kept, and how long. benefit: what the customer has from it.
    """

    name: str
    emotions: tuple[str, ...]
    question: str
    signals: tuple[Signal, ...]
    states: tuple[StateName, ...]
    action: str
    retention: str
    benefit: str

    @classmethod
    def from_dict(cls, name: str, raw: Mapping[str, Any]) -> Self:
        """Raises: RegisterError, naming the field, its value and what is allowed."""
        if not isinstance(raw, Mapping):
            raise RegisterError(f"use case {name} is {raw!r}; expected a table [{name}] with {', '.join(_fields())}.")
        missing, unknown = sorted(set(_fields()) - set(raw)), sorted(set(raw) - set(_fields()))
        if missing or unknown:
            raise RegisterError(
                f"use case {name} lacks {', '.join(missing) or 'nothing'} and has unknown "
                f"{', '.join(unknown) or 'none'}; "
                f"expected exactly {', '.join(_fields())}."
            )
        for field in _WORDS:
            if not isinstance(raw[field], str) or not raw[field].strip():
                raise RegisterError(f"{field} of use case {name} is {raw[field]!r}; expected some words.")
        signals = _several(name, "signals", raw["signals"], tuple(Signal), MOST_SIGNALS)
        states = _several(name, "states", raw["states"], _STATES, MOST_STATES)
        return cls(
            name=name,
            emotions=_several(name, "emotions", raw["emotions"], LABELS, len(LABELS)),
            signals=tuple(Signal(one) for one in signals),
            states=tuple(StateName(one) for one in states),
            **{field: raw[field].strip() for field in _WORDS},
        )


@dataclass(frozen=True)
class Register:
    """All use cases, by name."""

    use_cases: Mapping[str, UseCase]
    source: str = "the register"

    def use_case(self, name: str) -> UseCase:
        """One entry. Raises: RegisterError."""
        if name not in self.use_cases:
            raise RegisterError(
                f"use case {name} is not registered; {self.source} has {', '.join(sorted(self.use_cases))}."
            )
        return self.use_cases[name]

    def check(self, signals: Iterable[str], states: Iterable[str], *, use_case: str | None = None) -> None:
        """Refuse a signal or a state that no entry names; calm needs none.

        use_case: the one entry that must name them; None where any may. Raises: RegisterError.
        """
        entries = list(self.use_cases.values()) if use_case is None else [self.use_case(use_case)]
        for kind, asked, registered in (
            ("signal", signals, {str(signal) for entry in entries for signal in entry.signals}),
            ("state", states, {str(state) for entry in entries for state in entry.states} | {str(StateName.CALM)}),
        ):
            for name in sorted({str(one) for one in asked} - registered):
                where = f"use case {use_case} of {self.source}" if use_case else self.source
                raise RegisterError(
                    f"{kind} {name} is not registered; {where} has {', '.join(sorted(registered))}. "
                    f"Register a use case with it, or switch it off."
                )


def load_register(path: Path) -> Register:
    """Read and check the register. Raises: RegisterError, naming file, entry, value and what is allowed."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RegisterError(f"{path} is missing; expected the register of use cases. Restore it.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path} is no readable TOML ({error}). Correct that line.") from None
    if not raw:
        raise RegisterError(f"{path} has no use case; expected at least one table such as [support].")
    try:
        return Register({name: UseCase.from_dict(name, entry) for name, entry in raw.items()}, source=str(path))
    except RegisterError as error:
        raise RegisterError(f"{path}: {error}") from None


def _fields() -> tuple[str, ...]:
    return (*_LISTS, *_WORDS)


def _several(use_case: str, field: str, found: Any, allowed: tuple[str, ...], most: int) -> tuple[str, ...]:
    if not isinstance(found, list) or not 1 <= len(found) <= most or len(set(map(str, found))) != len(found):
        raise RegisterError(f"{field} of use case {use_case} are {found!r}; expected 1 to {most} different ones.")
    for one in found:
        if one not in allowed:
            raise RegisterError(f"{one!r} in {field} of use case {use_case}; expected some of {', '.join(allowed)}.")
    return tuple(str(one) for one in found)
