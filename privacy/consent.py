"""Consent: the notice that a customer reads, and what a ledger of answers means."""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import entry_points
from typing import Final, Protocol

from vocabulary import PLUGIN_MODALITIES, SCORER_ENTRY_POINTS, Purpose, Signal

NOTICE_VERSION: Final = "2"
"""Changes with every change of NOTICE_TEXT; each answer in the ledger names the version that was shown."""

NOTICE_TEXT: Final = (
    "This assistant is an automated system. If you allow it, it estimates how you feel, so that it can slow "
    "down, stop offering you things, or bring in a person sooner when something goes wrong.\n"
    "\n"
    "You choose each signal yourself, and all are off until you turn them on:\n"
    "• Text: the words that you write are scored for emotion and frustration.\n"
    "• Voice: the sound of your voice in a spoken message is scored. The recording is deleted after the "
    "turn, at the latest within minutes.\n"
    "• Face: the expression in a photo of yourself that you attach to a message is scored. Who you are is not "
    "recognised. The photo is deleted after the turn, at the latest within minutes, and no person sees it.\n"
    "• Behaviour: the steps that you take on the shop's pages while this is on, such as going back and forth or "
    "giving up, and when. They are kept for an hour at most.\n"
    "\n"
    "The scores are kept encrypted with this conversation. A member of our staff sees them only if the "
    "conversation is handed over. They are not used for advertising and not sold.\n"
    "\n"
    "You can turn each signal off at any time: it takes effect with your next message and deletes the scores "
    "that came from it. Without any of this the assistant works just the same, and you can always ask for a "
    "person."
)
"""Shown before the first signal is scored."""


def plugin_signals() -> frozenset[Signal]:
    """Signals that an installed package scores, besides the product's own; empty without one.

    Known by the names of the packages' entry points: nothing of them is loaded for it.
    """
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
