"""Consent: what a ledger of answers means."""

import sys
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Final, Protocol

from privacy.notice import SPOKEN_NOTICE_VERSION
from vocabulary import OF_AGE, PLUGIN_MODALITIES, SCORER_ENTRY_POINTS, Purpose, Signal


def plugin_signals() -> frozenset[Signal]:
    """Signals that an installed package scores, besides the product's own; empty without one.

    Known by the names of the packages' entry points: nothing of them is loaded for it.
    """
    return _signals_of(tuple(sys.path))


@lru_cache(maxsize=4)
def _signals_of(_: tuple[str, ...]) -> frozenset[Signal]:
    # Looking through every installed package takes milliseconds, and each answer to the notice asks.
    names = {point.name for point in entry_points(group=SCORER_ENTRY_POINTS)}
    return frozenset(Signal(modality.value) for modality in PLUGIN_MODALITIES if modality.value in names)


class LedgerEntry(Protocol):
    """One answer of a customer, as the ledger keeps it."""

    @property
    def signal(self) -> Signal: ...
    @property
    def purpose(self) -> Purpose: ...
    @property
    def granted(self) -> bool: ...


class DatedEntry(LedgerEntry, Protocol):
    """An answer with its time."""

    @property
    def at(self) -> datetime: ...


class VersionedEntry(DatedEntry, Protocol):
    """An answer with the notice that it was given to."""

    @property
    def text_version(self) -> str: ...


_BEHAVIOUR_KEPT_SINCE: Final = 4
"""The first notice that says that what is looked at and bought is kept, for how long and for what."""
_CALLS_SINCE: Final = 5
"""The first notice that speaks of calls: each turn's sound, and a picture about once a second."""


def effective_consent(entries: Iterable[LedgerEntry], purpose: Purpose = Purpose.ASSIST) -> frozenset[Signal]:
    """The signals that may be used for a purpose now.

    entries: one customer's answers, oldest first. The last answer per signal and purpose counts; no answer
    is a no, and a yes to one purpose is no yes to another.
    """
    latest = {entry.signal: entry.granted for entry in entries if entry.purpose == purpose}
    return frozenset(signal for signal, granted in latest.items() if granted)


def consented_since(entries: Iterable[DatedEntry], purpose: Purpose = Purpose.ASSIST) -> dict[Signal, datetime]:
    """The signals that may be used now, and since when without a break.

    A yes holds from the next message on: what was said before it stays unscored, however late it is answered.
    """
    since: dict[Signal, datetime] = {}
    for entry in entries:
        if entry.purpose == purpose:
            if entry.granted:
                since.setdefault(entry.signal, entry.at)
            else:
                since.pop(entry.signal, None)
    return since


def behaviour_uses(entries: Iterable[VersionedEntry]) -> dict[Purpose, datetime]:
    """The further uses of what a customer does in the shop that are allowed now, and since when without a break.

    entries: one customer's answers, oldest first. A yes to a notice that did not speak of it yet is none; a no counts
    whatever was read.
    """
    told = [entry for entry in entries if not entry.granted or _is_at_least(entry.text_version, _BEHAVIOUR_KEPT_SINCE)]
    since = {use: consented_since(told, use) for use in (Purpose.PERSONALISE, Purpose.IMPROVE)}
    return {use: signals[Signal.BEHAVIOUR] for use, signals in since.items() if Signal.BEHAVIOUR in signals}


def signals_in_calls(entries: Iterable[VersionedEntry]) -> frozenset[Signal]:
    """The signals that may be scored in a call now.

    entries: one customer's answers, oldest first. A yes to a notice that did not speak of calls yet covers no voice and
    no face in them; a no counts whatever was read. The telephone's own notice speaks of the call that it is heard in.
    """
    own = (Signal.VOICE, Signal.FACE)
    told = [
        entry
        for entry in entries
        if not entry.granted
        or entry.signal not in own
        or entry.text_version == SPOKEN_NOTICE_VERSION
        or _is_at_least(entry.text_version, _CALLS_SINCE)
    ]
    return effective_consent(told)


def _is_at_least(version: str, least: int) -> bool:
    return version.isascii() and version.isdigit() and int(version[:9]) >= least


def superseded(entries: Iterable[LedgerEntry], signal: Signal) -> tuple[Purpose, ...]:
    """The further uses of a signal that end with its use now: what is not scored can be used for nothing else.

    entries: one customer's answers, oldest first.
    """
    held = list(entries)
    further = (Purpose.PERSONALISE, Purpose.IMPROVE)
    return tuple(purpose for purpose in further if signal in effective_consent(held, purpose))


def may_be_under_age(birth_year: int, year: int) -> bool:
    """Whether somebody born in a year may still be under age in another: the birthday is not known.

    >>> may_be_under_age(2008, 2026), may_be_under_age(2007, 2026)
    (True, False)
    """
    return year - birth_year <= OF_AGE
